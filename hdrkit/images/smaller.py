"""Pictures made smaller: frames and renders of many megapixels, of which crops, fusions and figures need few."""

import cv2
import numpy as np

LONGEST = 1280  # pixels of a long edge that are enough for a figure, or for frames that end on crops


def no_longer(picture: np.ndarray, longest: int = LONGEST) -> np.ndarray:
    """Return a picture whose long edge is at most `longest` pixels, averaged; the same one where it is no longer.

    >>> no_longer(np.zeros((2848, 4288, 3), np.float32)).shape
    (850, 1280, 3)
    """
    full = picture.shape[1::-1]
    small = size_no_longer(full, longest)
    return picture if small == full else cv2.resize(picture, small, interpolation=cv2.INTER_AREA)


def size_no_longer(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return a size of the same shape, (width, height), whose long edge is at most `longest` pixels."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
