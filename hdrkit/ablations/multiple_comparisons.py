"""Intervals for many comparisons at once: of twenty differences that do not exist, one 95 % interval excludes zero."""

from collections.abc import Mapping

import numpy as np


def holm_intervals(resamples: Mapping[str, np.ndarray], level: float = 0.95) -> dict[str, tuple[float, float]]:
    """Return an interval for each of many differences, widened as Holm's step-down procedure asks (Holm 1979).

    resamples: for each difference by name the means of its resamples, (n,).
    The difference that is surest is held to a level of 1 - (1 - level) / m, the next to 1 - (1 - level) / (m - 1), and
    so on; from the first one whose interval includes zero, the level stays. So the chance that any interval of
    differences that do not exist excludes zero is at most 1 - level, as far as resamples tell.

    >>> sure, unsure = np.linspace(1, 3, 1001), np.linspace(-1, 3, 1001)
    >>> [tuple(map(float, np.round(found, 3))) for found in holm_intervals({"a": sure, "b": unsure}).values()]
    [(1.025, 2.975), (-0.9, 2.9)]
    """
    remaining, intervals, still = len(resamples), {}, True
    for name in sorted(resamples, key=lambda name: _chance(resamples[name])):
        error = (1 - level) / remaining
        low, high = np.quantile(resamples[name], [error / 2, 1 - error / 2])
        intervals[name] = float(low), float(high)
        still = still and (low > 0 or high < 0)
        remaining -= still
    return {name: intervals[name] for name in resamples}


def _chance(resamples: np.ndarray) -> float:
    """Return how often a resample lies on the other side of zero than most of them."""
    return float(min(np.mean(resamples <= 0), np.mean(resamples >= 0)))
