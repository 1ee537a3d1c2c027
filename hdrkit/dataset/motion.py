"""How much of a scene moved while its bracket was taken: where frames that see the same disagree on its light."""

from itertools import pairwise

import cv2
import numpy as np

from hdrkit.brackets.aligned_frames import AlignedFrames
from hdrkit.brackets.brightness_transfer import BRIGHTEST, DARKEST, at

LARGEST = 60_000  # pixels of the pictures that are compared: noise is averaged, and edges may lie a pixel apart
DISAGREE = 0.4  # stops of light by which what moved differs at least
VALUE_ERROR = 2.0  # levels by which noise and JPEG may put a value wrong; at 3 of these, darkness is no movement
SMALLEST = np.ones((3, 3), np.uint8)  # pixels of a thing that moved; smaller is an edge


def moved_share(frames: AlignedFrames) -> float:
    """Return the share of the picture, in [0, 1], that neighbours in exposure show in different light.

    Where only one frame is well exposed nothing is known, and nothing counts as moved.
    """
    small = [_shrunk(picture) for picture in frames.pictures]
    response = np.median(frames.response, axis=0)
    slope = np.gradient(response)
    moved = np.zeros(small[0].shape, bool)
    for i, j in pairwise(np.argsort(frames.stops, kind="stable")):
        pair = small[i], small[j]
        both = np.all([(grey >= DARKEST) & (grey <= BRIGHTEST) for grey in pair], axis=0)
        if not both.any():
            continue
        step = at(response, pair[1]) - at(response, pair[0])
        allowed = DISAGREE + 3 * VALUE_ERROR * np.hypot(*(at(slope, grey) for grey in pair))
        differs = both & (np.abs(step - np.median(step[both])) > allowed)
        moved |= cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_OPEN, SMALLEST) > 0
    return float(moved.mean())


def _shrunk(picture: np.ndarray) -> np.ndarray:
    """Return the green channel, which has the least noise, of a smaller picture, float32."""
    scale = min(1.0, (LARGEST / (picture.shape[0] * picture.shape[1])) ** 0.5)
    return cv2.resize(picture[..., 1].astype(np.float32), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
