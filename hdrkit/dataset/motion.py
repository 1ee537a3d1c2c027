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

    Where only one frame is well exposed, or one does not reach, nothing is known, and nothing counts as moved.
    """
    small = [_shrunk(picture[..., 1]) for picture in frames.pictures]  # green has the least noise
    seen = _shrunk(_seen_by_all(frames)) > 0.99
    response = np.median(frames.response, axis=0)
    slope = np.gradient(response)
    moved = np.zeros(small[0].shape, bool)
    for i, j in pairwise(np.argsort(frames.stops, kind="stable")):
        pair = small[i], small[j]
        both = seen & np.all([(grey >= DARKEST) & (grey <= BRIGHTEST) for grey in pair], axis=0)
        if not both.any():
            continue
        step = at(response, pair[1]) - at(response, pair[0])
        allowed = DISAGREE + 3 * VALUE_ERROR * np.hypot(*(at(slope, grey) for grey in pair))
        differs = both & (np.abs(step - np.median(step[both])) > allowed)
        moved |= cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_OPEN, SMALLEST) > 0
    return float(moved.sum() / max(seen.sum(), 1))


def _seen_by_all(frames: AlignedFrames) -> np.ndarray:
    """Mark the pixels that lie within every frame: uint8, 0 or 1; elsewhere, edges of frames are repeated."""
    height, width = frames.pictures[0].shape[:2]
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    whole = np.ones((height, width), np.uint8)
    return np.min([cv2.warpAffine(whole, to_frame, (width, height), flags=flags) for to_frame in frames.maps], axis=0)


def _shrunk(picture: np.ndarray) -> np.ndarray:
    scale = min(1.0, (LARGEST / picture.size) ** 0.5)
    return cv2.resize(picture.astype(np.float32), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
