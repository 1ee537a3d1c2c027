"""What is stated of a bracket's exposures held against what its pixels say, and which of the two is believed.

All frames share one camera curve. So if the pixels contradict what is stated of all frames alike, by a factor of every
step, the curve was misjudged; if one frame alone contradicts its neighbours, what is stated of it is wrong.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from hdrkit.brackets.measured_exposure import Measured, unroundness
from hdrkit.brackets.stated_exposure import BY_HAND, NOTHING, Stated

# Standard deviations, in stops, of a measured step under the right curve: its noise, and per stop of it.
STEP_NOISE, STEP_SHARE = 0.08, 0.04
LEAST_FACTOR_NOISE = 0.12  # of the natural logarithm of the factor between stated and measured steps
COST_OF_DISBELIEF = 8.0  # half a squared deviation of 4 standard deviations: then a statement is rather false
FACTORS = np.exp(np.linspace(np.log(0.4), np.log(2.5), 184))
# Standard deviation, least and most, of the natural logarithm of a factor for which roundness alone speaks.
ROUNDING_NOISE = (0.08, 0.15)
UNKNOWN_STEP = 2.0  # stops between frames that share no well-exposed pixels, where nothing is stated


class Exposures(NamedTuple):
    """The exposures to merge with: `stops`, 0 the darkest frame's, and a line for each doubt, saying what was done."""

    stops: np.ndarray
    remarks: list[str]


def middle(stops: np.ndarray) -> int:
    """Return the index of the frame of middle exposure, the darker one of two: brackets are taken around it.

    >>> middle(np.array([4.0, 0.0, 2.0, 6.0]))
    2
    """
    return int(np.argsort(stops, kind="stable")[(len(stops) - 1) // 2])


def settle(stated: Stated, measured: Measured, names: Sequence[str]) -> Exposures:
    """Choose the exposures of frames, called by `names` in the remarks.

    What is stated is believed but for single frames that contradict all others; these, and frames of which nothing is
    stated, get what their pixels say. Where most contradict each other, or nothing is stated, all are measured, and the
    factor that pixels alone leave open follows from the usual camera curves and from round steps. What a user states by
    hand is believed all the same, and a line says where pixels contradict it.
    """
    by_hand = stated.source == BY_HAND
    winner = BY_HAND if by_hand else "pixels"
    order = measured.order
    told, pixels = stated.stops[order], _bridged(measured)
    known = np.flatnonzero(np.isfinite(told))
    if len(known) < 2:
        factor = round_factor(np.diff(pixels)[~measured.gaps], measured.uncertainty)
        return Exposures(
            _in_file_order(factor * pixels, order), [_all_measured(factor * np.ptp(pixels), measured, stated)]
        )
    factor, believed = _believed(told[known], pixels[known], measured, known)
    kept = known[believed]
    if 2 * len(kept) <= len(known):
        doubt = f"{len(known) - len(kept)} of {len(known)} frames contradict what {_says(stated)}"
        stops = stated.stops if by_hand else _in_file_order(factor * pixels, order)
        return Exposures(stops, [f"{doubt}; {winner} believed for all"])
    found = _filled(told, factor * pixels, kept)
    remarks = []
    for i in np.setdiff1d(known, kept):
        doubt = f"pixels {found[i] - told[i]:+.1f} stops from what {_says(stated)}"
        remarks.append(f"{names[order[i]]}: {doubt}; {winner} believed")
    for i in np.setdiff1d(np.arange(len(told)), known):
        remarks.append(f"{names[order[i]]}: {_says(stated)} nothing of its exposure; measured from the pixels")
    return Exposures(stated.stops if by_hand else _in_file_order(found, order), remarks)


def _all_measured(span: float, measured: Measured, stated: Stated) -> str:
    found = "no exposure times found" if stated.source == NOTHING else f"{_says(stated)} the same of all frames"
    line = f"{found}; measured from the pixels: {span:.1f} stops, if the camera's curve is usual"
    if count := int(measured.gaps.sum()):
        line += f"; {count} steps between frames that share too few well-exposed pixels count {UNKNOWN_STEP:g} stops"
    return line


def _says(stated: Stated) -> str:
    return f"{stated.source} say" if stated.source.endswith(("times", "names")) else f"{stated.source} says"


def _in_file_order(stops: np.ndarray, order: np.ndarray) -> np.ndarray:
    found = np.empty(len(stops))
    found[order] = stops - stops.min()
    return found


def _bridged(measured: Measured, factor: float = 1.0) -> np.ndarray:
    """Return exposures from dark to bright: measured steps times a factor; `UNKNOWN_STEP` where nothing measures."""
    steps = factor * np.diff(measured.stops[measured.order])
    return np.concatenate([[0.0], np.cumsum(np.where(measured.gaps, UNKNOWN_STEP, steps))])


def _believed(told: np.ndarray, pixels: np.ndarray, measured: Measured, known: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the factor of the measured steps, and the frames that agree under it: the cheapest explanation."""
    gaps_before = np.concatenate([[0], np.cumsum(measured.gaps)])[known]
    noise = max(measured.uncertainty, LEAST_FACTOR_NOISE)
    best: tuple[float, float, np.ndarray] = (np.inf, 1.0, np.arange(len(told)))
    for factor in FACTORS:
        cost, chain = _chain(told, factor * pixels, gaps_before)
        cost += np.log(factor) ** 2 / (2 * noise**2)
        if cost < best[0]:
            best = cost, float(factor), chain
    return best[1], best[2]


def _chain(told: np.ndarray, pixels: np.ndarray, gaps_before: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the cheapest chain of frames whose stated steps agree with the measured ones, and its cost.

    Each frame left out costs `COST_OF_DISBELIEF`, each step in the chain half its squared deviation; where pixels
    measure nothing, no statement is contradicted (dynamic programming over the last frame of the chain).
    """
    count = len(told)
    costs, before = COST_OF_DISBELIEF * np.arange(count, dtype=float), np.full(count, -1)
    for j in range(1, count):
        steps = pixels[j] - pixels[:j]
        deviation = (told[j] - told[:j] - steps) / (STEP_NOISE + STEP_SHARE * np.abs(steps))
        deviation[gaps_before[:j] != gaps_before[j]] = 0
        reached = costs[:j] + deviation**2 / 2 + COST_OF_DISBELIEF * (j - 1 - np.arange(j))
        if reached.min() < costs[j]:
            costs[j], before[j] = reached.min(), int(reached.argmin())
    totals = costs + COST_OF_DISBELIEF * (count - 1 - np.arange(count))
    chain = [int(totals.argmin())]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return float(totals.min()), np.array(chain[::-1])


def _filled(told: np.ndarray, pixels: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return stated exposures of the frames `kept`, and those of the others as far from them as pixels say."""
    return pixels + np.interp(np.arange(len(told)), kept, (told - pixels)[kept])


def round_factor(steps: np.ndarray, uncertainty: float) -> float:
    """Return the factor that brings measured steps, in stops, to those that cameras take, if one near 1 does.

    uncertainty: standard deviation of the natural logarithm of the steps' common factor.

    >>> round(round_factor(np.array([1.08, 1.1, 1.12]), 0.1), 2)
    0.92
    """
    if not len(steps):
        return 1.0
    costs = unroundness(FACTORS[:, None] * steps)
    costs += np.log(FACTORS) ** 2 / (2 * np.clip(uncertainty, *ROUNDING_NOISE) ** 2)
    return float(FACTORS[costs.argmin()])
