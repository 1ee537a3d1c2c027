"""From squared errors to decibels; apart from the metrics, as reading a table of scores needs no OpenCV."""

import numpy as np
from numpy.typing import ArrayLike


def decibel(mean_squared_error: ArrayLike, data_range: float) -> np.ndarray:
    """Return the PSNR that belongs to mean squared errors, in dB, of the same shape; infinite where there is none.

    >>> decibel([100, 0], data_range=255).round(2).tolist()
    [28.13, inf]
    """
    with np.errstate(divide="ignore"):
        return 10 * np.log10(data_range**2 / np.asarray(mean_squared_error, np.float64))
