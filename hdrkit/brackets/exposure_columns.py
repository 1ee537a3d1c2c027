"""Numbers that may state exposures, one per frame, whatever they were read from."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

UNITS = {"ms": 1e-3, "us": 1e-6}  # of times, in seconds


class Column(NamedTuple):
    """One number for each frame, NaN where there is none.

    kind: `time` in seconds, `inverse` (of a time), `stops`, `f_number`, `iso`, `gain` in decibels; `other` is no part
    of an exposure; empty where nothing says what it is.
    """

    kind: str
    values: np.ndarray


def in_even_steps(values: ArrayLike) -> bool:
    """Tell whether three numbers or more, in any order, lie in even steps: then they count, and are no times.

    >>> in_even_steps([3, 1, 2]), in_even_steps([1, 2, 4]), in_even_steps([1, 2])
    (True, False, False)
    """
    known = np.asarray(values, float)
    known = np.sort(known[np.isfinite(known)])
    steps = np.diff(known)
    return len(steps) > 1 and bool(steps[0] > 0 and np.ptp(steps) < 1e-6 * known.max(initial=1))
