"""The notebooks of the course: where they lie, which files are some of them, their titles and cells."""

import json
import re
from pathlib import Path
from typing import NamedTuple

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA

NOTEBOOKS = DATA.parent / "notebooks"
NAME = re.compile(r"\d\d_[a-z_]+\.ipynb")
# In a notebook's first text. The minutes to run are those of two cores, with the parameters it comes with.
TIME = re.compile(r"^\*\*Time:\*\* about (\d+) minutes? to read and try\b.*?\babout (\d+) minutes? to run\b", re.M)


class Page(NamedTuple):
    """The page of a notebook: its file's name without suffix, and its title."""

    name: str
    title: str


class Minutes(NamedTuple):
    """How long a notebook takes, by its own words: to read and try it, and to run it without stopping to read."""

    to_read: float
    to_run: float


class Neighbours(NamedTuple):
    """The pages before and after a notebook's; None at either end."""

    previous: Page | None = None
    following: Page | None = None


ALONE = Neighbours()


def course_notebooks(folder: str | Path = NOTEBOOKS) -> list[Path]:
    """Return the notebooks of a folder in the order in which they run, that of their numbers.

    A copy beside them, such as JupyterLab's `05_model-Copy1.ipynb`, is none of them.
    Raises HdrkitError where there is none at all.
    """
    found = sorted(path for path in Path(folder).resolve().glob("*.ipynb") if NAME.fullmatch(path.name))
    if not found:
        raise HdrkitError(f"{folder}: no notebooks there; clone the repository and install it with pip install -e .")
    return found


def cells_of(notebook: Path) -> list[tuple[str, str]]:
    """Return kind and source of each cell: what a notebook does, without outputs and editors' metadata.

    Raises ValueError, KeyError or TypeError for what is no notebook.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def stated_minutes(notebook: Path) -> Minutes | None:
    """Return how long a notebook says that it takes; None if it does not say."""
    found = TIME.search(_text_of(notebook))
    return Minutes(float(found[1]), float(found[2])) if found else None


def neighbours(notebooks: list[Path]) -> dict[Path, Neighbours]:
    """Return the neighbours of each of the notebooks, given in their order."""
    pages = [page_of(notebook) for notebook in notebooks]
    around = zip([None, *pages[:-1]], [*pages[1:], None], strict=True)
    return {notebook: Neighbours(*both) for notebook, both in zip(notebooks, around, strict=True)}


def page_of(notebook: Path) -> Page:
    """Return the name and title of a notebook's page."""
    return Page(notebook.stem, title(notebook))


def title(notebook: Path) -> str:
    """Return the first heading of a notebook, without its marks; the file's name without suffix where it has none."""
    heading = re.search(r"^#+ +(.+)$", _text_of(notebook), re.M)
    return heading[1].strip() if heading else notebook.stem


def _text_of(notebook: Path) -> str:
    return "\n".join(source for kind, source in cells_of(notebook) if kind == "markdown")
