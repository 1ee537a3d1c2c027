"""Which value of a brighter frame shows what a value of a darker frame shows: the brightness transfer function.

Found from histograms alone (Grossberg and Nayar, Determining the camera response from images: what is knowable?, IEEE
TPAMI 25(11), 2003): the curve is monotone, so as many pixels lie below a value as below its partner. Frames need not
lie on each other to a pixel, and what moves within them does little harm; what one frame does not show at all does.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

DARKEST, BRIGHTEST = 6, 240  # values between noise and clipping; JPEG smears what is clipped by some levels
RAREST = 5e-5  # share of the pixels below which a value's place among the others is not known
FEWEST_VALUES = 5  # a transfer function needs these to say anything
BIN = 4  # values are taken together: neighbours say the same
LARGEST = 1_000_000  # pixels that a histogram counts


class Transfer(NamedTuple):
    """Pairs of values, of a darker and a brighter frame, that show the same light, and how much each pair counts."""

    darker: np.ndarray
    brighter: np.ndarray
    weight: np.ndarray


def histograms(frame: np.ndarray) -> np.ndarray:
    """Return the shares of each value in each channel, 3 x 256, of a uint8 frame (height x width x 3)."""
    sparse = max(1, round((frame.shape[0] * frame.shape[1] / LARGEST) ** 0.5))
    pixels = frame[::sparse, ::sparse]
    counts = [np.bincount(pixels[..., channel].ravel(), minlength=256) for channel in range(3)]
    return np.array(counts) / (pixels.shape[0] * pixels.shape[1])


def transfers(darker: np.ndarray, brighter: np.ndarray) -> list[Transfer]:
    """Return the transfer function of each channel between two frames, given their histograms; it may be empty.

    >>> ramp = np.repeat(np.arange(20, 100, dtype=np.uint8), 3).reshape(1, -1, 3)
    >>> found = transfers(histograms(ramp), histograms(2 * ramp))[1]
    >>> bool(np.allclose(found.brighter, 2 * found.darker, atol=1))
    True
    """
    return [_transfer(*channel) for channel in zip(darker, brighter, strict=True)]


def _transfer(darker: np.ndarray, brighter: np.ndarray) -> Transfer:
    values = np.arange(256.0)
    rank, brighter_rank = (np.cumsum(shares) - shares / 2 for shares in (darker, brighter))
    held = brighter > 0
    partner = np.interp(rank, brighter_rank[held], values[held])
    inside = (values >= DARKEST) & (partner <= BRIGHTEST) & (partner >= DARKEST) & (values <= BRIGHTEST)
    usable = np.flatnonzero(inside & (darker > RAREST))
    if len(usable) < FEWEST_VALUES:
        return Transfer(*np.empty((3, 0)))
    edges = np.flatnonzero(np.diff(usable // BIN, prepend=-1))
    share = np.add.reduceat(darker[usable], edges)
    means = [np.add.reduceat(which[usable] * darker[usable], edges) / share for which in (values, partner)]
    return Transfer(*means, share / (share + BIN * 0.002))


def joined(parts: Sequence[Transfer]) -> Transfer:
    """Return the pairs of several transfer functions as those of one."""
    return Transfer(*(np.concatenate(column) for column in zip(*parts, strict=True)))
