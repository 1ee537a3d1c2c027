"""Frames in which the camera saw next to nothing: they come out flat, instead of painted with the grid's pattern."""

import cv2
import numpy as np

from hdrkit.models.grid_spec import CLIPPED

# Share of a frame. Above what any frame of the embedded survey has of white at EV +4, 0.64, so that no table changes:
# there, the network guesses a smooth sky. What has more holds next to nothing to guess from.
NOTHING = 0.9
BLACK = 1 / 255  # of the range: darker than the first step of 8 bits


def share(small: np.ndarray) -> float:
    """Return the share of a thumbnail, float32 (h, w, 3) in [0, 1], where all channels are clipped, or all black."""
    return float((_white(small) | (small.max(axis=-1) < BLACK)).mean())


def flatten(small: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return what the network advises, (rows, columns, c), with one value for all white cells of a white frame.

    small: the thumbnail that was advised on; its edges are multiples of `rows` and `columns`. A frame is white where
    `NOTHING` of it or more is. A cell is where no pixel that it has a say in was seen: all others keep their gains.
    """
    white = _white(small)
    if white.mean() < NOTHING:
        return values
    rows, columns = values.shape[:2]
    cells = white.reshape(rows, len(white) // rows, columns, -1).all(axis=(1, 3))
    flat = cv2.erode(np.asarray(cells, np.uint8), np.ones((3, 3), np.uint8)).astype(bool)  # gains reach the next cell
    values = values.copy()
    if flat.any():
        values[flat] = values[flat].mean(axis=0)
    return values


def _white(small: np.ndarray) -> np.ndarray:
    return small.min(axis=-1) >= CLIPPED
