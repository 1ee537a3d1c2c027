"""Where the numbers of ledger, findings and explanations come from: data/reported/sources.csv, one row per number.

`kind` says how a row is read:

* `number`: a single number that a notebook wrote under the name `id`.
* `pairs`: the pairs of the Fairchild survey's `split`, in Table 1.
* `score`: the PSNR in Table 2 of `method`, on `frames`, by `arithmetic`, on `split`.
* `study`: the `measure` of a kept study's `setting` less that of its setting `versus`, both by id. Without `versus`,
  its slope over the settings named in `setting`, per step from one to the next.
* `reading`: what is written elsewhere, in another sentence of the report, in the authors' code, or in a chart of their
  repository. These stand in data/reported/readings.csv, with their `value` and where it was `read_in`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from hdrkit.ablations import analysis
from hdrkit.ablations.analysis import Study
from hdrkit.core import tables
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.display.notation import number
from hdrkit.evaluation.intervals import Estimate

SOURCES, READINGS = DATA / "reported" / "sources.csv", DATA / "reported" / "readings.csv"
COLUMNS = {
    "claims": [
        *("id", "section", "claim", "reported", "rule", "source", "correct", "tolerance", "needs", "notebook"),
        *("heading", "how", "reason"),
    ],
    "findings": [
        "number",
        "finding",
        "published",
        "repaired",
        "difference",
        "unit",
        "notebook",
        "heading",
        "explanation",
    ],
    "numbers": ["id", "place", "quantity", "unit", "reported", "explanation"],
    "sources": ["id", "kind", "method", "frames", "arithmetic", "split", "study", "setting", "versus", "measure"],
    "readings": ["id", "value", "read_in"],
}
RESTORE = "restore it with `git checkout -- data/reported`"
SCORE_KEYS = ["method", "frames", "arithmetic", "split"]
Source = Mapping[str, str]  # a row of SOURCES


class Measured(NamedTuple):
    """A regenerated number with its 95 % interval, and the correct one beside it where the number is under suspicion.

    Without an interval, `low` and `high` are NaN; `correct` is NaN where there is no suspicion. `doubt` says why a
    difference of a study decides nothing even where its interval excludes zero, see `analysis.Effect.doubt`.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    correct: float = np.nan
    doubt: str = ""


@dataclass(frozen=True)
class Run:
    """What numbers are looked up in: a run's tables and single numbers by name, what run.json holds, kept studies."""

    tables: Mapping[str, pd.DataFrame]
    numbers: Mapping[str, Estimate]
    facts: Mapping
    studies: Path = analysis.KEPT

    def made_with(self) -> dict[str, str]:
        """Return the survey and the profile of the run."""
        return {name: self.facts[name] for name in ("survey", "profile")}

    def scores(self) -> pd.DataFrame:
        """Return Table 2 without the rows of studies, which stand in the same table with another profile."""
        table = self.tables["table2"]
        return table[(table["survey"] == self.facts["survey"]) & (table["profile"] == self.facts["profile"])]


def read_sources() -> dict[str, Source]:
    """Return the rows of SOURCES and READINGS by id."""
    rows = [*read_rows(SOURCES), *(row | {"kind": "reading"} for row in read_rows(READINGS))]
    return {row["id"]: row for row in rows}


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table in data/reported, all texts. Raises HdrkitError where it is damaged or has no row."""
    rows = tables.read(path, RESTORE, COLUMNS[path.stem], dtype=str, keep_default_na=False).to_dict("records")
    if not rows:
        raise HdrkitError(f"{path}: has no row; {RESTORE}")
    return rows


def find(source: Source, run: Run) -> tuple[Measured, dict[str, str]]:
    """Return the number that a source names, and the survey and profile that it was made with.

    Raises HdrkitError where it was not made.
    """
    if source["kind"] == "study":
        study = Study(*analysis.read(source["study"], run.studies))
        return _of_study(source, study), analysis.made_with(study.facts)
    if source["kind"] == "reading":
        return Measured(float(source["value"])), {"survey": "fairchild", "profile": "reading"}
    found = KINDS[source["kind"]](source, run)
    if found is None:
        raise HdrkitError(f"this run did not make it: the number `{source['id']}`")
    return found, run.made_with()


def resamples_of(source: Source, run: Run, count: int) -> np.ndarray:
    """Return the number of a study for each of `count` resamples of seeds and scenes: (count,)."""
    table, _ = analysis.read(source["study"], run.studies)
    return analysis.resampled_contrasts(table, _weights(source), source["measure"], count)


def explained(text: str, sources: Mapping[str, Source], run: Run) -> str:
    """Return an explanation with a number in the place of each `{id}` of a source, with two decimals."""

    def in_words(name: re.Match) -> str:
        try:
            return number(find(sources[name[1]], run)[0].value)
        except HdrkitError:
            return "(not in this run)"

    return re.sub(r"{(.*?)}", in_words, text)


def _of_study(source: Source, study: Study) -> Measured:
    effect = study.contrast(_weights(source), source["measure"])
    return Measured(effect.value, effect.low, effect.high, doubt=effect.doubt)


def _weights(source: Source) -> dict[str, float]:
    """Return what the settings of a study count: a difference of two, or the trend over several."""
    if source["versus"]:
        return analysis.less(source["setting"], source["versus"])
    return analysis.trend(source["setting"].split())


def _number(source: Source, run: Run) -> Measured | None:
    return Measured(*run.numbers[source["id"]]) if source["id"] in run.numbers else None


def _pairs(source: Source, run: Run) -> Measured | None:
    table = run.tables["table1"]
    counted = table.pairs[(table["survey"] == "fairchild") & (table["split"] == source["split"])]
    return Measured(float(counted.iloc[0])) if len(counted) else None


def _score(source: Source, run: Run) -> Measured | None:
    scores = run.scores()
    row = scores[(scores[SCORE_KEYS] == [source[key] for key in SCORE_KEYS]).all(axis=1)]
    return Measured(*row[["psnr_db", "ci_low_db", "ci_high_db"]].iloc[0]) if len(row) else None


KINDS: dict[str, Callable[[Source, Run], Measured | None]] = {"number": _number, "pairs": _pairs, "score": _score}
