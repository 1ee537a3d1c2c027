"""The audit: each checkable claim of the report with a verdict that a rule decides, and the twelve findings, sized.

data/reported/claims.csv says for each claim what it asserts (`rule`, `reported`, `tolerance`), where the number that
decides it comes from (`source`), and in which notebook and section the evidence stands. `needs` names a survey without
which the number can be shown but cannot decide.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from hdrkit.ablations import analysis
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.display.notation import MINUS, number
from hdrkit.evaluation.intervals import Estimate
from hdrkit.reproduction.store import TABLES

LEDGER, FINDINGS = DATA / "reported" / "claims.csv", DATA / "reported" / "findings.csv"
REPRODUCED, NOT_REPRODUCED, ARTEFACT = "reproduced", "not reproduced", "artefact"
NOT_TESTABLE = "not testable here"
CHANCE = "the interval includes zero: at this size the difference cannot be told from chance"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, ARTEFACT, NOT_TESTABLE)


class Measured(NamedTuple):
    """A regenerated number with its 95 % interval, and the correct one beside it where the number is under suspicion.

    Without an interval, `low` and `high` are NaN; `correct` is NaN where there is no suspicion.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    correct: float = np.nan


Rule = Callable[[Measured, float, float], tuple[str, str]]  # found, reported, tolerance -> verdict, reason


def _off(found: Measured, reported: float) -> str:
    return f"off by {found.value - reported:+.4g}".replace("-", MINUS)


def _close(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if abs(found.value - reported) <= tolerance:
        return REPRODUCED, ""
    return NOT_REPRODUCED, _off(found, reported)


def _equal(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    return _close(found, reported, 0)


def _above(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if found.value > tolerance:
        return REPRODUCED, f"above {tolerance:g}"
    return NOT_REPRODUCED, f"not above {tolerance:g}"


def _below(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if found.value < tolerance:
        return REPRODUCED, f"below {tolerance:g}"
    return NOT_REPRODUCED, f"not below {tolerance:g}"


def _below_reported(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    return _below(found, reported, reported)


def _positive(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if found.low > 0:
        return REPRODUCED, "the interval lies above zero"
    if found.high < 0:
        return NOT_REPRODUCED, "the interval lies below zero: it is the other way round"
    return NOT_TESTABLE, CHANCE


def _negative(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if found.high < 0:
        return REPRODUCED, "the interval lies below zero"
    if found.low > 0:
        return NOT_REPRODUCED, "the interval lies above zero: it is the other way round"
    return NOT_TESTABLE, CHANCE


def _no_effect(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if found.low > 0 or found.high < 0:
        return NOT_REPRODUCED, "the interval excludes zero"
    if -tolerance <= found.low and found.high <= tolerance:
        return REPRODUCED, f"the interval lies within ±{tolerance:g}"
    return NOT_TESTABLE, f"the interval includes zero, and more than ±{tolerance:g}"


def _artefact(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if abs(found.value - reported) <= tolerance:
        return REPRODUCED, ""
    return ARTEFACT, "correct arithmetic gives another number"


def _artefact_of(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if abs(found.value - reported) > tolerance:
        return NOT_REPRODUCED, _off(found, reported)
    if abs(found.correct - reported) <= tolerance:
        return REPRODUCED, "with correct arithmetic, too"
    return ARTEFACT, f"only the faulty arithmetic gives it; correct: {found.correct:.2f}"


RULES: dict[str, Rule] = {
    "equal": _equal,
    "close": _close,
    "above": _above,
    "below": _below,
    "below_reported": _below_reported,
    "positive": _positive,
    "negative": _negative,
    "no_effect": _no_effect,
    "artefact": _artefact,
    "artefact_of": _artefact_of,
}
MEANINGS = {
    "equal": "the regenerated number is the reported one",
    "close": "it differs by no more than the stated tolerance",
    "above": "it is above the stated threshold",
    "below": "it is below the stated threshold",
    "below_reported": "it is below the reported number",
    "positive": "the 95 % interval lies above zero; including zero, it decides nothing",
    "negative": "the 95 % interval lies below zero; including zero, it decides nothing",
    "no_effect": "the 95 % interval lies within the stated tolerance around zero",
    "artefact": "an artefact, where correct arithmetic gives a number beyond the stated tolerance",
    "artefact_of": "an artefact, where faulty arithmetic gives the reported number and correct arithmetic does not",
    "untestable": "not testable here, for the stated reason",
}


def ledger(
    tables: Mapping[str, pd.DataFrame],
    numbers: Mapping[str, Estimate],
    facts: Mapping,
    studies: Path = analysis.KEPT,
) -> pd.DataFrame:
    """Return the table of all claims with regenerated values, verdicts, reasons and where the evidence stands.

    `facts` is what run.json holds. A number that this run did not make leaves its claim "not testable here".
    """
    rows = []
    for claim in pd.read_csv(LEDGER, dtype=str, keep_default_na=False).to_dict("records"):
        made = {"survey": facts["survey"], "profile": facts["profile"]}
        found, why_not = None, claim["reason"]
        try:
            found, made = _find(claim["source"], tables, numbers, made, studies)
        except HdrkitError as error:
            why_not = str(error)
        verdict, reason = _judge(claim, found, made["survey"], why_not)
        value, low, high, _ = found or Measured(np.nan)
        row = {key: claim[key] for key in ("id", "section", "claim", "reported", "evidence", "how")}
        row |= {"regenerated": value, "ci_low": low, "ci_high": high, "verdict": verdict, "reason": reason}
        rows.append(row | made)
    return pd.DataFrame(rows)[TABLES["claims"]].round({"regenerated": 4, "ci_low": 4, "ci_high": 4})


def findings(
    tables: Mapping[str, pd.DataFrame],
    numbers: Mapping[str, Estimate],
    facts: Mapping,
    studies: Path = analysis.KEPT,
) -> pd.DataFrame:
    """Return the table of findings: the number as published, repaired, and the difference with its interval.

    A difference without a source of its own is the repaired number less the published one. What this run did not make
    is NaN.
    """
    rows, words = [], score_words(tables["table2"], facts)
    for row in pd.read_csv(FINDINGS, dtype=str, keep_default_na=False).to_dict("records"):
        made, found = {"survey": facts["survey"], "profile": facts["profile"]}, {}
        for key in ("published", "repaired", "difference"):
            try:
                found[key], of = _find(row[key], tables, numbers, made, studies)
                made = of if key == "difference" and found[key] else made
            except HdrkitError:
                found[key] = None
        values = {key: one.value if one else np.nan for key, one in found.items()}
        if not row["difference"]:
            values["difference"] = values["repaired"] - values["published"]
        _, low, high, _ = found["difference"] or Measured(np.nan)
        row["explanation"] = explained(row["explanation"], words)
        rows.append({**row, **values, "ci_low": low, "ci_high": high, **made})
    return pd.DataFrame(rows)[TABLES["findings"]].round(4)


def _judge(claim: Mapping[str, str], found: Measured | None, survey: str, why_not: str) -> tuple[str, str]:
    if claim["rule"] == "untestable" or found is None:
        return NOT_TESTABLE, why_not
    if claim["needs"] and claim["needs"] != survey:
        return NOT_TESTABLE, f"this number is of the {survey} survey; the claim is about {claim['needs']}"
    number = {key: float(claim[key]) if claim[key] else np.nan for key in ("reported", "tolerance")}
    return RULES[claim["rule"]](found, number["reported"], number["tolerance"])


def _find(
    source: str, tables: Mapping[str, pd.DataFrame], numbers: Mapping, made: dict, studies: Path
) -> tuple[Measured | None, dict]:
    """Return the number that a source names, and its survey and profile; None for a claim that has none.

    Sources: `number:NAME`, `table1:SPLIT`, `table2:METHOD_FRAMES_ARITHMETIC_SPLIT`, `study:NAME|SETTING|OTHER|MEASURE`
    (settings by id; the first one's measure less the other's). Two of the middle kinds, joined by `|`, are a number
    under suspicion and the correct one.
    """
    if not source:
        return None, made
    if source.startswith("study:"):
        name, setting, other, measure = source.removeprefix("study:").split("|")
        table, facts = analysis.read(name, studies)
        found = Measured(*analysis.difference(table, setting, other, measure))
        return found, analysis.made_with(facts)
    parts = [_single(part, tables, numbers, made) for part in source.split("|")]
    return parts[0]._replace(correct=parts[1].value) if len(parts) == 2 else parts[0], made


def _single(source: str, tables: Mapping[str, pd.DataFrame], numbers: Mapping, made: Mapping) -> Measured:
    kind, _, name = source.partition(":")
    if kind == "number" and name in numbers:
        return Measured(*numbers[name])
    if kind == "table1":
        counted = tables["table1"].query("survey == 'fairchild' and split == @name")
        return Measured(float(counted["pairs"].iloc[0])) if len(counted) else _absent(f"pairs of the split {name}")
    if kind == "table2":
        return scores_by_name(tables["table2"], made).get(name) or _absent("a score of Table 2")
    return _absent(f"the number `{name}`")


def scores_by_name(table: pd.DataFrame, facts: Mapping) -> dict[str, Measured]:
    """Return the PSNR of each row of Table 2 under METHOD_FRAMES_ARITHMETIC_SPLIT.

    Only of the rows of a run: of its survey and its profile. Those of studies stand in the same table.
    """
    ours = table[(table["survey"] == facts["survey"]) & (table["profile"] == facts["profile"])]
    return {
        f"{row.method}_{row.frames}_{row.arithmetic}_{row.split}": Measured(row.psnr_db, row.ci_low_db, row.ci_high_db)
        for row in ours.itertuples()
    }


def score_words(table: pd.DataFrame, facts: Mapping) -> dict[str, str]:
    """Return what stands for `{NAME}` in an explanation: the PSNR of that name in a run's Table 2."""
    return {name: number(score.value) for name, score in scores_by_name(table, facts).items()}


def explained(text: str, words: Mapping[str, str]) -> str:
    """Return an explanation with the words of each `{NAME}` in its place; see `score_words`."""
    return re.sub(r"{(.*?)}", lambda name: words.get(name[1], "(not in this run)"), text)


def _absent(what: str) -> Measured:
    raise HdrkitError(f"this run did not make it: {what}")
