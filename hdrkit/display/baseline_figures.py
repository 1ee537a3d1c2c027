"""The figures of notebook 4: a camera's response, scores in correct and in wrapping arithmetic, and controls."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hdrkit.core.vocabulary import FRAMES, METHODS
from hdrkit.display.figures import BESIDE, BLACK, BLUE, COLOURS, DASHED, GREEN, ORANGE, PURPLE, VERMILION

LOOKS: dict[str, dict[str, Any]] = {
    "libraw_default": {"label": FRAMES["libraw_default"], "color": VERMILION, "marker": "o"},
    "radiometric": {"label": f"{FRAMES['radiometric']}, registered", "color": BLUE, "marker": "s"},
}
BIN = 0.1  # dB, in histograms of scores


def response(recovered: np.ndarray, truth: np.ndarray) -> Figure:
    """Draw a camera response: `recovered` (256, 3) is the relative exposure behind each pixel value by channel,
    `truth` (256,) the linear light behind it in [0, 1]; both are drawn relative to value 128."""
    figure, axis = plt.subplots(figsize=(5.5, 3.4))
    channels = {"red": VERMILION, "green": GREEN, "blue": BLUE}
    for curve, (name, colour) in zip(recovered.T, channels.items(), strict=True):
        axis.semilogx(curve, np.arange(256), color=colour, label=name)
    axis.semilogx(truth[1:] / truth[128], np.arange(1, 256), "k:", label="sRGB curve, the truth here")
    axis.set(xlabel="relative exposure (logarithmic)", ylabel="pixel value (0 to 255)")
    axis.legend()
    return figure


def wraparound(reported_db: pd.Series, noise_db: list[float], expected_db: float) -> Figure:
    """Draw what wrapping makes of a squared error, and the scores that it leads to.

    reported_db: what the report's code printed, per scene; noise_db: as many scores of noise against noise;
    expected_db: what noise scores by calculation, the middle of a bin.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
    difference = np.arange(-128, 129)
    left.plot(difference, difference**2 % 256, ".", color=VERMILION, label="d² mod 256")
    left.plot(difference, difference**2, color=BLUE, label="d²")
    left.set(xlabel="difference d of two pixels", ylabel="squared error", ylim=(0, 600))
    left.legend()
    bins = expected_db + np.arange(-6.5, 21) * BIN
    right.hist(reported_db, bins, color=ORANGE, label=f"reported, {len(reported_db)} scenes")
    right.hist(noise_db, bins, color=BLACK, histtype="step", linewidth=1.5, label="as many pairs of pure noise")
    right.set(xlabel="PSNR (dB), wrapping arithmetic", ylabel="scenes")
    right.legend()
    return figure


def two_scores(by_scene: pd.DataFrame, expected_db: float) -> Figure:
    """Draw each picture's score in wrapping arithmetic over that in correct arithmetic.

    by_scene: as `fusion_scores.score_whole` makes it. expected_db: what noise scores by calculation.
    """
    figure, axis = plt.subplots(figsize=(5.5, 3.6))
    _scatter(axis, by_scene, "psnr_correct_db")
    axis.axhline(expected_db, **DASHED, label="noise against noise")
    axis.set(xlabel="PSNR, correct arithmetic (dB)", ylabel="PSNR, wrapping arithmetic (dB)")
    axis.legend(**BESIDE)
    return figure


def bands(band_db: np.ndarray, by_scene: pd.DataFrame, reported_db: pd.Series) -> Figure:
    """Draw what differences of one size score, each scene's score over the prediction from them, and the report's.

    band_db: (16,), the wrapping score of differences from 16 i to 16 i + 15. by_scene: as `fusion_scores.score_whole`
    makes it, with a column `predicted_db`. reported_db: what the report's code printed, per scene.
    """
    lowest, highest = 26.8, 29.9  # dB, around all three levels of the bands
    limits = (lowest, max(highest, by_scene.psnr_wrapping_db.max() + BIN))
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.6), width_ratios=(3, 3, 1))
    left.stairs(band_db, np.arange(0, 257, 16), color=BLACK, linewidth=1.5)
    left.set(xlabel="absolute difference of two pixels", ylabel="wrapping PSNR of that band (dB)")
    left.set(xticks=np.arange(0, 257, 64), ylim=limits)
    _scatter(middle, by_scene, "predicted_db")
    middle.axline((28, 28), slope=1, **DASHED)
    middle.set(xlabel="predicted from the bands (dB)", ylabel="wrapping PSNR (dB)", xlim=(lowest, highest), ylim=limits)
    middle.legend()
    right.hist(reported_db, np.arange(lowest, highest, BIN), orientation="horizontal", color=ORANGE)
    right.set(xlabel="scenes", title="reported", ylim=limits)
    return figure


def controls(by_ev: pd.DataFrame, all_frames_db: float, network_db: float) -> Figure:
    """Draw what the controls score at each exposure, with two scores that do not depend on it as lines.

    by_ev: PSNR in dB, a row per exposure value and a column per control. all_frames_db: the baseline from all frames.
    network_db: what the report says of its network.
    """
    figure, axis = plt.subplots(figsize=(7, 3.6))
    for control, colour in zip(by_ev, COLOURS, strict=False):
        axis.plot(by_ev.index, by_ev[control], "o-", color=colour, label=METHODS[control])
    axis.axhline(all_frames_db, color=PURPLE, label=METHODS["debevec_reinhard"])
    axis.axhline(network_db, **DASHED, label="the report's network, on its own survey")
    axis.set(xlabel="exposure value (stops)", ylabel="PSNR (dB)")
    axis.legend(**BESIDE)
    return figure


def _scatter(axis: plt.Axes, by_scene: pd.DataFrame, column: str) -> None:
    """Draw wrapping scores over another column, one point per scene and decoding."""
    for decoding, rows in by_scene.groupby("frames", sort=False):
        axis.scatter(rows[column], rows.psnr_wrapping_db, 16, **LOOKS[str(decoding)])
