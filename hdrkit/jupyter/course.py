"""The notebooks of the course: where they lie, and which files there are some of them."""

import re
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA

NOTEBOOKS = DATA.parent / "notebooks"
NAME = re.compile(r"\d\d[a-z]?_[a-z_]+\.ipynb")


def course_notebooks(folder: str | Path = NOTEBOOKS) -> list[Path]:
    """Return the notebooks of a folder in the order in which they run: 07b comes after 07.

    A copy beside them, such as JupyterLab's `05_model-Copy1.ipynb`, is none of them.
    Raises HdrkitError where there is none at all.
    """
    found = sorted(path for path in Path(folder).resolve().glob("*.ipynb") if NAME.fullmatch(path.name))
    if not found:
        raise HdrkitError(f"{folder}: no notebooks there; clone the repository and install it with pip install -e .")
    return found
