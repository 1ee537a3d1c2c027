"""The book: the executed notebooks of a run, its report, the documents and the API reference as one site.

It needs neither a network nor Node, and is read from the file system or from any web server.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

import draw_diagrams
import nbformat
from check_site import problems
from sphinx.cmd.build import build_main

from hdrkit.core.errors import HdrkitError
from hdrkit.jupyter import course, page

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["*.md", "docs/*.md", "docs/decisions/*.md", "docs/*.jpg", "docs/*.svg", "hdrkit/enhancement/weights/*.md"]
SETTINGS = ROOT / "docs" / "site"
SOLUTION = re.compile(r"^\s*### (BEGIN|END) SOLUTION\n?", re.M)


def lay_out(run: Path, sources: Path) -> None:
    """Put the site's sources where links between them hold, as in the repository: documents, and the run's notebooks.

    Raises HdrkitError where the run lacks a notebook.
    """
    shutil.rmtree(sources, ignore_errors=True)
    shutil.copytree(SETTINGS, sources)
    for path in (path for pattern in DOCUMENTS for path in ROOT.glob(pattern)):
        target = sources / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            target.write_text(_with_drawings(path), encoding="utf-8")
        else:
            shutil.copy2(path, target)
    (sources / "notebooks").mkdir()
    for path in course.course_notebooks():
        executed = run / "notebooks" / path.name
        if not executed.is_file():
            raise HdrkitError(f"{executed}: no such notebook; `make reproduce` runs them all, then come back")
        nbformat.write(_for_readers(nbformat.read(executed, as_version=4)), sources / "notebooks" / path.name)


def _with_drawings(document: Path) -> str:
    """Return a document with its diagrams drawn. Raises HdrkitError where a drawing is missing."""
    text = document.read_text(encoding="utf-8")
    for match in draw_diagrams.FENCE.finditer(text):
        if not (drawing := draw_diagrams.drawing_of(match["source"])).is_file():
            raise HdrkitError(f"{document}: a diagram is not drawn yet; run tools/draw_diagrams.py")
        text = text.replace(match[0], f"![A diagram: {match['title']}](/_static/diagrams/{drawing.name})")
    return text


def _for_readers(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave out silent checks, fold solutions, and give pictures their captions as texts."""
    notebook.metadata.pop("widgets", None)
    notebook.cells = page.shown(notebook.cells)
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        page.describe_pictures(cell.outputs)
        tags = cell.metadata.setdefault("tags", [])
        if page.has_tag(cell, page.CHECK):
            tags.append("remove-input")
        elif SOLUTION.search(cell.source):
            cell.source = SOLUTION.sub("", cell.source)
            tags.append("hide-input")
            cell.metadata["mystnb"] = {"code_prompt_show": "Show an answer", "code_prompt_hide": "Hide the answer"}
    return notebook


def main(arguments: list[str] | None = None) -> int:
    """Build the site; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="the folder of a run, such as build/quick")
    parser.add_argument("out", type=Path)
    given = parser.parse_args(arguments)
    sources = given.out.with_name(given.out.name + "-sources")
    try:
        lay_out(given.run, sources)
    except HdrkitError as error:
        print(error, file=sys.stderr)
        return 1
    if status := build_main(["-b", "html", "-W", "--keep-going", "-q", "-j", "auto", str(sources), str(given.out)]):
        return status
    shutil.copy2(given.run / "report.html", given.out)
    found = problems(given.out)
    print("\n".join(found or [f"Written: {given.out / 'index.html'}"]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
