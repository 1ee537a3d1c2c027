"""Where the frames of a bracket lie, from one to the next: far apart in exposure, two frames show little in common."""

import numpy as np

from hdrkit.brackets.coarse_alignment import rescaled
from hdrkit.brackets.frame_pairs import LEAST_ALIKE, NEIGHBOURS, FramePairs
from hdrkit.brackets.registration import IDENTITY, compose


def from_one(frames: FramePairs, reference: int, size: tuple[int, int]) -> tuple[np.ndarray, dict[int, str]]:
    """Return the maps (n x 2 x 3) from the reference frame's pixels to each frame's, and why some count as unmoved.

    size: the frames' (width, height) that the maps are for.
    A frame lies from the more alike of the two frames next to it in brightness, on the reference's side of it.
    """
    order = [int(i) for i in frames.order]
    middle = order.index(reference)
    maps, failures = {reference: IDENTITY}, {}
    for side in (order[middle::-1], order[middle:]):
        for place, i in enumerate(side[1:], start=1):
            near = side[max(0, place - NEIGHBOURS) : place]
            likeness, nearest = max((_likeness(frames, j, i), j) for j in near)
            if likeness < LEAST_ALIKE:
                failures[i] = "it shares too little with the other frames to be laid onto them"
                maps[i] = IDENTITY
            else:
                maps[i] = compose(frames.way(nearest, i), maps[nearest])
    small = frames.small[0].shape[1::-1]
    still = [np.array_equal(maps[i], IDENTITY) for i in range(len(order))]  # exactly so, or pixels would be resampled
    return np.array([IDENTITY if still[i] else rescaled(maps[i], small, size) for i in range(len(order))]), failures


def _likeness(frames: FramePairs, one: int, other: int) -> float:
    found = frames.pair(one, other).likeness
    return -1.0 if found is None else found
