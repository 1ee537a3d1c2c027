"""The audit: each checkable claim of the report with a verdict that a rule decides, and the twelve findings, sized.

data/reported/claims.csv says for each claim what it asserts (`rule`, `reported`, `tolerance`), which number decides it
(`source`, and `correct` where that one is under suspicion: ids of `sources`), and below which `heading` of which
`notebook` the evidence stands. `needs` names a survey without all of which the number can be shown but cannot decide.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from hdrkit.ablations.multiple_comparisons import holm_intervals
from hdrkit.core.errors import HdrkitError, in_one_line
from hdrkit.core.files import DATA
from hdrkit.display.notation import MINUS
from hdrkit.reproduction.sources import (
    RESTORE,
    Measured,
    Run,
    Source,
    explained,
    find,
    read_rows,
    read_sources,
    resamples_of,
)
from hdrkit.reproduction.store import HOLM, TABLES

LEDGER, FINDINGS = DATA / "reported" / "claims.csv", DATA / "reported" / "findings.csv"
REPRODUCED, NOT_REPRODUCED, ARTEFACT = "reproduced", "not reproduced", "artefact"
NO_DIFFERENCE, NOT_TESTABLE = "no difference seen", "not testable here"
CHANCE = "the interval includes zero: at this size the difference cannot be told from chance"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, ARTEFACT, NO_DIFFERENCE, NOT_TESTABLE)
SCENES, USED = "scenes_of_this_run", "fairchild_scenes_used"  # numbers of notebook 3: of this run, of the report
HOLM_RESAMPLES = 20_000  # of 23 intervals the widest leaves a thousandth of them on either side
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


def _positive(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if undecided := _undecided(found):
        return undecided
    if found.low > 0:
        return REPRODUCED, "the interval lies above zero"
    return NOT_REPRODUCED, "the interval lies below zero: it is the other way round"


def _negative(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    if undecided := _undecided(found):
        return undecided
    if found.high < 0:
        return REPRODUCED, "the interval lies below zero"
    return NOT_REPRODUCED, "the interval lies above zero: it is the other way round"


def _no_effect(found: Measured, reported: float, tolerance: float) -> tuple[str, str]:
    undecided = _undecided(found)
    if not undecided:
        return NOT_REPRODUCED, "the interval excludes zero"
    if -tolerance <= found.low and found.high <= tolerance:
        return REPRODUCED, f"the interval lies within ±{tolerance:g}"
    if undecided[1] == CHANCE:
        return NO_DIFFERENCE, f"the interval includes zero, and more than ±{tolerance:g}"
    return undecided


def _undecided(found: Measured) -> tuple[str, str] | None:
    """Return the verdict on a difference that decides nothing, with the reason; None for one that does."""
    if np.isnan(found.low) or np.isnan(found.high):
        return NOT_TESTABLE, "too few scenes for an interval"
    if found.low <= 0 <= found.high:
        return NO_DIFFERENCE, CHANCE
    return (NO_DIFFERENCE, f"the interval excludes zero, but {found.doubt}") if found.doubt else None


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
    "positive": "the 95 % interval lies above zero; no difference is seen where it includes zero, or where the seeds "
    "of a study disagree or one of them carries the difference",
    "negative": "the 95 % interval lies below zero; no difference is seen as under “positive”",
    "no_effect": "the 95 % interval lies within the stated tolerance around zero",
    "artefact": "an artefact, where correct arithmetic gives a number beyond the stated tolerance",
    "artefact_of": "an artefact, where faulty arithmetic gives the reported number and correct arithmetic does not",
    "untestable": "not testable here, for the stated reason",
}


def ledger(run: Run) -> pd.DataFrame:
    """Return the table of all claims with regenerated values, verdicts, reasons and where the evidence stands.

    A number that this run did not make leaves its claim "not testable here". Differences of studies have two intervals:
    their own, which decides, and Holm's, which allows for how many of them there are. Raises HdrkitError where the
    ledger is damaged.
    """
    sources, rows, resamples = read_sources(), [], {}
    for claim in read_rows(LEDGER):
        try:
            row, found = _row(claim, sources, run)
        except (KeyError, ValueError) as error:  # an unknown source or rule, or no number
            raise HdrkitError(f"{LEDGER}: claim `{claim['id']}`: {in_one_line(error)}; {RESTORE}") from error
        rows.append(row)
        if found and claim["rule"] != "untestable" and sources[claim["source"]]["kind"] == "study":
            resamples[claim["id"]] = resamples_of(sources[claim["source"]], run, HOLM_RESAMPLES)
    widened = holm_intervals(resamples)
    for row in rows:
        row |= dict(zip(HOLM, widened.get(str(row["id"]), (np.nan, np.nan)), strict=True))
    return pd.DataFrame(rows)[TABLES["claims"]].round(dict.fromkeys(["regenerated", "ci_low", "ci_high", *HOLM], 4))


def _row(
    claim: Mapping[str, str], sources: Mapping[str, Source], run: Run
) -> tuple[dict[str, str | float], Measured | None]:
    """Return a claim's row, without Holm's interval, and the number that decides it."""
    found, made, why_not = None, run.made_with(), claim["reason"]
    try:
        if claim["source"]:
            found, made = find(sources[claim["source"]], run)
        if found and claim["correct"]:
            found = found._replace(correct=find(sources[claim["correct"]], run)[0].value)
    except HdrkitError as error:
        found, why_not = None, str(error)
    verdict, reason = _judge(claim, found, run, why_not)
    value, low, high, *_ = found or Measured(np.nan)
    row: dict[str, str | float] = {key: claim[key] for key in ("id", "section", "claim", "reported", "how")}
    row |= {"regenerated": value, "ci_low": low, "ci_high": high, "verdict": verdict, "reason": reason}
    return row | {"evidence": _evidence(claim)} | made, found


def findings(run: Run) -> pd.DataFrame:
    """Return the table of findings: the number as published, repaired, and the difference with its interval.

    A difference without a source of its own is the repaired number less the published one. What this run did not make
    is NaN. Raises HdrkitError where data/reported is damaged.
    """
    sources, rows = read_sources(), []
    for row in read_rows(FINDINGS):
        try:
            rows.append(_finding(row, sources, run))
        except (KeyError, ValueError) as error:
            raise HdrkitError(f"{FINDINGS}: finding {row['number']}: {in_one_line(error)}; {RESTORE}") from error
    return pd.DataFrame(rows)[TABLES["findings"]].round(4)


def _finding(row: Mapping[str, str], sources: Mapping[str, Source], run: Run) -> dict[str, str | float]:
    made: dict[str, dict[str, str]] = {}
    found: dict[str, Measured | None] = {}
    for key in ("published", "repaired", "difference"):
        try:
            found[key], made[key] = find(sources[row[key]], run) if row[key] else (None, run.made_with())
        except HdrkitError:
            found[key] = None
    values = {key: one.value if one else np.nan for key, one in found.items()}
    if not row["difference"]:
        values["difference"] = values["repaired"] - values["published"]
    _, low, high, *_ = found["difference"] or Measured(np.nan)
    texts = {"explanation": explained(row["explanation"], sources, run), "evidence": _evidence(row)}
    made_with = _made_with(made.get("difference", run.made_with()), run, bool(found["published"] or found["repaired"]))
    return {**row, **texts, **values, "ci_low": low, "ci_high": high, **made_with}


def _made_with(difference: Mapping[str, str], run: Run, numbers: bool) -> Mapping[str, str]:
    """Return survey and profile of a finding: those of its difference, or both where its `numbers` are of another."""
    own = run.made_with()
    if not numbers or difference["survey"] == own["survey"]:
        return difference
    return own | {"profile": f"{own['profile']}; difference: {difference['profile']}, survey {difference['survey']}"}


def _evidence(row: Mapping[str, str]) -> str:
    return f"{row['notebook']}#{row['heading']}"


def _judge(claim: Mapping[str, str], found: Measured | None, run: Run, why_not: str) -> tuple[str, str]:
    if claim["rule"] == "untestable" or found is None:
        return NOT_TESTABLE, why_not
    if claim["needs"] and (lack := _lack(claim["needs"], run)):
        return NOT_TESTABLE, lack
    number = {key: float(claim[key]) if claim[key] else np.nan for key in ("reported", "tolerance")}
    return RULES[claim["rule"]](found, number["reported"], number["tolerance"])


def _lack(survey: str, run: Run) -> str:
    """Return what a run lacks to decide a claim about all scenes of a survey that the report used; "" for nothing."""
    if run.facts["survey"] != survey:
        return f"this number is of the {run.facts['survey']} survey; the claim is about {survey}"
    if not {SCENES, USED} <= run.numbers.keys():
        return "this run did not count its scenes (notebook 3 does)"
    scenes, used = (int(run.numbers[name][0]) for name in (SCENES, USED))
    return f"this run has {scenes} of the {used} scenes that the claim is about" if scenes < used else ""
