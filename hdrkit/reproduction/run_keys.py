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
    code = "\n".join([*cells, *_found_by_number(source, cells)])
    return _digest([cells, _code_and_data(code), dict(values)], survey, dict(scores))


def of_page(source: Path, around: Neighbours) -> str:
    """Return the key of a notebook's page: its text, what it links to, and what makes pages."""
    return _digest(cells_of(source), around, _code_and_data("import hdrkit.jupyter.page"))


def of_glossary() -> str:
    """Return the key of the glossary's page."""
    return _digest(sha256(GLOSSARY), _code_and_data("import hdrkit.jupyter.glossary"))


def _found_by_number(source: Path, cells: list[str]) -> list[str]:
    """Return code that names what a notebook's exercises use: their judges and its quiz.

    `check` and `quiz` find these by numbers, so that no import in the notebook says which they are.
    """
    if not any("hdrkit.exercises" in cell for cell in cells):
        return []
    number = source.name.partition("_")[0]
    return [f"import hdrkit.exercises.notebook_{number}", f'PACKAGE / "exercises" / "quizzes" / "{number}.json"']


def _code_and_data(source: str) -> list[str]:
    """Return the keys of the code that a piece of Python runs, and of the files that this code names."""
    code = code_key.closure(source)
    files = {file for path in code.files for file in provenance.files_in(path)}
    return [code_key.digest(code), provenance.digest(files, PACKAGE.parent)]


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
