"""What movement does to a score: something of a picture moves, and only the reference knows."""

import cv2
import numpy as np


def busiest_square(picture: np.ndarray, edge: int) -> tuple[slice, slice]:
    """Return the rows and columns of the square of `edge` pixels whose brightness varies most: uint8 (h, w, 3).

    It keeps its own width from the right border, so that it can be moved there.
    """
    grey = picture.mean(axis=-1, dtype=np.float32)
    mean, mean_square = (cv2.boxFilter(values, -1, (edge, edge), anchor=(0, 0)) for values in (grey, grey**2))
    inside = (mean_square - mean**2)[: len(grey) - edge + 1, : max(1, grey.shape[1] - 2 * edge + 1)]
    row, column = np.unravel_index(inside.argmax(), inside.shape)
    return slice(row, row + edge), slice(column, column + edge)


def moved(picture: np.ndarray, square: tuple[slice, slice], pixels: int) -> np.ndarray:
    """Return a copy of a picture in which the content of a square has moved to the right; behind it stays what was."""
    (rows, columns), copy = square, picture.copy()
    copy[rows, columns.start + pixels : columns.stop + pixels] = picture[square]
    return copy
