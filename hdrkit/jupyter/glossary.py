"""The glossary as a page beside those of the notebooks, which link to it."""

from pathlib import Path

from hdrkit.core.files import PACKAGE

GLOSSARY = PACKAGE.parent / "docs" / "glossary.md"
PAGE = "glossary.html"


def write_glossary(folder: Path) -> None:
    """Write docs/glossary.md as a page in the folder of the notebooks' pages, with their look.

    Raises HdrkitError where the disk is full or the folder cannot be written.
    """
    from nbformat.v4 import new_markdown_cell, new_notebook

    from hdrkit.jupyter.page import write_page

    text = new_markdown_cell(GLOSSARY.read_text(encoding="utf-8"))
    write_page(new_notebook(cells=[text], metadata={"title": "Glossary"}), folder / PAGE)
