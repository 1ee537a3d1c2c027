"""Keys of what a run makes: equal keys, equal results, so that nothing is made twice."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from hdrkit.core import code_key, provenance
from hdrkit.core.files import PACKAGE, sha256
from hdrkit.core.profiles import Value
from hdrkit.jupyter.course import Neighbours, cells_of
from hdrkit.jupyter.glossary import GLOSSARY


def of_results(source: Path, values: Mapping[str, Value], survey: tuple[str, str], scores: Mapping[str, str]) -> str:
    """Return the key of what a notebook leaves.

    values: its parameters, without paths. survey: name and digest. scores: digests of what earlier notebooks scored.
    """
    cells = [text for kind, text in cells_of(source) if kind == "code"]
    return _digest(
        [cells, _code_and_data("\n".join([*cells, *_judges(source, cells)])), dict(values)], survey, dict(scores)
    )


def of_page(source: Path, around: Neighbours) -> str:
    """Return the key of a notebook's page: its text, what it links to, and what makes pages."""
    return _digest(cells_of(source), around, _code_and_data("import hdrkit.jupyter.page"))


def of_glossary() -> str:
    """Return the key of the glossary's page."""
    return _digest(sha256(GLOSSARY), _code_and_data("import hdrkit.jupyter.glossary"))


def _judges(source: Path, cells: list[str]) -> list[str]:
    """Return the import of what judges a notebook's exercises: `check` finds it by their numbers, not by its name."""
    if not any("hdrkit.exercises" in cell for cell in cells):
        return []
    return [f"import hdrkit.exercises.notebook_{source.name.partition('_')[0]}"]


def _code_and_data(source: str) -> list[str]:
    """Return the keys of the code that a piece of Python runs, and of the files that this code names."""
    code = code_key.closure(source)
    files = {file for path in code.files for file in provenance.files_in(path)}
    return [code_key.digest(code), provenance.digest(files, PACKAGE.parent)]


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
