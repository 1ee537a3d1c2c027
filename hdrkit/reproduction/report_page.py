"""report.html: one file that needs no other; the comparison first, then figures, tables and how they were made.

What it says and how it looks stand in templates/report.html.j2 and report.css; Jinja2 escapes whatever is put there.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup

from hdrkit.ablations import analysis
from hdrkit.core import learned_places, references
from hdrkit.core.files import written_whole
from hdrkit.display import html_pages
from hdrkit.display.notation import number
from hdrkit.jupyter import glossary
from hdrkit.jupyter.course import Page, page_of
from hdrkit.reproduction import reported_figures
from hdrkit.reproduction.claims import MEANINGS, VERDICTS
from hdrkit.reproduction.figure_previews import Preview, preview
from hdrkit.reproduction.run_tables import are_numbers, display_table
from hdrkit.reproduction.store import read_tables

TITLES = {
    "table1": "Table 1: sample pairs",
    "table2": "Table 2: PSNR by method and split",
    "by_ev": "By exposure value",
    "by_region": "By region of the input frame",
    "registration": "Registration error in pixels",
    "baseline": "The baseline on frames decoded in two ways",
}
OPEN = ("table1", "table2")
LIGHT_TABLE = "11_light_table.html"  # which notebook 11 leaves among the figures


class Figure(NamedTuple):
    """A figure of a run, its caption, and a short text for those who cannot see it."""

    name: str
    caption: str
    alternative: str
    preview: Preview


def write(out: Path, facts: Mapping) -> Path:
    """Write report.html of the run in the folder `out`, and return its path; `facts` is what run.json holds."""
    with written_whole(out / "report.html") as path:
        path.write_text(html(out, read_tables(out), facts), encoding="utf-8")
    return out / "report.html"


def html(out: Path, tables: Mapping[str, pd.DataFrame], facts: Mapping) -> str:
    """Return the page of the run in the folder `out` as HTML; `facts` is what run.json holds."""
    notebooks = _notebooks(out / "notebooks")
    counts = tables["claims"]["verdict"].value_counts()
    template = _environment().get_template("report.html.j2")
    return template.render(
        facts=facts,
        trained_on=facts.get("trained_on") or facts["survey"],
        reference_note=references.note(out),
        learned_note=learned_places.note(out),
        false_sentences=facts.get("false_sentences", []),
        studies_note=analysis.how_made("systems"),
        verdicts={verdict: counts.get(verdict, 0) for verdict in VERDICTS},
        meanings=MEANINGS,
        comparison=display_table("comparison", tables["comparison"]),
        findings=display_table("findings", tables["findings"]),
        claims=display_table("claims", tables["claims"]),
        scores={name: _scores(name, tables[name]) for name in TITLES if len(tables[name])},
        titles=TITLES,
        opened=OPEN,
        light_table=_light_table(out / "figures" / LIGHT_TABLE),
        figures=_figures(out / "figures", notebooks),
        reported_figures=_reported_figures(out / "figures"),
        notebooks=notebooks,
        glossary=glossary.PAGE if (out / "notebooks" / glossary.PAGE).is_file() else None,
        provenance=_provenance(facts),
    )


def _environment() -> Environment:
    environment = html_pages.environment("hdrkit.reproduction")
    environment.filters |= {"code": _code, "css_class": _css_class, "evidence_link": _evidence_link}
    environment.tests["numbers"] = are_numbers
    return environment


def _code(text: str) -> Markup:
    """Set what stands between backticks as code."""
    parts = re.split("`(.*?)`", text)
    return Markup().join(Markup("<code>{}</code>").format(part) if i % 2 else part for i, part in enumerate(parts))


def _css_class(text: str) -> str:
    """Return a heading or a verdict as a CSS class: `95 % interval` is `interval`."""
    return re.sub("[^a-z]+", "-", text.lower()).strip("-")


def _evidence_link(evidence: str) -> Markup:
    """Return a link to a section of a notebook's page, given as notebook#heading."""
    notebook, _, section = evidence.partition("#")
    anchor = quote(section.replace(" ", "-"))  # as nbconvert makes it
    return Markup('<a href="notebooks/{}.html#{}">{}</a>').format(notebook, anchor, section)


def _scores(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of scores as text, without empty columns; what most rows have in common stands last."""
    shown = display_table(name, table.dropna(axis="columns", how="all"))
    common = [column for column in ("survey", "made with") if column in shown]
    return shown[[*shown.columns.drop(common), *common]]


def _notebooks(folder: Path) -> list[Page]:
    return [page_of(path) for path in sorted(folder.glob("*.ipynb")) if path.with_suffix(".html").is_file()]


def _figures(folder: Path, notebooks: list[Page]) -> list[tuple[Page | None, list[Figure]]]:
    """Return the figures by the notebook that made them, whose number their names begin with."""
    known = {_number(notebook.name): notebook for notebook in notebooks}
    found = groupby(sorted(folder.glob("*.png")), key=lambda path: _number(path.stem))
    return [(known.get(number), list(_with_captions(paths))) for number, paths in found]


def _reported_figures(folder: Path) -> pd.DataFrame:
    """Return the report's nine figures, each with the name of its counterpart; "" where this run has none."""
    table = reported_figures.display_table()
    return table.assign(here=[name if (folder / f"{name}.png").is_file() else "" for name in table["here"]])


def _light_table(path: Path) -> Markup | None:
    """Return the light table of a run, which is HTML of the kit's own; None where there is none."""
    return Markup(path.read_text(encoding="utf-8")) if path.is_file() else None


def _number(name: str) -> str:
    return name.partition("_")[0]


def _with_captions(paths: Iterator[Path]) -> Iterator[Figure]:
    for path in paths:
        words = path.with_suffix(".txt")
        caption = words.read_text(encoding="utf-8").strip() if words.is_file() else ""
        first_sentence = re.split(r"(?<=[.:;]) ", caption)[0].rstrip(".:;")
        name_in_words = path.stem.partition("_")[2].replace("_", " ") or path.stem
        yield Figure(path.stem, caption, first_sentence or name_in_words, preview(path))


def _provenance(facts: Mapping) -> dict[str, str]:
    machine, git = facts["machine"], facts["git"]
    changed = " with uncommitted changes" if git and git["dirty"] else ""
    seconds = facts["seconds"]
    stages = ", ".join(f"{name} {number(value, 0)}" for name, value in seconds.items())
    return {
        "Commit": git["commit"] + changed if git else "not a git clone",
        "Machine": f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}",
        "Processor flags": ", ".join(machine["cpu_flags"]) or "none of interest",
        "Seed": facts["parameters"]["seed"],
        "Parameters": ", ".join(f"{name} = {value}" for name, value in facts["parameters"].items()),
        "VGG-16 weights": (facts["vgg16_weights"] or {}).get("source", "not used"),
        "Seconds": f"{number(sum(seconds.values()), 0)} ({stages})",
        "Largest process": f"{facts['peak_memory_mb']} MB" if facts["peak_memory_mb"] else "unknown",
        "Versions": ", ".join(f"{name} {version}" for name, version in facts["versions"].items()),
        "Survey SHA-256": facts["sha256"]["survey"],
    }
