"""Exposures of a bracket's frames measured from their pixels, whatever the camera's curve.

Of all curves that cameras may have (`camera_curves`), the right one makes the step from each frame to the next the same
at all brightnesses. How far a curve misses that, over all transfer functions between neighbours, is its likelihood; the
noise level is not known, so that it is a Student distribution. A power of a curve fits as well, so that the family of
usual curves and the round steps of cameras decide on it. Steps and curve are then averages over the posterior.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import brightness_transfer, camera_curves, coarse_alignment
from hdrkit.brackets.brightness_transfer import Transfer

LEAST_ERROR = 0.02  # share of a step; no curve of the family is exactly a camera's
TAIL = 2.0  # standard errors from which a pair counts less (Cauchy's distribution)
CERTAINTY = 15.0  # how many independent pairs a step is worth; more would trust the family too much
# Cameras bracket in whole stops, thirds or halves; whole ones are more usual.
ROUND_STEPS = np.array(sorted({k / n for n in (1, 2, 3) for k in range(1, 5 * n)}))
UNUSUAL = np.where(ROUND_STEPS % 1 == 0, 0.0, 0.3)
ROUND_NOISE, ROUND_SHARE = 0.04, 0.02  # stops, and per stop, by which a round step may be measured wrong
NOT_ROUND = 6.0  # a step that is not round says nothing
SAME_EXPOSURE = 0.2  # stops; nor does one between frames of one exposure
MOST_STEPS = 3  # a bracket's steps are mostly alike, so that more of them say no more


class Measured(NamedTuple):
    """What the pixels say, for n frames.

    stops: exposures, 0 the darkest frame's; gaps: frames from dark to bright share no well-exposed pixels across these
    steps, n - 1 booleans, and the step counts 0 there; order: indices of the frames from dark to bright;
    log_light: (256,), log2 of the light behind each value, 0 at 128; uncertainty: of the common factor of all steps,
    a standard deviation of its natural logarithm.
    """

    stops: np.ndarray
    gaps: np.ndarray
    order: np.ndarray
    log_light: np.ndarray
    uncertainty: float


def measure(frames: Sequence[np.ndarray]) -> Measured:
    """Measure the exposures of frames (uint8, height x width x 3, encoded by one curve), in any order.

    >>> ramp = (255 * np.linspace(0, 1, 3000) ** (1 / 2.2)).astype(np.uint8).reshape(30, 100, 1)
    >>> brighter = (255 * np.clip(np.linspace(0, 2, 3000), 0, 1) ** (1 / 2.2)).astype(np.uint8).reshape(30, 100, 1)
    >>> found = measure([np.repeat(brighter, 3, axis=2), np.repeat(ramp, 3, axis=2)])
    >>> bool(abs(found.stops[0] - 1) < 0.1), found.order.tolist()
    (True, [1, 0])
    """
    order = np.argsort([frame.mean() for frame in frames], kind="stable")
    pairs = [_transfer(frames[darker], frames[brighter]) for darker, brighter in pairwise(order)]
    curves = camera_curves.family()
    gaps = np.array([len(pair.darker) < brightness_transfer.FEWEST_PAIRS for pair in pairs], bool)
    steps, costs = np.zeros((len(curves.log_light), len(pairs))), np.zeros(len(curves.log_light))
    for i in np.flatnonzero(~gaps):
        steps[:, i], cost = _steps_of(pairs[i], curves.log_light)
        costs += cost
    log_posterior = (
        curves.log_prior - CERTAINTY * (~gaps).sum() / 2 * np.log(costs + 1e-6) - unroundness(steps[:, ~gaps])
    )
    posterior = np.exp(log_posterior - log_posterior.max())
    posterior /= posterior.sum()
    mean = posterior @ steps
    spread = np.log(np.maximum(steps.sum(axis=1), 1e-3)) - np.log(max(mean.sum(), 1e-3))
    stops = np.zeros(len(frames))
    stops[order[1:]] = np.cumsum(mean)
    return Measured(stops, gaps, order, posterior @ curves.log_light, float(np.sqrt(posterior @ spread**2)))


def unroundness(steps: np.ndarray) -> np.ndarray:
    """Return how unlikely it is that cameras take such steps, in stops (... x n), as negative logarithms (...).

    >>> unroundness(np.array([[1.0, 1.0], [1.2, 1.2]])).round(1).tolist()
    [0.0, 4.6]
    """
    if steps.shape[-1] == 0:
        return np.zeros(steps.shape[:-1])
    counting = np.median(steps.reshape(-1, steps.shape[-1]), axis=0) > SAME_EXPOSURE
    if not counting.any():
        return np.zeros(steps.shape[:-1])
    misses = (steps[..., counting, None] - ROUND_STEPS) / (ROUND_NOISE + ROUND_SHARE * ROUND_STEPS)
    costs = np.minimum((misses**2 / 2 + UNUSUAL).min(axis=-1), NOT_ROUND)
    return costs.mean(axis=-1) * min(counting.sum(), MOST_STEPS)


def _transfer(darker: np.ndarray, brighter: np.ndarray) -> Transfer:
    """Return the pairs of values of all channels, over what both frames show."""
    common = coarse_alignment.overlap(darker, brighter, coarse_alignment.shift_between(darker, brighter))
    return brightness_transfer.joined(brightness_transfer.between(*common))


def _steps_of(pair: Transfer, log_light: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each curve, the step in stops that a transfer function means under it, and how badly it fits."""
    stops, error = pair.steps(log_light), pair.variance(log_light)
    step = np.median(stops, axis=1)
    for _ in range(4):
        variance = error + (LEAST_ERROR * np.maximum(np.abs(step), 0.3)[:, None]) ** 2
        deviation = (stops - step[:, None]) ** 2 / variance
        weight = 1 / variance / (1 + deviation / TAIL**2)
        step = (weight * stops).sum(axis=1) / weight.sum(axis=1)
    return step, np.log1p(deviation / TAIL**2).sum(axis=1)
