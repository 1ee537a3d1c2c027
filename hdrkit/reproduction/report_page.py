"""report.html: one file, nothing to load; the comparison first, then figures, tables and how they were made."""

import base64
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from hdrkit.ablations import analysis
from hdrkit.display.notation import (
    DECIMALS,
    are_numbers,
    bounds,
    bounds_of_difference,
    in_words,
    number,
    quantity,
    signed,
)
from hdrkit.reproduction.claims import MEANINGS, VERDICTS

STYLE = """
:root { color-scheme: light; --ink: #1d232b; --quiet: #5c6672; --rule: #d9dee4; --mark: #0072b2; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 2rem 1.5rem 4rem; color: var(--ink); background: #fff;
       font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.35rem; margin: 2.8rem 0 .6rem; border-top: 1px solid var(--rule); padding-top: 1.4rem; }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
p { max-width: 48rem; }
.quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; border-bottom: 2px solid var(--ink); white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.made { font-weight: 650; color: var(--mark); }
td.words { min-width: 20rem; color: var(--quiet); }
td.name { min-width: 11rem; }
td.key { white-space: nowrap; }
td.reproduced { color: #00694c; } td.not-reproduced, td.artefact { color: #a34700; font-weight: 600; }
.notice { border-left: 4px solid #a34700; padding-left: .8rem; }
nav { margin: 1.2rem 0 1.6rem; } nav a { margin-right: 1.2rem; }
a { color: var(--mark); }
figure { margin: 1.6rem 0 2.4rem; }
figure img { max-width: 100%; height: auto; border: 1px solid var(--rule); }
figcaption { max-width: 48rem; color: var(--quiet); font-size: .93rem; margin-top: .4rem; }
details { margin: .8rem 0; } summary { cursor: pointer; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; font-size: .92rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
"""
TITLES = {
    "table1": "Table 1: sample pairs",
    "table2": "Table 2: PSNR by method and split",
    "by_ev": "By exposure value",
    "by_region": "By region of the input frame",
    "registration": "Registration error in pixels",
    "baseline": "The baseline on frames decoded in two ways",
}
OPEN = ("table1", "table2")


def html(out: Path, tables: Mapping[str, pd.DataFrame], facts: Mapping) -> str:
    """Return the page of the run in the folder `out` as HTML. Everything from data is escaped."""
    profile, survey = escape(facts["profile"]), escape(facts["survey"])
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>hdrkit: the report and its numbers ({profile}, {survey})</title><style>{STYLE}</style></head><body>
<h1>The report's numbers, regenerated</h1>
<p class="quiet"><em>Deep Learning for Exposure Normalization on Regions of Interest in Digital Images</em>,
number by number. Profile <strong>{profile}</strong>, survey <strong>{survey}</strong>.
Intervals are 95 % bootstrap intervals over scenes; those of studies, over scenes and seeds.
{_code(analysis.how_made("systems"))}</p>
{_notices(facts)}<nav><a href="#comparison">Comparison</a><a href="#findings">Findings</a><a href="#claims">Claims</a>
<a href="#figures">Figures</a><a href="#tables">Tables</a><a href="#notebooks">Notebooks</a>
<a href="#run">How it was run</a></nav>
<section id="comparison">{_comparison(tables["comparison"])}</section>
<section id="findings"><h2>Twelve findings, sized and repaired</h2>{_findings(tables["findings"])}</section>
<section id="claims"><h2>Claim by claim</h2>{_claims(tables["claims"])}</section>
<section id="figures"><h2>Figures</h2>{_figures(out / "figures")}</section>
<section id="tables"><h2>Tables</h2>{_tables(tables)}</section>
<section id="notebooks"><h2>Notebooks</h2>{_notebooks(out / "notebooks")}</section>
<section id="run"><h2>How it was run</h2>{_facts(facts)}</section>
</body></html>
"""


def _notices(facts: Mapping) -> str:
    """Return what a reader has to know before any number: what was trained on, and what does not hold in this run."""
    notices = []
    survey, trained_on = escape(facts["survey"]), escape(facts.get("trained_on") or facts["survey"])
    if trained_on != survey:
        notices.append(
            f"The survey {survey} has too few scenes to train on: what this run trained has learned from the "
            f"<strong>{trained_on}</strong> survey, and is scored on the scenes of <strong>{survey}</strong>."
        )
    if wrong := facts.get("false_sentences"):
        sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in wrong)
        notices.append(f"Sentences of the notebooks that do not hold in this run: <ul>{sentences}</ul>")
    return "".join(f'<div class="notice">{notice}</div>\n' for notice in notices)


def _code(text: str) -> str:
    return re.sub("`(.*?)`", r"<code>\1</code>", escape(text))


def _comparison(table: pd.DataFrame) -> str:
    head = ["Where", "What", "Report", "Regenerated", "95 % interval", "Survey", "Profile", "Why"]
    rows = []
    for row in table.itertuples():
        unit = f" {row.unit}" if isinstance(row.unit, str) and row.unit else ""
        cells = [
            _td(row.place, "key"),
            _td(row.quantity, "name"),
            _td(quantity(row.reported) + unit, "number"),
            _td(quantity(row.regenerated) + unit if pd.notna(row.regenerated) else "not in this run", "number made"),
            _td(bounds(row.ci_low, row.ci_high), "number"),
            _td(row.survey, "key"),
            _td(row.profile, "key"),
            _td(row.explanation, "words"),
        ]
        rows.append("".join(cells))
    return _table([_th(name, "number" if name in head[2:5] else "") for name in head], rows)


def _findings(table: pd.DataFrame) -> str:
    head = ["", "Finding", "As published", "Repaired", "Difference", "95 % interval", "The numbers", "Evidence"]
    rows = []
    for row in table.fillna({"unit": ""}).itertuples():
        unit = f" {row.unit}" if row.unit else ""
        cells = [
            _td(row.number, "number"),
            _td(row.finding, "name"),
            _td(quantity(row.published), "number"),
            _td(quantity(row.repaired), "number"),
            _td(f"{signed(row.difference, 2)}{unit}" if pd.notna(row.difference) else "not in this run", "number made"),
            _td(bounds_of_difference(row.ci_low, row.ci_high), "number"),
            _td(f"{row.explanation} ({row.survey}, {row.profile}.)", "words"),
            f'<td class="name">{_evidence(row.evidence)}</td>',
        ]
        rows.append("".join(cells))
    return _table([_th(name, "number" if name in head[2:6] else "") for name in head], rows)


def _evidence(evidence: str) -> str:
    """Return a link to a section of an executed notebook, given as notebook#heading."""
    notebook, _, section = evidence.partition("#")
    anchor = quote(section.replace(" ", "-"))  # as nbconvert makes it
    return f'<a href="notebooks/{escape(notebook)}.html#{anchor}">{escape(section)}</a>'


def _claims(table: pd.DataFrame) -> str:
    counts = table["verdict"].value_counts()
    totals = ", ".join(f"{counts.get(verdict, 0)} {verdict}" for verdict in VERDICTS)
    head = ["Section", "Claim", "Report", "Regenerated", "95 % interval", "Verdict", "Why", "Evidence"]
    rows = []
    for row in table.fillna({"reason": "", "how": ""}).itertuples():
        made = quantity(row.regenerated, DECIMALS["claims"])
        why = ". ".join(text[0].upper() + text[1:].rstrip(".") for text in (row.how, row.reason) if text)
        cells = [
            _td(row.section, "key"),
            _td(row.claim, "name"),
            _td(quantity(row.reported), "number"),
            _td(made, "number made"),
            _td(bounds(row.ci_low, row.ci_high, DECIMALS["claims"]), "number"),
            _td(row.verdict, f"key {row.verdict.replace(' ', '-')}"),
            _td(f"{why} ({row.survey}, {row.profile})." if made else f"{why}.", "words"),
            f'<td class="name">{_evidence(row.evidence)}</td>',
        ]
        rows.append("".join(cells))
    rules = "; ".join(f"<em>{rule}</em>: {meaning}" for rule, meaning in MEANINGS.items())
    how = f"<details><summary>How a verdict is reached</summary><p>{rules}.</p></details>"
    note = f"<p>{len(table)} claims: {totals}.</p>{how}"
    return note + _table([_th(name, "number" if name in head[2:5] else "") for name in head], rows)


def _tables(tables: Mapping[str, pd.DataFrame]) -> str:
    parts = []
    for name, title in TITLES.items():
        table = tables[name].dropna(axis="columns", how="all")
        if table.empty:
            continue
        table = in_words(name, table)
        kinds = {column: "number" if are_numbers(table[column]) else "key" for column in table}
        head = [_th(column, kind) for column, kind in kinds.items()]
        rows = ["".join(_td(row[column], kind) for column, kind in kinds.items()) for _, row in table.iterrows()]
        opened = " open" if name in OPEN else ""
        summary = f"<summary>{title}</summary><p class='quiet'>tables/{name}.csv, tables/{name}.md</p>"
        parts.append(f"<details{opened}>{summary}{_table(head, rows)}</details>")
    return "".join(parts) or "<p>No scores were written.</p>"


def _figures(folder: Path) -> str:
    parts = []
    for picture in sorted(folder.glob("*.png")):
        words = picture.with_suffix(".txt")
        caption = escape(words.read_text(encoding="utf-8").strip()) if words.is_file() else ""
        data = base64.b64encode(picture.read_bytes()).decode()
        image = f'<img alt="{caption or escape(picture.stem)}" src="data:image/png;base64,{data}">'
        parts.append(f'<figure id="{escape(picture.stem)}">{image}<figcaption>{caption}</figcaption></figure>')
    return "\n".join(parts) or "<p>No figures were written.</p>"


def _notebooks(folder: Path) -> str:
    pages = sorted(folder.glob("*.html"))
    items = (f'<li><a href="notebooks/{escape(p.name)}">{escape(p.stem)}</a></li>' for p in pages)
    return f"<ul>{''.join(items)}</ul>"


def _facts(facts: Mapping) -> str:
    machine, git = facts["machine"], facts["git"]
    changed = " with uncommitted changes" if git and git["dirty"] else ""
    seconds = facts["seconds"]
    stages = ", ".join(f"{name} {number(value, 0)}" for name, value in seconds.items())
    lines = {
        "Commit": git["commit"] + changed if git else "not a git clone",
        "Machine": f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}",
        "Processor flags": ", ".join(machine["cpu_flags"]) or "none of interest",
        "Seed": facts["parameters"]["seed"],
        "Parameters": ", ".join(f"{name} = {value}" for name, value in facts["parameters"].items()),
        "VGG-16 weights": (facts["vgg16_weights"] or {}).get("source", "not used"),
        "Seconds": f"{number(sum(seconds.values()), 0)} ({stages})",
        "Largest process": f"{facts['peak_memory_mb']} MB",
        "Versions": ", ".join(f"{name} {version}" for name, version in facts["versions"].items()),
        "Survey SHA-256": facts["sha256"]["survey"],
    }
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in lines.items())
    return f"<dl>{items}</dl><p class='quiet'>All of it, with the hash of every data file: run.json.</p>"


def _table(head: Iterable[str], rows: Iterable[str]) -> str:
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{"".join(head)}</tr></thead><tbody>{body}</tbody></table></div>'


def _td(value: object, kind: str = "") -> str:
    return f'<td class="{kind}">{"" if pd.isna(value) else escape(str(value))}</td>'


def _th(name: str, kind: str) -> str:
    return f'<th class="{kind}">{escape(name)}</th>'
