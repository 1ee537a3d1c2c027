"""What studies found: their kept tables, and the differences between settings, with intervals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from hdrkit.core import tables
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import RESULTS, sha256
from hdrkit.display.notation import interval, signed
from hdrkit.evaluation.intervals import Estimate

KEPT = RESULTS / "studies"
NOT_SEEN = "no difference seen"
KEYS = ["study", "setting", "seed", "scene", "place", "crops"]
MEASURES = {
    "psnr_db": "PSNR (dB)",
    "ssim": "SSIM",
    "psnr_under_db": "PSNR, under-exposed (dB)",
    "psnr_well_db": "PSNR, well exposed (dB)",
    "psnr_clipped_db": "PSNR, clipped (dB)",
    "ciede2000": "colour difference (CIEDE2000)",
    "edge_sharpness": "sharpness of edges (the render: 1)",
    "checkerboard": "checkerboard (none: 1)",
    "white": "share of pixels with a channel at 255",
    "train_psnr_db": "PSNR on train pairs (dB)",
}
YOUNG = ("checkerboard", "train_psnr_db")  # NaN in kept tables that are older than these measures
# With what `read` adds to a table.
LABELS = MEASURES | {"gap_db": "PSNR on train pairs less that on test pairs (dB)"}


def read(name: str, folder: str | Path = KEPT) -> tuple[pd.DataFrame, Mapping]:
    """Return a study's table, a row for each setting, seed and scene, and its provenance.

    In the table settings stand by their ids; `settings` of the provenance gives the label of each, in their order.
    The table's measures are those of `LABELS`.
    Raises HdrkitError where the study, or a cell of it, is missing, damaged or altered, with the command that fills it.
    """
    path, into = Path(folder) / f"{name}.csv", " --into results/studies" if Path(folder) == KEPT else ""
    fill = f"`hdrkit study {name}{into}` fills it"
    shown = f"{path.parent.name}/{path.name}"  # it goes into tables, where the path of a machine is out of place
    if not path.is_file() or not path.with_suffix(".json").is_file():
        raise HdrkitError(f"{shown}: not there, or not finished; {fill}")
    always = [measure for measure in MEASURES if measure not in YOUNG]
    table = tables.read(path, fill, KEYS, always, YOUNG, dtype={"setting": str, "scene": str})
    if table[KEYS].isna().any(axis=None):
        raise HdrkitError(f"{shown}: damaged, a setting, seed or scene is missing; {fill}")
    facts = _facts(path.with_suffix(".json"), fill)
    if facts.get("sha256") not in (None, sha256(path)):
        raise HdrkitError(f"{shown}: altered since the study wrote it; {fill}")
    cells = set(zip(table.setting, table.seed, strict=True))
    missing = [(s, n) for s in facts["settings"] for n in range(1, facts["seeds"] + 1) if (s, n) not in cells]
    if missing:
        raise HdrkitError(f"{shown}: setting `{missing[0][0]}`, seed {missing[0][1]}, is missing; {fill}")
    if strange := set(table.setting) - set(facts["settings"]):
        raise HdrkitError(f"{shown}: damaged, it has a setting {min(strange)!r} that is not the study's; {fill}")
    table = table.reindex(columns=[*KEYS, *MEASURES])
    # How far a network does better on what it has seen than on what it has not.
    return table.assign(gap_db=table.train_psnr_db - table.psnr_db), facts


def _facts(path: Path, fill: str) -> Mapping:
    """Return a study's provenance; raises HdrkitError where it is damaged."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(facts["settings"], dict) and isinstance(facts["seeds"], int):
            return facts
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise HdrkitError(f"{path.parent.name}/{path.name}: damaged; {fill}")


def summary(table: pd.DataFrame, measure: str, resamples: int = 2000, seed: int = 1) -> pd.DataFrame:
    """Return a row for each setting: its mean, its `difference` from the study's first setting, and the interval."""
    first, means = table.setting.iloc[0], table.groupby("setting")[measure].mean()
    rows = [
        (setting, means[setting], *difference(table, setting, first, measure, resamples, seed))
        for setting in table.setting.unique()
    ]
    return pd.DataFrame(rows, columns=["setting", "mean", "difference", "ci_low", "ci_high"])


def difference(
    table: pd.DataFrame, setting: str, other: str, measure: str, resamples: int = 2000, seed: int = 1
) -> Estimate:
    """Return the mean difference of a measure between two settings of a study, and its 95 % interval.

    Taken seed by seed and scene by scene, because a hard scene is hard for both.
    """
    return _with_interval(contrasts(table, less(setting, other), measure), resamples, seed)


def less(setting: str, other: str) -> dict[str, float]:
    """Return the weights whose contrast is the difference of two settings; 0 for a setting less itself."""
    return {setting: 1.0, other: -1.0} if setting != other else {setting: 0.0}


def trend(settings: Sequence[str]) -> dict[str, float]:
    """Return the weights whose contrast is the slope of a straight line through settings, one step apart.

    >>> trend(["small", "middle", "large"])
    {'small': -0.5, 'middle': 0.0, 'large': 0.5}
    """
    steps = np.arange(len(settings)) - (len(settings) - 1) / 2
    return dict(zip(settings, map(float, steps / (steps**2).sum()), strict=True))


def contrasts(table: pd.DataFrame, weights: Mapping[str, float], measure: str) -> pd.Series:
    """Return the weighted sum of a measure over settings, for each seed and scene, which are the index.

    weights: by setting, with a sum of 0, as `less` and `trend` make them. Raises HdrkitError where a setting has no
    number of this measure.
    """
    means = table.pivot_table(measure, ["seed", "scene"], "setting")
    if missing := [setting for setting in weights if setting not in means]:
        raise HdrkitError(f"the study did not measure `{measure}` with its setting `{missing[0]}`")
    return sum(weight * means[setting] for setting, weight in weights.items())


def resampled_contrasts(
    table: pd.DataFrame, weights: Mapping[str, float], measure: str, resamples: int, seed: int = 1
) -> np.ndarray:
    """Return the mean of `contrasts` for each of many resamples of seeds and scenes: (resamples,)."""
    return _resampled(contrasts(table, weights, measure), resamples, seed)


def mean(table: pd.DataFrame, setting: str, measure: str, resamples: int = 2000, seed: int = 1) -> Estimate:
    """Return the mean of a measure over the seeds and scenes of one setting, and its 95 % interval."""
    return _with_interval(table[table.setting == setting].set_index(["seed", "scene"])[measure], resamples, seed)


def _with_interval(values: pd.Series, resamples: int = 2000, seed: int = 1) -> Estimate:
    low, high = np.quantile(_resampled(values, resamples, seed), [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high))


def _resampled(values: pd.Series, resamples: int, seed: int) -> np.ndarray:
    """Return the means of resamples of values by seed and scene.

    A resample draws seeds and scenes, both with replacement, because another seed and another scene would both have
    moved the result.
    """
    values = values.unstack("scene").to_numpy()
    rng, (seeds, scenes) = np.random.default_rng(seed), values.shape
    rows, columns = rng.integers(seeds, size=(resamples, seeds)), rng.integers(scenes, size=(resamples, scenes))
    return np.nanmean(values[rows[:, :, None], columns[:, None, :]], axis=(1, 2))


def made_with(facts: Mapping) -> dict[str, str]:
    """Return the survey and the profile that a study's numbers stand under: never taken for those of a run."""
    return {"survey": facts["survey"], "profile": f"study, {facts['profile']}"}


def how_made(name: str, folder: str | Path = KEPT) -> str:
    """Return a sentence that says what the networks of a kept study were trained on; nothing where it is missing."""
    try:
        _, facts = read(name, folder)
    except HdrkitError:
        return ""
    return (
        f"Rows made with `{made_with(facts)['profile']}` are not of this run but of the kit's kept studies; their "
        f"networks learned from {facts['pairs']} pairs of {facts['size']}-pixel pictures, with {facts['seeds']} seeds. "
        "Compare them with each other only."
    )


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
    """A study's table and provenance, see `read`."""

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
        return self.contrast(less(setting, other or self.settings[0]), measure)

    def contrast(self, weights: Mapping[str, float], measure: str) -> Effect:
        """Return the mean of `contrasts`."""
        values = contrasts(self.table, weights, measure)
        return Effect(*_with_interval(values), tuple(values.groupby("seed").mean()))

    def effects(self, measure: str) -> dict[str, Effect]:
        """Return the differences of all settings but the first from the first."""
        return {setting: self.effect(setting, measure) for setting in self.settings[1:]}
