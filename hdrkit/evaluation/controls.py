"""Controls: simple answers that give a score its meaning. Three of the four may look at the render: they are oracles.

The oracles that need a network's layers stand in `hdrkit.evaluation.oracles`.
"""

import numpy as np
from skimage.exposure import match_histograms

from hdrkit.core.progress_bar import brief
from hdrkit.dataset.crops import Crops


def apply_control(crops: Crops, name: str) -> np.ndarray:
    """Return what a control makes of each crop: uint8, crops x size x size x 3. `name` is one of `CONTROLS`."""
    control, pairs = CONTROLS[name], zip(crops.x, crops.target, strict=True)
    return np.stack([control(x, crops.y[j]) for x, j in brief(pairs, f"control {name}", len(crops.x), unit="crop")])


def unchanged(frame: np.ndarray, render: np.ndarray) -> np.ndarray:
    """Do nothing: the frame itself."""
    return frame


def best_constant(frame: np.ndarray, render: np.ndarray) -> np.ndarray:
    """Paint the picture in the one colour with the highest PSNR: the render's mean (an oracle, and still flat)."""
    return np.broadcast_to(np.round(render.mean(axis=(0, 1))).astype(np.uint8), render.shape)


def best_gamma(frame: np.ndarray, render: np.ndarray) -> np.ndarray:
    """Apply the single exponent that comes closest to the render (an oracle): uint8 to uint8.

    Exponents from 1/16 to 16 in steps of 0.7 %. Every pixel of one value gets one new value, so that sums over
    256 values replace sums over pixels.
    """
    values = np.arange(256) / 255
    count = np.bincount(frame.ravel(), minlength=256)
    wanted = np.bincount(frame.ravel(), weights=render.ravel(), minlength=256)
    curves = np.round(255 * values ** np.exp2(np.arange(-4, 4.01, 0.01))[:, None])
    error = (count * curves**2 - 2 * wanted * curves).sum(axis=1)
    return curves[error.argmin()].astype(np.uint8)[frame]


def histogram_match(frame: np.ndarray, render: np.ndarray) -> np.ndarray:
    """Give each channel the curve that makes its histogram the render's (an oracle); others have a smaller error."""
    return np.round(match_histograms(frame, render, channel_axis=-1)).astype(np.uint8)


CONTROLS = {
    "input": unchanged,
    "best_constant": best_constant,
    "best_gamma": best_gamma,
    "histogram_match": histogram_match,
}
