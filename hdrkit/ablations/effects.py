"""A study as readers see it: its figure, its table, and in words what a difference between two settings says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from IPython.display import display

from hdrkit.ablations import analysis
from hdrkit.ablations.analysis import MEASURES
from hdrkit.core.errors import HdrkitError
from hdrkit.display import figures
from hdrkit.display.notation import interval, signed, table

NOT_SEEN = "no difference seen"
DECIMALS = {"ssim": 3, "edge_sharpness": 3, "white": 3}  # by measure; two for all others


class Effect(NamedTuple):
    """The mean difference of a measure between two settings, its 95 % interval, and the mean of each seed."""

    value: float
    low: float
    high: float
    seeds: tuple[float, ...]

    @property
    def more(self) -> bool:
        """Whether the interval lies above zero."""
        return self.low > 0

    @property
    def less(self) -> bool:
        """Whether the interval lies below zero."""
        return self.high < 0

    @property
    def seen(self) -> bool:
        """Whether the interval excludes zero."""
        return self.more or self.less

    @property
    def by_one_seed(self) -> bool:
        """Whether less than half of the difference is left without the seed that shows it most.

        An interval over few seeds does not notice that, since it draws this seed often.
        """
        strongest = max(range(len(self.seeds)), key=lambda i: self.seeds[i] * np.sign(self.value))
        others = np.delete(self.seeds, strongest)
        return not len(others) or bool(others.mean() * np.sign(self.value) < abs(self.value) / 2)

    @property
    def doubt(self) -> str:
        """Why the difference decides nothing even where its interval excludes zero; empty where all seeds agree."""
        if len({np.sign(value) for value in self.seeds}) > 1:
            return "the seeds disagree"
        return "one seed carries the difference" if self.by_one_seed else ""

    @property
    def by_all_seeds(self) -> bool:
        """Whether the interval excludes zero, every seed agrees, and no seed carries the difference alone."""
        return self.seen and not self.doubt

    @property
    def words(self) -> str:
        """Return `more`, `less` or `no difference seen`, and whether one seed carries it.

        >>> Effect(-0.014, -0.033, -0.001, (-0.001, -0.035, -0.007)).words
        'less, by one seed'
        """
        if not self.seen:
            return NOT_SEEN
        return ("more" if self.more else "less") + ", by one seed" * self.by_one_seed

    def shown(self, decimals: int = 2) -> str:
        """Return the difference with its interval, as `notation.interval` writes it."""
        return interval(self.value, self.low, self.high, decimals)

    def shown_seeds(self, decimals: int = 2) -> str:
        """Return the differences of the seeds, in their order, as in `+0.13, +0.84 and +0.55`."""
        *first, last = (signed(value, decimals) for value in self.seeds)
        return f"{', '.join(first)} and {last}" if first else last


@dataclass(frozen=True)
class Study:
    """A study's table and provenance, see `analysis.read`."""

    table: pd.DataFrame
    facts: Mapping

    @property
    def labels(self) -> Mapping[str, str]:
        """Return what readers see in the place of each setting's id."""
        return self.facts["settings"]

    @property
    def settings(self) -> list[str]:
        """Return the settings' ids in the study's order; the first is the one that others are compared with."""
        return list(self.labels)

    @property
    def steps(self) -> int:
        """Return how many steps each network was trained for."""
        return self.facts["pairs"] // self.facts["batch"]

    @property
    def seconds(self) -> float:
        """Return the seconds that one network took, on average."""
        return self.facts["seconds"] / (len(self.facts["settings"]) * self.facts["seeds"])

    def mean(self, setting: str, measure: str, seed: int | None = None) -> float:
        """Return the mean of a measure over a setting's scenes, of one seed or of all."""
        of = self.table[self.table.setting == setting]
        return float(of[measure][(of.seed == seed) | (seed is None)].mean())

    def effect(self, setting: str, measure: str, other: str | None = None) -> Effect:
        """Return the difference of a setting from another one, by default from the study's first."""
        return self.contrast(analysis.less(setting, other or self.settings[0]), measure)

    def contrast(self, weights: Mapping[str, float], measure: str) -> Effect:
        """Return a weighted sum over settings, see `analysis.contrast`."""
        by_seed = analysis.contrasts(self.table, weights, measure).groupby("seed").mean()
        return Effect(*analysis.contrast(self.table, weights, measure), tuple(by_seed))

    def effects(self, measure: str) -> dict[str, Effect]:
        """Return the differences of all settings but the first from the first."""
        return {setting: self.effect(setting, measure) for setting in self.settings[1:]}


def all_studies(folder: Path = analysis.KEPT) -> dict[str, Study]:
    """Return the studies in a folder that are finished, by name."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            found[path.stem] = Study(*analysis.read(path.stem, folder))
        except HdrkitError:
            continue  # one that is being made anew; `show` says so
    return found


def show(
    name: str, measures: Sequence[str], caption: str, out: str | Path, folder: Path = analysis.KEPT
) -> Study | None:
    """Show a kept study: measures of `analysis.MEASURES` in a figure, saved with its caption, and in a table.

    Of a study that is missing or unfinished, show which command makes it, and return None.
    """
    try:
        study = Study(*analysis.read(name, folder))
    except HdrkitError as error:
        print(error)
        return None
    facts = study.facts
    made = f"{facts['seeds']} seeds, {study.steps} steps with {facts['batch']} pairs of {facts['size']} pixels each"
    labelled = study.table.assign(setting=study.table.setting.map(study.labels))
    summaries = {MEASURES[measure]: analysis.summary(labelled, measure) for measure in measures}
    figures.save(figures.differences(summaries), out, f"09_{name}", f"{caption} ({made}, {facts['survey']} survey.)")
    display(table(listed(study, measures)))
    return study


def listed(study: Study, measures: Sequence[str]) -> pd.DataFrame:
    """Return the differences as text, in rows by measure and setting: mean, difference, interval, seeds, words."""
    rows = {}
    for measure in measures:
        decimals = DECIMALS.get(measure, 2)
        for setting in study.settings:
            row = {"mean": f"{study.mean(setting, measure):.{decimals}f}"}
            if setting != study.settings[0]:
                effect = study.effect(setting, measure)
                row |= {"difference (95 % interval)": effect.shown(decimals)}
                row |= {f"seed {i}": signed(value, decimals) for i, value in enumerate(effect.seeds, 1)}
                row |= {"": effect.words}
            rows[MEASURES[measure], study.labels[setting]] = row
    return pd.DataFrame.from_dict(rows, orient="index").fillna("")
