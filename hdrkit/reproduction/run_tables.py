"""The tables of a run as people read them: made once, all text, for report.html, for Markdown and for README.md."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from hdrkit.core import learned_places
from hdrkit.core.vocabulary import ARITHMETICS, FRAMES, HEADINGS, METHODS, REGIONS, REGISTRATIONS
from hdrkit.display.notation import MINUS, bounds, bounds_of_difference, ev, number, quantity, signed

WORDS = {"method": METHODS, "frames": FRAMES, "arithmetic": ARITHMETICS, "region": REGIONS}
DECIMALS = {"ssim": 3}  # two for the other columns
CLAIM_DECIMALS = 3
INTERVAL, ABSENT = HEADINGS["ci_low"], "not in this run"


def display_table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return one of a run's tables (`store.TABLES`) as text, with headings and keys in words, and "" for no value.

    A column has one precision. A number and its unit become one column, and so do the ends of an interval. A reference
    that is no render is named beside the survey, and beside the kit's network the places that it has learned from.
    """
    if "reference" in table:
        made = table["reference"].fillna("").map(lambda words: f" (reference: {words})" if words else "")
        table = table.assign(survey=table["survey"].map(_text) + made).drop(columns="reference")
    special = {"comparison": _comparison, "findings": _findings, "claims": _claims}
    return special[name](table) if name in special else _scores(name, table)


def _comparison(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "where": row.place,
            "what": row.quantity,
            "report": _measure(row.reported, row.unit),
            "regenerated": _measure(row.regenerated, row.unit) or ABSENT,
            INTERVAL: bounds(row.ci_low, row.ci_high),
            "survey": _text(row.survey),
            "made with": _text(row.profile),
            "what explains the difference": row.explanation,
        }
        for row in table.itertuples()
    )


def _findings(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "no.": _text(row.number),
            "finding": row.finding,
            "as published": quantity(row.published),
            "repaired": quantity(row.repaired),
            "difference": _measure(row.difference, row.unit, signed) or ABSENT,
            INTERVAL: bounds_of_difference(row.ci_low, row.ci_high),
            "what the numbers are": row.explanation,
            "survey": row.survey,
            "made with": row.profile,
            "evidence": row.evidence,
        }
        for row in table.itertuples()
    )


def _claims(table: pd.DataFrame) -> pd.DataFrame:
    reported = pd.to_numeric(table["reported"])
    return pd.DataFrame(
        {
            "section": _text(row.section),
            "claim": row.claim,
            "report": quantity(value),
            "regenerated": quantity(row.regenerated, CLAIM_DECIMALS),
            INTERVAL: _both_intervals(row),
            "verdict": row.verdict,
            "why": " ".join(_sentence(text) for text in (_text(row.how), _text(row.reason)) if text),
            "survey": row.survey if pd.notna(row.regenerated) else "",
            "made with": row.profile if pd.notna(row.regenerated) else "",
            "evidence": row.evidence,
        }
        for row, value in zip(table.itertuples(), reported, strict=True)
    )


def _both_intervals(claim: Any) -> str:
    """Return a claim's interval and, in one column with it, the one that allows for many comparisons."""
    own = bounds(claim.ci_low, claim.ci_high, CLAIM_DECIMALS)
    holm = bounds(claim.holm_low, claim.holm_high, CLAIM_DECIMALS)
    return f"{own}; Holm-adjusted: {holm}" if holm else own


def _scores(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns each hold one kind of value, as text. Columns without a value stay."""
    columns = table.columns.drop(["ci_high_db", "learned"], errors="ignore")
    return pd.DataFrame({HEADINGS.get(column, column): _column(name, table, column) for column in columns})


def _column(name: str, table: pd.DataFrame, column: str) -> list[str]:
    values = table[column]
    if column == "ci_low_db":
        return [bounds(low, high) for low, high in zip(values, table["ci_high_db"], strict=True)]
    if column == "ev":
        return [ev(value) for value in values]
    if pd.api.types.is_numeric_dtype(values):
        whole = (values.dropna() % 1 == 0).all()
        return [number(value, 0 if whole else DECIMALS.get(column, 2)) for value in values]
    words = {"registration": {"method": REGISTRATIONS}}.get(name, WORDS).get(column, {})
    shown = [words.get(value, _text(value)) for value in values]
    if column == "method" and "learned" in table:
        return [learned_places.beside(*pair) for pair in zip(shown, table["learned"].map(_text), strict=True)]
    return shown


def _measure(value: float, unit: object, write: Callable[[float, int], str] = quantity) -> str:
    """Return a number with its unit; "" where there is no number."""
    return f"{write(value, 2)} {_text(unit)}".rstrip() if pd.notna(value) else ""


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def are_numbers(cells: Iterable[str]) -> bool:
    """Tell whether cells of text hold one number each, or nothing, so that their column belongs to the right."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(re.fullmatch(rf"[+{MINUS}]?[\d,]+(\.\d+)?", cell) for cell in filled)


def markdown(table: pd.DataFrame) -> str:
    """Return a table of text as Markdown; columns of numbers to the right."""
    lines = [list(table.columns), ["---:" if are_numbers(table[column]) else "---" for column in table]]
    lines += [[_cell(value) for value in row] for row in table.itertuples(index=False)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
