"""Which value of a brighter frame shows what a value of a darker frame shows: the brightness transfer function.

It is the ridge of the comparagram, which counts how often a value of one frame meets a value of the other (Mann,
Comparametric equations with practical applications in quantigraphic image processing, IEEE TIP 9(8), 2000). Grossberg
and Nayar (Determining the camera response from images: what is knowable?, IEEE TPAMI 25(11), 2003) take the frames'
histograms instead, which need no alignment; but where a histogram is sparse, a movement of one pixel changes them more
than an exposure does. So frames are laid over each other here, and pixels count where both frames are flat.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

DARKEST, BRIGHTEST = 10, 240  # values between noise and clipping; JPEG smears what is clipped by some levels
FLAT, FLAT_SHARE = 4.0, 0.1  # levels, and share of a value, that a pixel's neighbours differ where it is flat
BIN = 4  # values are taken together: neighbours say the same
FEWEST_PIXELS = 20  # that a bin needs
FEWEST_PAIRS = 5  # a transfer function needs these to say anything
FEWEST_SHARED = 0.003  # share of the pixels that both frames expose well; JPEG and noise make up what fewer say
FEWEST_TO_CORRELATE = 500  # pixels in common, to tell whether two frames show one scene
LEAST_CONTRAST = 2.0  # standard deviation of their values, in levels; of a flat wall, noise would be compared
ROUNDING = 0.4  # levels by which 8 bits and JPEG put a value wrong


class Transfer(NamedTuple):
    """Pairs of values, of a darker and a brighter frame, that show the same light, and the error of each, in levels."""

    darker: np.ndarray
    brighter: np.ndarray
    darker_error: np.ndarray
    brighter_error: np.ndarray

    def variance(self, curve: np.ndarray) -> np.ndarray:
        """Return the variance, in stops, of each pair's step under curves (... x 256): ... x pairs."""
        slope = np.gradient(curve, axis=-1)
        return (at(slope, self.darker) * self.darker_error) ** 2 + (at(slope, self.brighter) * self.brighter_error) ** 2

    def steps(self, curve: np.ndarray) -> np.ndarray:
        """Return the step in stops that each pair means under curves (... x 256): ... x pairs."""
        return at(curve, self.brighter) - at(curve, self.darker)


NOTHING = Transfer(*np.empty((4, 0)))


def between(darker: np.ndarray, brighter: np.ndarray) -> list[Transfer]:
    """Return the transfer function of each channel between two frames laid over each other; it may be empty.

    darker, brighter: uint8, height x width x 3.

    >>> ramp = np.repeat(np.arange(20, 100, dtype=np.uint8), 30).reshape(40, 60, 1).repeat(3, axis=2)
    >>> found = between(ramp, 2 * ramp)[1]
    >>> bool(np.allclose(found.brighter, 2 * found.darker, atol=2))
    True
    """
    smooth = [cv2.blur(frame, (3, 3)) for frame in (darker, brighter)]
    shared = exposed(smooth[0]) & exposed(smooth[1])
    usable = shared & _flat(darker, smooth[0]) & _flat(brighter, smooth[1])
    return [_transfer(*(picture[..., channel][usable[..., channel]] for picture in smooth))
            if shared[..., channel].mean() >= FEWEST_SHARED else NOTHING
            for channel in range(3)]  # fmt: skip


def exposed(values: np.ndarray) -> np.ndarray:
    """Mark the values of a frame, uint8 of any shape, that are neither lost in noise nor clipped."""
    return (values >= DARKEST) & (values <= BRIGHTEST)


def _flat(picture: np.ndarray, smooth: np.ndarray) -> np.ndarray:
    """Mark the values that are like their eight neighbours'."""
    window = np.ones((3, 3), np.uint8)
    return cv2.dilate(picture, window) - cv2.erode(picture, window) <= FLAT + FLAT_SHARE * smooth


def _transfer(darker: np.ndarray, brighter: np.ndarray) -> Transfer:
    """Pair the values of pixels by medians, of each frame given the other: noise draws the two to opposite sides."""
    low, high, high_error = _medians(darker, brighter)
    high_back, low_back, low_error = _medians(brighter, darker)
    rounding = [np.full(len(values), ROUNDING) for values in (low, high_back)]
    return Transfer(
        np.concatenate([low, low_back]),
        np.concatenate([high, high_back]),
        np.concatenate([rounding[0], low_error]),
        np.concatenate([high_error, rounding[1]]),
    )


def _medians(given: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for each bin of given values, their mean, the median of the other values, and that median's error."""
    bins = given // BIN
    counts = np.bincount(bins * np.int64(256) + values, minlength=64 * 256).reshape(64, 256)
    total = counts.sum(axis=1)
    held = total >= FEWEST_PIXELS
    rank = (np.cumsum(counts, axis=1) - counts / 2)[held] / total[held, None]
    quartiles = np.array([np.interp((0.25, 0.5, 0.75), row, np.arange(256)) for row in rank]).reshape(-1, 3)
    means = np.bincount(bins, given, minlength=64)[held] / total[held]
    return means, quartiles[:, 1], np.hypot(ROUNDING, (quartiles[:, 2] - quartiles[:, 0]) / 4)


def correlation(darker: np.ndarray, brighter: np.ndarray) -> float | None:
    """Return how far pixels that both frames expose well agree, in [-1, 1]; None where they share too few, or are flat.

    Both uint8, height x width x 3. Of logarithms of the values, as curves between frames are straighter there.
    """
    pixels = [frame[..., 1].ravel() for frame in (darker, brighter)]
    both = exposed(pixels[0]) & exposed(pixels[1])
    values = np.array([frame[both] for frame in pixels])
    if values.shape[1] < FEWEST_TO_CORRELATE or (values.std(axis=1) < LEAST_CONTRAST).any():
        return None
    return float(np.corrcoef(np.log(values))[0, 1])


def at(curves: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return curves (... x 256) between their 8-bit values: ... x len(values)."""
    below = np.clip(values.astype(int), 0, 254)
    return curves[..., below] + (values - below) * (curves[..., below + 1] - curves[..., below])


def joined(parts: Sequence[Transfer]) -> Transfer:
    """Return the pairs of several transfer functions as those of one."""
    return Transfer(*(np.concatenate(column) for column in zip(*parts, strict=True)))
