"""A camera's response recovered from frames of known exposures, and radiance merged with it.

As Debevec and Malik (1997) do, log exposure behind each value is found by least squares with a smoothness term. Unlike
there, the equations are transfer functions between frames (`brightness_transfer`), which neither noise nor small
movements spoil, and what is smooth is the deviation from a curve that cameras have, not the curve itself.
"""

from collections.abc import Sequence

import numpy as np

from hdrkit.brackets import brightness_transfer
from hdrkit.brackets.brightness_transfer import Transfer
from hdrkit.brackets.frame_pairs import FramePairs
from hdrkit.brackets.measured_exposure import LEAST_ERROR, TAIL

KNOTS = np.linspace(0, 255, 33)
SMOOTHNESS = 30.0  # weight of second differences of the deviation between knots, as if measured to 1/30 of a stop
TRUST = 2.0  # weight of the deviation itself, as if known to be 0 to 1/2 of a stop
LEAST_STEP = 0.15  # stops; smaller ones, as between frames of one exposure, say nothing of the power of a curve
CLIPPED, NOISE = 250, 3  # values from, and up to, which a pixel says nothing of its light
# How much each value says of it: all of its light in the middle, less towards both ends.
TRUST_IN_VALUES = np.clip(np.minimum(np.arange(256) - NOISE, CLIPPED - np.arange(256)) / 64, 0, 1)


def recover(frames: FramePairs, stops: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return log2 of the light behind each 8-bit value, 0 at 128, of each channel: (3, 256), never falling.

    frames: of one curve; stops: their exposures; start: (256,), log2 of the light by a curve that is like the camera's
    but for a power of it, as `measured_exposure` finds it.
    """
    found = [
        (frames.pair(darker, brighter).transfers, float(stops[brighter] - stops[darker]))
        for darker, brighter in frames.neighbours()
    ]
    curves = []
    for channel in range(3):
        pairs = brightness_transfer.joined([transfers[channel] for transfers, _ in found])
        steps = np.concatenate([np.full(len(transfers[channel].darker), step) for transfers, step in found])
        scaled = start * _power(pairs, steps, start)
        deviation = np.interp(np.arange(256), KNOTS, _deviation(pairs, steps, scaled))
        curve = np.maximum.accumulate(scaled + deviation)
        curves.append(curve - curve[128])
    return np.array(curves)


def _power(pairs: Transfer, steps: np.ndarray, start: np.ndarray) -> float:
    """Return the power of the start's light that explains the steps best; 1 where they say nothing."""
    telling = np.abs(steps) > LEAST_STEP
    expected, steps = pairs.steps(start)[telling], steps[telling]
    square = float(expected @ expected)
    power = float(steps @ expected) / square if square > 0 else 1.0
    return power if power > 0 else 1.0


def _deviation(pairs: Transfer, steps: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return, at the knots, by how much the curve that explains the steps deviates from `start`, in stops."""
    hats = [
        np.array([np.interp(v, KNOTS, unit) for unit in np.eye(len(KNOTS))]).T for v in (pairs.brighter, pairs.darker)
    ]
    equations = hats[0] - hats[1]
    wanted = steps - pairs.steps(start)
    variance = pairs.variance(start) + (LEAST_ERROR * np.maximum(np.abs(steps), 0.3)) ** 2
    smooth = SMOOTHNESS * np.diff(np.eye(len(KNOTS)), 2, axis=0)
    prior = smooth.T @ smooth + TRUST**2 * np.eye(len(KNOTS))
    found = np.zeros(len(KNOTS))
    for _ in range(5):
        residual = (equations @ found - wanted) ** 2 / variance
        robust = 1 / variance / (1 + residual / TAIL**2)
        found = np.linalg.solve(equations.T @ (robust[:, None] * equations) + prior, equations.T @ (robust * wanted))
    return found


def merge(frames: Sequence[np.ndarray], stops: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Merge aligned frames to relative radiance: float32, height x width x 3, 1 where a value of 128 has exposure 0.

    frames: uint8, height x width x 3; stops: their exposures; response: as from `recover`.
    A pixel counts by how far its value is from both ends, and by its exposure, as the noise of its light does. Where no
    frame says anything, the darkest one counts if it is clipped, the brightest one if all are black.
    """
    total, weights = np.zeros((2, *frames[0].shape), np.float32)
    for frame, stop in zip(frames, stops, strict=True):
        for channel in range(3):
            weight = (TRUST_IN_VALUES * 2.0**stop).astype(np.float32)
            weighted = (weight * 2.0 ** (response[channel] - stop)).astype(np.float32)
            total[..., channel] += weighted[frame[..., channel]]
            weights[..., channel] += weight[frame[..., channel]]
    ends = [light(frames[i], response, stops[i]) for i in (int(np.argmin(stops)), int(np.argmax(stops)))]
    nowhere = np.where(frames[int(np.argmin(stops))] >= CLIPPED, *ends)
    return np.where(weights > 0, total / np.maximum(weights, 1e-12), nowhere)


def light(frame: np.ndarray, response: np.ndarray, stop: float | np.ndarray) -> np.ndarray:
    """Return the light of a frame (uint8, height x width x 3) taken at exposure `stop`: float32, as `merge` has it.

    response: (3, 256), as from `recover`. stop: one for all channels, or (3, 1).
    """
    tables = (2.0 ** (response - stop)).astype(np.float32)
    return np.dstack([tables[channel][frame[..., channel]] for channel in range(3)])
