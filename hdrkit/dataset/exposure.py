"""Relative exposure of raw frames measured from their pixels, to hold against what the files say.

Raw frames are linear light. Pictures of a camera's own curve need more: `hdrkit.brackets.measured_exposure`.
"""

import numpy as np

from hdrkit.images import srgb

# Between the noise and saturation a sensor is linear; there, frames of one scene differ by a factor alone.
DARKEST, BRIGHTEST = 0.01, 0.9
FEWEST_PIXELS = 50
SPARSE = 3  # every third pixel of every third row tells enough
TOLERANCE = 0.75  # stops; a mislabelled frame is off by one stop or more, a lens's aperture by a tenth of one


def contradictions(frames: list[np.ndarray], evs: np.ndarray) -> dict[int, float]:
    """Find frames whose pixels contradict their stated exposure.

    `frames`: linear, height x width x 3, in [0, 1], from dark to bright; `evs`: the stated exposure values.
    Returns the index of each contradictory frame with its measured error in stops (measured - stated).
    A frame that shares too few well-exposed pixels with its neighbour takes the neighbour's error.
    """
    errors = np.zeros(len(frames))
    for i in range(1, len(frames)):
        step = measured_step(frames[i - 1], frames[i])
        stated = evs[i] - evs[i - 1]
        errors[i] = errors[i - 1] + (0 if step is None else step - stated)
    errors -= np.median(errors)
    return {i: float(error) for i, error in enumerate(errors) if abs(error) > TOLERANCE}


def measured_step(darker: np.ndarray, brighter: np.ndarray) -> float | None:
    """Return by how many stops the second of two linear frames (height x width x 3) is brighter than the first.

    The median over pixels that both expose well in every channel; None where fewer than 50 of a ninth of all pixels do.
    """
    darker, brighter = darker[::SPARSE, ::SPARSE], brighter[::SPARSE, ::SPARSE]
    grey, brighter_grey = srgb.luminance(darker), srgb.luminance(brighter)
    clipped = srgb.brightest(np.maximum(darker, brighter)) > BRIGHTEST
    usable = (grey > DARKEST) & (brighter_grey > DARKEST) & ~clipped
    if usable.sum() < FEWEST_PIXELS:
        return None
    return float(np.median(np.log2(brighter_grey[usable] / grey[usable])))
