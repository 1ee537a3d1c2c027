"""By how many whole pixels two frames of different exposure lie apart, before anything is known of their exposures.

Ward (Fast, robust image registration for compositing high dynamic range photographs from hand-held exposures, Journal
of Graphics Tools 8(2), 2003): what is brighter than a frame's median is so in every exposure.
"""

import cv2
import numpy as np

LARGEST = 250_000  # pixels of the pictures that are compared
BITS = 6  # shifts of up to 2^6 pixels of these pictures are found
SMALLEST = 2  # pixels; the top of a pyramid is no smaller
SURER = 0.003  # by which correlation must grow before a frame counts as moved


def shift_between(first: np.ndarray, second: np.ndarray) -> tuple[int, int]:
    """Return (x, y), in pixels: what `first` shows at p, `second` shows at p + (x, y).

    Both uint8, height x width x 3, of one size. (0, 0) where no shift makes them clearly more alike, as for frames that
    are black or white.
    """
    scale = max(1.0, (first.shape[0] * first.shape[1] / LARGEST) ** 0.5)
    size = (round(first.shape[1] / scale), round(first.shape[0] / scale))
    one, other = (cv2.resize(frame[..., 1], size, interpolation=cv2.INTER_AREA) for frame in (first, second))
    bits = min(BITS, int(np.log2(max(1, min(size) / SMALLEST))))
    x, y = cv2.createAlignMTB(bits).calculateShift(one, other) if bits else (0, 0)
    found = -round(x), -round(y)
    if max(abs(found[0]) * 3, abs(found[1]) * 3) > min(size) or _alike(one, other, found) < _alike(one, other) + SURER:
        return 0, 0
    return round(found[0] * scale), round(found[1] * scale)


def overlap(first: np.ndarray, second: np.ndarray, shift: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the parts of two frames of one size that show the same, given the shift between them.

    >>> first, second = overlap(np.arange(5)[None], np.arange(5)[None] - 1, (1, 0))
    >>> first.tolist(), second.tolist()
    ([[0, 1, 2, 3]], [[0, 1, 2, 3]])
    """
    (x, y), (height, width) = shift, first.shape[:2]
    one = first[max(0, -y) : height - max(0, y), max(0, -x) : width - max(0, x)]
    return one, second[max(0, y) : height + min(0, y), max(0, x) : width + min(0, x)]


def _alike(first: np.ndarray, second: np.ndarray, shift: tuple[int, int] = (0, 0)) -> float:
    """Return the correlation, in [-1, 1], of the ranks of what two grey pictures show in common."""
    ranks = [cv2.equalizeHist(np.ascontiguousarray(part)).ravel() for part in overlap(first, second, shift)]
    if min(np.ptp(rank) for rank in ranks) == 0:
        return 0.0
    return float(np.asarray(np.corrcoef(ranks[0], ranks[1]))[0, 1])
