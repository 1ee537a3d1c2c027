"""The API reference: one page per room of the package, with what each of its modules is for, then all of them."""

import ast
from pathlib import Path

from launch_links import BRANCH

from hdrkit.core.files import PACKAGE


def write_api_pages(folder: Path, repository: str = "") -> None:
    """Write a page of reStructuredText for each room into a folder, which is made.

    With the address of a repository on GitHub, each module has a link to its source.
    """
    folder.mkdir(parents=True)
    for room in sorted(path.parent for path in PACKAGE.glob("*/__init__.py")):
        files = [path for path in sorted(room.rglob("*.py")) if path != room / "__init__.py"]
        overview = "\n".join(f"* :py:mod:`~{_name(path)}`: {_purpose(path)}" for path in files)
        sections = [_section(path, repository) for path in files]
        parts = [_heading(_name(room), "="), f".. automodule:: {_name(room)}", overview, *sections]
        (folder / f"{room.name}.rst").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _section(path: Path, repository: str) -> str:
    name, source = _name(path), path.relative_to(PACKAGE.parent).as_posix()
    short = name.split(".", 2)[2]  # the page's title says the rest
    link = f"`{source} <{repository}/blob/{BRANCH}/{source}>`__" if repository else f"``{source}``"
    return f"{_heading(short, '-')}\n\n{link}\n\n.. automodule:: {name}"


def _name(path: Path) -> str:
    """Return the name of the module in a file, or of the package in a folder."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}"


def _purpose(path: Path) -> str:
    """Return the first paragraph of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())
