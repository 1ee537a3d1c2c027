"""How much of the advised gains to apply to a photograph that may be well exposed already: `--strength auto`.

The network has one style. Where it advises a small change of exposure, the photograph was nearly right, and its own
camera knew better; where it advises stops, all of the advice helps.
"""

from typing import Literal

import numpy as np

AUTO: Literal["auto"] = "auto"
Strength = float | Literal["auto"]

# Found by tools/find_strength.py on train places of the embedded survey; decision 0005 has its tables.
MIDDLE = 1.2  # stops of advice of which 63 % are applied
STEEPNESS = 7.0


def share(stops: float, middle: float = MIDDLE, steepness: float = STEEPNESS) -> float:
    """Return which share of an advised change of exposure to apply, 0 to 1; `stops` may have either sign.

    1 - exp(-(stops / middle) ** steepness): the distribution of W. Weibull (A statistical distribution function of wide
    applicability, Journal of Applied Mechanics 18, 1951), smooth, monotone, and all but 1 from twice the middle on.

    >>> [round(share(stops), 2) for stops in (0, 0.5, -1, 1, 1.5, 3)]
    [0.0, 0.0, 0.24, 0.24, 0.99, 1.0]
    """
    return float(-np.expm1(-((abs(stops) / middle) ** steepness)))
