"""Bootstrap intervals over scenes: nine frames of one scene are not nine independent witnesses."""

from typing import NamedTuple

import numpy as np


class Estimate(NamedTuple):
    """A number and its 95 % interval; NaN where the interval is unknown."""

    value: float
    low: float = np.nan
    high: float = np.nan


def bootstrap_interval(
    values: np.ndarray, groups: np.ndarray, resamples: int, rng: np.random.Generator, level: float = 0.95
) -> tuple[float, float]:
    """Return the percentile interval of the mean of `values` when whole groups are drawn with replacement.

    `values`: (n,), any unit; `groups`: (n,), the group (scene) of each value. A resample draws as many groups
    as there are and takes the mean over all their values (cluster bootstrap: Davison and Hinkley,
    Bootstrap Methods and their Application, 1997, section 3.8). With a single group the interval is unknown: NaN, NaN.

    >>> scores = np.array([20.0, 20.2, 24.0, 24.2, 22.0, 22.2])
    >>> scenes = np.array(["barn", "barn", "beach", "beach", "bridge", "bridge"])
    >>> low, high = bootstrap_interval(scores, scenes, resamples=1000, rng=np.random.default_rng(1))
    >>> round(low, 1), round(high, 1)  # the mean is 22.1; with three scenes little is known
    (20.1, 24.1)
    """
    _, group = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(group, weights=values), np.bincount(group)
    number = len(counts)
    if number < 2:
        return np.nan, np.nan
    drawn = rng.multinomial(number, np.full(number, 1 / number), size=resamples)
    means = drawn @ sums / (drawn @ counts)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def mean_estimate(values: np.ndarray, groups: np.ndarray, resamples: int, seed: int) -> Estimate:
    """Return the mean of `values` and its bootstrap interval over `groups`; NaN values are left out.

    `values`: (n,), any unit; `groups`: (n,), the group (scene) of each value. Each call draws from `seed` anew, so that
    no interval depends on which were made before it. All three numbers are NaN where no value is known.
    """
    values, groups = np.asarray(values, float), np.asarray(groups)
    known = np.isfinite(values)
    if not known.any():
        return Estimate(np.nan)
    rng = np.random.default_rng(seed)
    return Estimate(float(values[known].mean()), *bootstrap_interval(values[known], groups[known], resamples, rng))
