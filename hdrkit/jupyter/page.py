"""An executed notebook as one HTML page that needs no network: no scripts but ours, pictures and formulas inside.

How it looks stands in templates/course, which extends nbconvert's own template.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hdrkit.core.files import PACKAGE, written_whole
from hdrkit.jupyter import parameters
from hdrkit.jupyter.course import ALONE, Neighbours, title

if TYPE_CHECKING:
    from nbformat import NotebookNode

WIDGET = "application/vnd.jupyter.widget-view+json"
# What a widget shows here is the picture or table it offers beside itself; nothing that needs JavaScript.
SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/latex", "text/plain"]
# Code is left alone; $$ ... $$ and $ ... $ are formulas, unless the dollar is escaped or starts a price.
CODE_OR_MATH = re.compile(
    r"```.*?```|`[^`\n]*`"
    r"|\$\$(?P<block>.+?)\$\$"
    r"|(?<![\\\w$])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$])?)\$(?!\d)",
    re.S,
)
GLOSSARY_LINK = ("](../docs/glossary.md)", "](glossary.html)")  # in notebooks/, and on their pages
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>.*?</script>", re.S | re.I)
OURS = "data-hdrkit"  # marks scripts that need no network
TEMPLATES = PACKAGE / "jupyter" / "templates"
COLAB = "colab"  # the tag of the cell that installs the kit there
CHECK = "claim"  # the tag of cells that check a sentence of the text; readers see them only where it does not hold
INJECTED = "injected-parameters"  # papermill's tag of the cell that holds the values of a run


def with_text_of(source: Path, executed: Path) -> None:
    """Give an executed notebook the text of its source, whose code is the same, and keep its outputs."""
    import nbformat

    text, done = (nbformat.read(path, as_version=4) for path in (source, executed))
    given = [cell for cell in done.cells if has_tag(cell, INJECTED)]
    outputs = iter([cell for cell in done.cells if cell.cell_type == "code" and cell not in given])
    done.cells = []
    for cell in text.cells:
        done.cells.append(next(outputs) if cell.cell_type == "code" else cell)
        if has_tag(cell, parameters.TAG):
            done.cells += given
    with written_whole(executed) as path:
        nbformat.write(done, path)


def to_html(notebook: Path, page: Path, neighbours: Neighbours = ALONE) -> None:
    """Write the executed notebook as a self-contained HTML page, with links to its neighbours and the report.

    Formulas become MathML, which browsers draw by themselves; scripts are taken out, as they would come from a CDN,
    but for those of our widgets, which are marked with `data-hdrkit`.
    Cells that check a sentence, tagged `claim`, are left out, but for what they say. Only one cell of parameters is
    shown: the values of the run.
    """
    import nbformat

    node = nbformat.read(notebook, as_version=4)
    node.metadata.pop("widgets", None)
    node.metadata["title"] = title(notebook)
    node.cells = shown(node.cells)
    write_page(node, page, neighbours)


def write_page(node: "NotebookNode", page: Path, neighbours: Neighbours = ALONE) -> None:
    """Write the cells of a notebook, which may be changed, as an HTML page; see `to_html`."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    formulas: list[str] = []
    for cell in node.cells:
        if cell.cell_type == "markdown":
            cell.source = _set_aside_formulas(cell.source.replace(*GLOSSARY_LINK), formulas)
        else:
            cell.outputs = [_without_widget(output) for output in cell.outputs]
            describe_pictures(cell.outputs)
            cell.metadata["transient"] = {"remove_source": has_tag(cell, CHECK)}
    config = Config()
    config.NbConvertBase.display_data_priority = SHOWN
    look = {"template_name": "course", "extra_template_basedirs": [str(TEMPLATES)], "theme": "light"}
    exporter = HTMLExporter(config=config, **look)  # embed_images would close a <details> before its text
    resources = {"metadata": {"name": page.stem, "path": str(page.parent)}, "neighbours": neighbours}
    html, _ = exporter.from_notebook_node(node, resources)
    html = SCRIPT.sub(lambda script: script[0] if OURS in script["attributes"] else "", html)
    for number, formula in enumerate(formulas):
        html = html.replace(_token(number), formula)
    with written_whole(page) as path:
        path.write_text(html, encoding="utf-8")


def shown(cells: list["NotebookNode"]) -> list["NotebookNode"]:
    """Return the cells that readers see.

    Those are not: silent checks, declared parameters where a run has set them, and the cell for Colab.
    """
    executed = any(has_tag(cell, INJECTED) for cell in cells)
    passing = [cell for cell in cells if has_tag(cell, CHECK) and not cell.outputs]
    replaced = [cell for cell in cells if has_tag(cell, parameters.TAG) and executed]
    return [cell for cell in cells if cell not in passing + replaced and not has_tag(cell, COLAB)]


def has_tag(cell: "NotebookNode", tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def describe_pictures(outputs: list[dict]) -> None:
    """Give each picture its caption, which `figures.save` shows below it, as the text for those who cannot see it."""
    texts = [output.get("data", {}).get("text/markdown", "") for output in outputs]
    for output, below in zip(outputs, [*texts, ""][1:], strict=True):
        if "image/png" in output.get("data", {}):
            picture = output.setdefault("metadata", {}).setdefault("image/png", {})
            picture.setdefault("alt", below.strip().strip("*") or "What the code above draws")


def _token(number: int) -> str:
    return f"hdrkitformula{number}end"


def _set_aside_formulas(markdown: str, formulas: list[str]) -> str:
    """Put a token in the place of each formula, and the formula as MathML into `formulas`."""
    from latex2mathml.converter import convert

    def set_aside(match: re.Match) -> str:
        block, inline = match["block"], match["inline"]
        if block is None and inline is None:  # code
            return match[0]
        formulas.append(convert(block or inline, display="block" if block else "inline"))
        return _token(len(formulas) - 1)

    return CODE_OR_MATH.sub(set_aside, markdown)


def _without_widget(output: dict) -> dict:
    """Say that a widget was here, where it offers nothing but itself and its name in Python."""
    data = output.get("data", {})
    if WIDGET in data and not set(data) - {WIDGET, "text/plain"}:
        output["data"] = {"text/html": "<p><em>An interactive widget: open the notebook to use it.</em></p>"}
    return output
