"""Pictures put together into one."""

import numpy as np


def beside(*pictures: np.ndarray, gap: int) -> np.ndarray:
    """Return 8-bit pictures of one height beside each other, uint8, with `gap` white pixels between neighbours.

    >>> beside(np.zeros((2, 3), np.uint8), np.zeros((2, 1), np.uint8), gap=2)[0].tolist()
    [0, 0, 0, 255, 255, 0]
    """
    first, *others = pictures
    white = np.full((len(first), gap, *first.shape[2:]), 255, np.uint8)
    return np.hstack([first, *(part for picture in others for part in (white, picture))])
