"""What two frames of a bracket say of each other: how they lie, how alike they are, which values show the same light.

It is found once for each two frames, on small copies, and passed on: frames of another scene, exposures, the camera's
curve and the alignment all follow from it.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np

from hdrkit.brackets import brightness_transfer, coarse_alignment
from hdrkit.brackets.brightness_transfer import DARKEST, Transfer, exposed
from hdrkit.brackets.coarse_alignment import rescaled, shrunk
from hdrkit.brackets.registration import IDENTITY, displacement

PIXELS = 400_000  # of the small copies
LEVELS = {30_000: 40, 200_000: 15}  # pixels of the pictures that ECC sees in turn, and its iterations
LEAST_ALIKE = 0.4  # frames of two scenes reach a correlation of 0.3, of one scene 0.5 and more
NEIGHBOURS = 2  # brighter frames that a frame is compared with
EPSILON = 1e-4  # growth of the coefficient at which ECC ends
NEAR = 0.04  # share of the width by which a coarse map is wrong at most; ECC that leads further is lost
STILL, NEARLY_STILL = 0.1, 2.0  # pixels; what moved by less lies still, and by less than the second is easily believed
NEARLY, UNLIKE = 0.99, 0.95  # share of the unlikeness of frames as they are that a small, a larger movement may leave


class Pair(NamedTuple):
    """A darker and a brighter frame.

    map: 2 x 3, from the darker one's pixels to the brighter one's, in pixels of the small copies, the identity where
    the frames lie still or no map makes them more alike; likeness: correlation of what both expose well, in [-1, 1],
    None where they share too little; transfers: for each channel, the values that show the same light.
    """

    map: np.ndarray
    likeness: float | None
    transfers: list[Transfer]


class FramePairs:
    """The frames of a bracket (uint8, height x width x 3, of one size), small, and what each two of them say.

    laid: whether they are known to lie over each other.
    """

    def __init__(self, frames: Sequence[np.ndarray], laid: bool = False) -> None:
        self._are_laid = laid
        self.small = [shrunk(frame, PIXELS) for frame in frames]
        self._found: dict[tuple[int, int], Pair] = {}

    @cached_property
    def order(self) -> np.ndarray:
        """The frames' indices from dark to bright."""
        return np.argsort([frame.mean() for frame in self.small], kind="stable")

    @cached_property
    def _rank(self) -> np.ndarray:
        return np.argsort(self.order)  # how many frames are darker than each

    def neighbours(self) -> list[tuple[int, int]]:
        """Return the indices of each two frames that are next to each other in brightness, or next but one."""
        order = [int(i) for i in self.order]
        return [(i, j) for place, i in enumerate(order) for j in order[place + 1 : place + 1 + NEIGHBOURS]]

    def pair(self, one: int, other: int) -> Pair:
        """Return what two frames, by their indices in any order, say of each other."""
        darker, brighter = sorted((one, other), key=lambda i: self._rank[i])
        if (darker, brighter) not in self._found:
            self._found[darker, brighter] = _compare(self.small[darker], self.small[brighter], self._are_laid)
        return self._found[darker, brighter]

    def way(self, start: int, end: int) -> np.ndarray:
        """Return the map (2 x 3) from one frame's pixels to another's, in pixels of the small copies."""
        rigid = self.pair(start, end).map
        return rigid if self._rank[start] < self._rank[end] else cv2.invertAffineTransform(rigid)

    def of(self, kept: Sequence[int]) -> "FramePairs":
        """Return the same of some of the frames, numbered anew; what was found is not computed again."""
        some = FramePairs([self.small[i] for i in kept], self._are_laid)
        places = {i: place for place, i in enumerate(kept)}
        some._found = {(places[i], places[j]): pair for (i, j), pair in self._found.items() if {i, j} <= places.keys()}
        return some


def _compare(darker: np.ndarray, brighter: np.ndarray, are_laid: bool) -> Pair:
    still = brightness_transfer.correlation(darker, brighter)
    found = None if are_laid else _rigid(darker[..., 1], brighter[..., 1])
    if found is not None and (way := displacement(found, IDENTITY, darker.shape[1::-1]).max()) >= STILL:
        laid = _laid(brighter, found)
        alike = brightness_transfer.correlation(darker, laid)
        share = NEARLY if way <= NEARLY_STILL else UNLIKE
        least = LEAST_ALIKE if still is None else max(LEAST_ALIKE, 1 - share * (1 - still))
        if alike is not None and alike > least:  # what no map makes alike is no match, but chance
            return Pair(found, alike, brightness_transfer.between(darker, laid))
    return Pair(IDENTITY, still, brightness_transfer.between(darker, brighter))


def _laid(frame: np.ndarray, rigid: np.ndarray) -> np.ndarray:
    """Lay a frame onto another's pixels; beyond its edge it is black, which counts as badly exposed."""
    size = frame.shape[1::-1]
    laid = cv2.warpAffine(
        frame, rigid, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    inside = np.ones(frame.shape[:2], np.uint8)  # apart, as a mixture with black would count as exposed
    laid[cv2.warpAffine(inside, rigid, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP) == 0] = 0
    return laid


def _rigid(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
    """Return the map between two grey frames, coarse to fine; None where they share too little."""
    found = coarse_alignment.rigid_between(first, second)
    if found is not None:
        for pixels, iterations in LEVELS.items():
            found = _refined(first, second, found, pixels, iterations)
    return found


def _refined(first: np.ndarray, second: np.ndarray, start: np.ndarray, pixels: int, iterations: int) -> np.ndarray:
    """Return a map made finer by ECC of the logarithms of values, where both frames are exposed; else the start."""
    frames = [shrunk(frame, pixels) for frame in (first, second)]
    masks = [exposed(frame).astype(np.uint8) for frame in frames]
    logs = [np.log2(np.maximum(frame, DARKEST).astype(np.float32)) for frame in frames]
    whole, size = first.shape[1::-1], frames[0].shape[1::-1]
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, iterations, EPSILON)
    start_here = rescaled(start, whole, size)
    try:
        _, fine = cv2.findTransformECCWithMask(
            logs[0], logs[1], masks[0], masks[1], start_here, cv2.MOTION_EUCLIDEAN, criteria, 5
        )
    except cv2.error:
        return start
    found = rescaled(fine, size, whole)
    return found if displacement(found, start, whole).max() <= NEAR * whole[0] else start
