"""The book: the executed notebooks of a run, its report, the documents and the API reference as one site.

It needs neither a network nor Node, and is read from the file system or from any web server.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote

import draw_diagrams
import nbformat
from api_pages import write_api_pages
from check_site import problems
from docutils.nodes import make_id
from launch_links import launch_links
from sphinx.cmd.build import build_main

from hdrkit.core.errors import HdrkitError
from hdrkit.jupyter import course, page

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["*.md", "docs/*.md", "docs/decisions/*.md", "docs/*.jpg", "docs/*.svg", "hdrkit/enhancement/weights/*.md"]
SETTINGS = ROOT / "docs" / "site"
EVIDENCE = re.compile(r'(?P<page>"notebooks/\w+\.html)#(?P<section>[^"]+)"')
GLOSSARY = ('"notebooks/glossary.html', '"docs/glossary.html')  # beside the run's pages, and on the site
NAMED_IN_HTML = ["docs/light_table.*"]  # Sphinx copies only the pictures of Markdown
LINKED = ["tables/*.*", "figures/*.png", "run.json"]  # what a report links to, beside notebooks
SOLUTION = re.compile(r"^\s*### (BEGIN|END) SOLUTION\n?", re.M)


def lay_out(run: Path, sources: Path) -> None:
    """Put the site's sources where links between them hold, as in the repository: documents, and the run's notebooks.

    Raises HdrkitError where the run lacks a notebook or its report.
    """
    wanted = [run / "report.html", *(run / "notebooks" / path.name for path in course.course_notebooks())]
    if gone := [path for path in wanted if not path.is_file()]:
        raise HdrkitError(f"{gone[0]}: no such file; `make reproduce` makes it, then come back")
    shutil.rmtree(sources, ignore_errors=True)
    shutil.copytree(SETTINGS, sources)
    front = (sources / "index.md").read_text(encoding="utf-8")
    (sources / "index.md").write_text(front.replace("](../../", "]("), encoding="utf-8")
    for path in (path for pattern in DOCUMENTS for path in ROOT.glob(pattern)):
        target = sources / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            target.write_text(_with_drawings(path), encoding="utf-8")
        else:
            shutil.copy2(path, target)
    (sources / "notebooks").mkdir()
    for path in course.course_notebooks():
        notebook = nbformat.read(run / "notebooks" / path.name, as_version=4)
        links = launch_links(path.name, _repository())
        nbformat.write(_for_readers(notebook, links), sources / "notebooks" / path.name)


def _repository() -> str:
    """Return the address of the repository on GitHub; empty where it is not known."""
    return os.environ.get("HDRKIT_REPOSITORY", "").rstrip("/")


def _with_drawings(document: Path) -> str:
    """Return a document with its diagrams drawn. Raises HdrkitError where a drawing is missing."""
    text = document.read_text(encoding="utf-8")
    for match in draw_diagrams.FENCE.finditer(text):
        if not (drawing := draw_diagrams.drawing_of(match["source"])).is_file():
            raise HdrkitError(f"{document}: a diagram is not drawn yet; run tools/draw_diagrams.py")
        text = text.replace(match[0], f"![A diagram: {match['title']}](/_static/diagrams/{drawing.name})")
    return text


def _for_readers(notebook: nbformat.NotebookNode, links: str) -> nbformat.NotebookNode:
    """Leave out silent checks, fold solutions, give pictures their captions as texts, put links below the title."""
    notebook.metadata.pop("widgets", None)
    notebook.cells = page.shown(notebook.cells)
    title, _, text = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = f"{title}\n\n{links}\n{text}"
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


def build(run: Path, out: Path, api: bool = True) -> list[str]:
    """Build the site of a run into the folder `out`; return a line for each thing that is wrong on it.

    Without `api`, the reference of the package is left out, which takes most of the time.
    Raises HdrkitError where the run is not complete, or Sphinx stops at a warning, which it has printed.
    """
    sources = out.with_name(f"{out.name}-sources")
    lay_out(run, sources)
    if api:
        write_api_pages(sources / "api", _repository())
    else:
        (sources / "api.rst").write_text("API reference\n=============\n", encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    if build_main(["-b", "html", "-W", "--keep-going", "-q", str(sources), str(out)]):
        raise HdrkitError(f"{sources}: Sphinx warned of what stands above; mend it where it arises")
    for path in course.course_notebooks():
        shutil.copy2(path, out / "notebooks")
    _add_report(run, out)
    _copy(ROOT, NAMED_IN_HTML, out)
    return problems(out)


def _add_report(run: Path, out: Path) -> None:
    """Put the report of a run, and the files that it links to, beside the pages, and let it link to these."""
    report = (run / "report.html").read_text(encoding="utf-8").replace(*GLOSSARY)
    (out / "report.html").write_text(EVIDENCE.sub(_to_section, report), encoding="utf-8")
    _copy(run, LINKED, out)


def _copy(folder: Path, patterns: list[str], out: Path) -> None:
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        target = out / path.relative_to(folder)
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(path, target)


def _to_section(link: re.Match) -> str:
    """Return a link to a section of a notebook's page as Sphinx calls it, and not as nbconvert does."""
    return f'{link["page"]}#{make_id(unquote(link["section"]))}"'


def main(arguments: list[str] | None = None) -> int:
    """Build the site; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="the folder of a run, such as build/quick")
    parser.add_argument("out", type=Path)
    given = parser.parse_args(arguments)
    try:
        found = build(given.run, given.out)
    except HdrkitError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(found or [f"Written: {given.out / 'index.html'}"]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
