"""A camera's response recovered from frames of known exposures, and radiance merged with it.

As Debevec and Malik (1997) do, log exposure behind each value is found by least squares with a smoothness term. Unlike
there, the equations are transfer functions between frames (`brightness_transfer`), which neither noise nor small
movements spoil, and what is smooth is the deviation from a curve that cameras have, not the curve itself.
"""

from collections.abc import Sequence

import numpy as np

from hdrkit.dataset import brightness_transfer
from hdrkit.dataset.measured_exposure import LEAST_ERROR, ROUNDING, TAIL, Measured, at

KNOTS = np.linspace(0, 255, 33)
SMOOTHNESS = 30.0  # weight of second differences of the deviation between knots, as if measured to 1/30 of a stop
TRUST = 2.0  # weight of the deviation itself, as if known to be 0 to 1/2 of a stop
CLIPPED, NOISE = 250, 3  # values from, and up to, which a pixel says nothing of its light


def recover(frames: Sequence[np.ndarray], stops: np.ndarray, measured: Measured) -> np.ndarray:
    """Return log2 of the light behind each 8-bit value, 0 at 128, of each channel: (3, 256), never falling.

    frames: uint8, height x width x 3, one curve; stops: their exposures; measured: what their pixels say, a start.
    """
    order = np.argsort(stops, kind="stable")
    shares = [brightness_transfer.histograms(frames[i]) for i in order]
    start = measured.log_light * _scale(stops, measured)
    curves = []
    for channel in range(3):
        pairs, steps = [], []
        for i in range(len(order)):
            for j in range(i + 1, min(i + 3, len(order))):
                pair = brightness_transfer.transfers(shares[i], shares[j])[channel]
                pairs.append(pair)
                steps.append(np.full(len(pair.weight), stops[order[j]] - stops[order[i]]))
        deviation = _deviation(brightness_transfer.joined(pairs), np.concatenate(steps), start)
        curve = np.maximum.accumulate(start + np.interp(np.arange(256), KNOTS, deviation))
        curves.append(curve - curve[128])
    return np.array(curves)


def _scale(stops: np.ndarray, measured: Measured) -> float:
    """Return the factor between given steps and measured ones, over the steps that pixels measure."""
    given, found = (np.diff(which[measured.order])[~measured.gaps] for which in (stops, measured.stops))
    return float((given @ found) / (found @ found)) if (given @ found) > 0 else 1.0


def _deviation(pairs: brightness_transfer.Transfer, steps: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return, at the knots, by how much the curve that explains the steps deviates from `start`, in stops."""
    hats = [
        np.array([np.interp(v, KNOTS, unit) for unit in np.eye(len(KNOTS))]).T for v in (pairs.brighter, pairs.darker)
    ]
    equations = hats[0] - hats[1]
    wanted = steps - (at(start, pairs.brighter) - at(start, pairs.darker))
    slope = np.gradient(start)
    variance = ROUNDING**2 * (at(slope, pairs.darker) ** 2 + at(slope, pairs.brighter) ** 2)
    variance += (LEAST_ERROR * np.maximum(np.abs(steps), 0.3)) ** 2
    smooth = SMOOTHNESS * np.diff(np.eye(len(KNOTS)), 2, axis=0)
    prior = smooth.T @ smooth + TRUST**2 * np.eye(len(KNOTS))
    weight, found = pairs.weight / variance, np.zeros(len(KNOTS))
    for _ in range(5):
        residual = (equations @ found - wanted) ** 2 / variance
        robust = weight / (1 + residual / TAIL**2)
        found = np.linalg.solve(equations.T @ (robust[:, None] * equations) + prior, equations.T @ (robust * wanted))
    return found


def merge(frames: Sequence[np.ndarray], stops: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Merge aligned frames to relative radiance: float32, height x width x 3, 1 where a value of 128 has exposure 0.

    frames: uint8, height x width x 3; stops: their exposures; response: as from `recover`.
    A pixel counts by how far its value is from both ends, and by its exposure, as the noise of its light does. Where no
    frame says anything, the darkest one counts if it is clipped, the brightest one if all are black.
    """
    values = np.arange(256)
    hat = np.clip(np.minimum(values - NOISE, CLIPPED - values) / 64, 0, 1)
    total, weights = np.zeros((2, *frames[0].shape), np.float32)
    for frame, stop in zip(frames, stops, strict=True):
        for channel in range(3):
            weight = (hat * 2.0**stop).astype(np.float32)
            light = (weight * 2.0 ** (response[channel] - stop)).astype(np.float32)
            total[..., channel] += light[frame[..., channel]]
            weights[..., channel] += weight[frame[..., channel]]
    ends = [_light(frames[i], response, stops[i]) for i in (int(np.argmin(stops)), int(np.argmax(stops)))]
    nowhere = np.where(frames[int(np.argmin(stops))] >= CLIPPED, *ends)
    return np.where(weights > 0, total / np.maximum(weights, 1e-12), nowhere)


def _light(frame: np.ndarray, response: np.ndarray, stop: float) -> np.ndarray:
    tables = (2.0 ** (response - stop)).astype(np.float32)
    return np.dstack([tables[channel][frame[..., channel]] for channel in range(3)])
