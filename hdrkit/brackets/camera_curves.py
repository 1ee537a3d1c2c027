"""Curves by which cameras encode light, as a prior for those that nobody states.

Exposures alone cannot be told from pixels: where f(x) explains a bracket with steps of s stops, f(x^g) explains it with
steps of s / g (Grossberg and Nayar, Determining the camera response from images: what is knowable?, IEEE TPAMI 25(11),
2003). What cameras really do settles it. Grossberg and Nayar (What is the space of camera response functions?, CVPR
2003) measured 201 curves; this family is made of formulas instead: a base (sRGB, BT.709, a power), made contrasty by a
sigmoid or a cubic S, or given a shoulder by Reinhard's (SIGGRAPH 2002) or Narkowicz's (2015) film curve.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

LEVELS = 256  # a curve is known at 8-bit values
MIDDLE = 128  # where all curves have light 1, of which the logarithm is 0
LIGHT = np.concatenate([[0.0], np.logspace(-6, 0, 3000)])
# Base curves, (1 + a) x^(1/p) - a with a straight start as in IEC 61966-2-1 and BT.709: {(p, a): how usual it is}.
BASES = {(2.4, 0.055): 6.0, (1 / 0.45, 0.099): 2.0, (2.2, 0.0): 2.0, (1.8, 0.0): 0.25}
CONTRASTS, MIDPOINTS = np.arange(1, 9.1, 0.5), np.arange(0.2, 0.61, 0.05)
BLENDS = np.arange(0.125, 1.01, 0.125)
RARE = 0.3  # how usual shoulders are beside contrast
SHOULDERS = (0.5, 1.0, 2.0, 4.0, 8.0)


class Family(NamedTuple):
    """Curves: `log_light`, curves x 256, log2 of the light behind each value; `log_prior`, one per curve."""

    log_light: np.ndarray
    log_prior: np.ndarray


@cache
def family() -> Family:
    """Return the curves that cameras may have; each base's plain and contrasty ones weigh alike, others less."""
    log_light, weights = [], []
    for (power, offset), usual in BASES.items():
        for kind, share in zip(_shaped(power, offset), (1, 1, 1, RARE, RARE), strict=True):
            log_light += [_inverted(encoded) for encoded in kind]
            weights += [usual * share / len(kind)] * len(kind)
    return Family(np.array(log_light), np.log(np.array(weights) / sum(weights)))


def _shaped(power: float, offset: float) -> Iterator[list[np.ndarray]]:
    """Yield what a base makes of `LIGHT`: plain, contrasty in two ways, with two kinds of shoulder."""
    plain = _base(LIGHT, power, offset)
    yield [plain]
    yield [sigmoid(plain, contrast, middle) for contrast in CONTRASTS for middle in MIDPOINTS]
    yield [plain + blend * (3 * plain**2 - 2 * plain**3 - plain) for blend in BLENDS]
    yield [_base(LIGHT * (1 + shoulder) / (1 + LIGHT * shoulder), power, offset) for shoulder in SHOULDERS]
    film = [(x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14) for x in (LIGHT * gain for gain in SHOULDERS)]
    yield [_base(curve / curve[-1], power, offset) for curve in film]


def _base(light: np.ndarray, power: float, offset: float) -> np.ndarray:
    curved = (1 + offset) * np.maximum(light, 1e-12) ** (1 / power) - offset
    if offset == 0:
        return curved
    start = (offset * power / ((1 + offset) * (power - 1))) ** power  # where a line through 0 touches the curve
    slope = ((1 + offset) * start ** (1 / power) - offset) / start
    return np.where(light < start, slope * light, curved)


def sigmoid(encoded: np.ndarray, contrast: float, middle: float) -> np.ndarray:
    """Return values in [0, 1] with more contrast around `middle`, by a logistic function through (0, 0) and (1, 1)."""
    low, value, high = (1 / (1 + np.exp(-contrast * (v - middle))) for v in (0.0, encoded, 1.0))
    return (value - low) / (high - low)


def _inverted(encoded: np.ndarray) -> np.ndarray:
    """Return log2 of the light behind each 8-bit value; that of 0 is taken for that of 0.4, what rounds to it."""
    rising = np.maximum.accumulate(encoded / encoded[-1]) + 1e-12 * np.arange(len(encoded))
    values = np.maximum(np.arange(LEVELS), 0.4) / (LEVELS - 1)
    log_light = np.log2(np.maximum(np.interp(values, rising, LIGHT), 1e-7))
    return log_light - log_light[MIDDLE]
