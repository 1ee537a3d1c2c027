"""Borders of one pure colour, which mark where a frame that somebody has shifted shows nothing of the scene.

Debevec and Malik's memorial church has blue ones.
"""

import cv2
import numpy as np

LOW, HIGH = 40, 215  # values up to, and from, which a channel is none or all of a pure colour; JPEG smears them
LEAST_OF_EDGE = 0.3  # share of one of the picture's four edges that such a border takes
MARGIN = 1  # pixels beside it, where resampling or JPEG has mixed it with the scene


def find(picture: np.ndarray) -> np.ndarray:
    """Mark the border of one pure colour: red, green, blue, or a mixture of two (height x width, bool).

    picture: uint8, height x width x 3. Black and white are no such colours: scenes may end in them.

    >>> picture = np.full((6, 8, 3), 100, np.uint8)
    >>> picture[:, :2] = 0, 0, 255
    >>> find(picture)[0].tolist()
    [True, True, True, False, False, False, False, False]
    """
    found = np.zeros(picture.shape[:2], bool)
    for edge in ((0, slice(None)), (-1, slice(None)), (slice(None), 0), (slice(None), -1)):
        for colour in np.ndindex(2, 2, 2):
            if 0 < sum(colour) < 3 and _are(picture[edge][None], colour).mean() >= LEAST_OF_EDGE:
                _, parts = cv2.connectedComponents(_are(picture, colour).astype(np.uint8))
                found |= np.isin(parts, parts[edge][parts[edge] > 0])
    if not found.any():
        return found
    return cv2.dilate(found.astype(np.uint8), np.ones((1 + 2 * MARGIN,) * 2, np.uint8)) > 0


def _are(picture: np.ndarray, colour: tuple[int, ...]) -> np.ndarray:
    """Mark the pixels that have all of some channels, and nothing of the others."""
    lowest, highest = (HIGH * np.array(colour), np.where(colour, 255, LOW))
    return cv2.inRange(picture, lowest.astype(float), highest.astype(float)) > 0


def fill(picture: np.ndarray, border: np.ndarray) -> np.ndarray:
    """Return a picture with the nearest pixel of its scene repeated in its border (height x width, bool)."""
    _, labels = cv2.distanceTransformWithLabels(border.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    colours = np.zeros((labels.max() + 1, 3), np.uint8)
    colours[labels[~border]] = picture[~border]
    return colours[labels]
