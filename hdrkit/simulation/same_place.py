"""Which panoramas show the same place, told by the pictures: one panorama goes by several names."""

from collections.abc import Sequence

import cv2
import numpy as np

from hdrkit.images.srgb import luminance

SAME_PLACE = 0.9  # correlation; one panorama in two encodings has 0.999, any two of 54 different ones at most 0.67
FEATURELESS = 0.1  # a norm of light that is even all around, as that of a sky without clouds: it is like nothing else


def signature(light: np.ndarray) -> np.ndarray:
    """Return what tells a place from others whichever way it faces: float (32, 128).

    The logarithm of luminance from 45 degrees below to 45 above the horizon, without each row's mean, since bright
    skies over dark ground are everywhere.
    """
    small = cv2.resize(luminance(light), (128, 64), interpolation=cv2.INTER_AREA)[16:48]
    log_light = np.log(small + 1e-3 * np.median(small) + 1e-9)
    log_light -= log_light.mean(axis=1, keepdims=True)
    return log_light / max(np.linalg.norm(log_light), FEATURELESS)


def similarity(one: np.ndarray, other: np.ndarray) -> float:
    """Return the correlation of two signatures at the turn that makes it largest."""
    spectrum = np.fft.rfft(one, axis=1) * np.conj(np.fft.rfft(other, axis=1))
    return float(np.fft.irfft(spectrum.sum(axis=0), one.shape[1]).max())


def find(one: np.ndarray, others: Sequence[np.ndarray]) -> int | None:
    """Return which of the other signatures is of the same place, the most similar one; None where none is."""
    if not others:
        return None
    likeness = [similarity(one, other) for other in others]
    best = int(np.argmax(likeness))
    return best if likeness[best] >= SAME_PLACE else None
