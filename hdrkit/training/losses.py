"""The losses of the report (section 4.1) and of the systems it builds on, for pictures (n, h, w, 3) in [0, 1]."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from hdrkit.core.errors import HdrkitError
from hdrkit.core.tensors import Tensor
from hdrkit.training.devices import over_devices

# What the names in profiles and studies stand for: the weight of each term.
WEIGHTS: dict[str, dict[str, float]] = {
    "l1": {"l1": 1},
    "l2": {"l2": 1},
    "tv": {"tv": 1},
    "l1_tv": {"l1": 1, "tv": 1},  # the report's final model
    "l1_l2_tv": {"l1": 1, "l2": 1, "tv": 1},  # what section 4.1 also says
    "l1_l2_half_tv": {"l1": 1, "l2": 1, "tv_3": 0.5},  # what the authors' earlier code computes
    "expandnet": {"l1": 1, "cosine": 5},  # Marnerides et al. 2018
    "hdrcnn": {"illumination": 0.5, "reflectance": 0.5},  # Eilertsen et al. 2017
    "log_l2": {"log_l2": 1},  # the kit's own network
}

EPSILON = 1 / 255  # keeps logarithms and directions finite: below one level of 8 bits, neither means anything
LUMINANCE = (0.213, 0.715, 0.072)  # weights of linear red, green and blue, as in HDRCNN's code
SIGMA = 2  # pixels, of the blur from luminance to illumination: 13 taps; HDRCNN's 13 amount to 3.7, of crops of 320
HIGHLIGHT = 0.95  # where HDRCNN begins to take a channel for clipped
# HDRCNN gives unclipped pixels no weight, since it keeps the input there. Our network answers for them, too: a tenth,
# so that it learns them from the many there are, and the clipped ones still count most.
FLOOR = 0.1


def l1(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Return the mean absolute error of each picture, shape (n,)."""
    return ops.mean(ops.abs(y_pred - y_true), axis=(1, 2, 3))


def l2(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Return the mean squared error of each picture, shape (n,)."""
    return ops.mean(ops.square(y_pred - y_true), axis=(1, 2, 3))


def log_l2(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Return the natural logarithm of the mean squared error of each picture, shape (n,): PSNR, but for a factor.

    Every picture counts alike; with the plain error, one that cannot be saved outweighs ten that can. Flat above 40 dB.
    """
    return ops.log(l2(y_true, y_pred) + 1e-4)


def total_variation(y_pred: Tensor, beta: float = 2.5) -> Tensor:
    """Return the mean of (dx^2 + dy^2)^(beta / 2) of each picture, shape (n,).

    dx and dy are forward differences on the top left (h - 1) x (w - 1) pixels. The report prints the term on
    the truth, where it would be a constant; its code, like this, takes the prediction.
    """
    dx = y_pred[:, :-1, 1:] - y_pred[:, :-1, :-1]
    dy = y_pred[:, 1:, :-1] - y_pred[:, :-1, :-1]
    return ops.mean(ops.power(ops.square(dx) + ops.square(dy), beta / 2), axis=(1, 2, 3))


def cosine(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Return the mean of 1 - cos of the angle between the RGB vectors, of each picture, shape (n,).

    `EPSILON` is added to all channels, so that black has a direction, grey's. With the original's 1e-5 the gradient
    there would exceed 50,000.
    """
    true, pred = _direction(y_true), _direction(y_pred)
    return ops.mean(1 - ops.sum(true * pred, axis=-1), axis=(1, 2))


def _direction(y: Tensor) -> Tensor:
    y = y + EPSILON
    return y / ops.sqrt(ops.sum(ops.square(y), axis=-1, keepdims=True))


def illumination(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Return the squared error of the blurred log luminance at each pixel, shape (n, h, w).

    Squares of encoded values stand for linear ones. Beyond the border the error counts as 0, as in HDRCNN's code.
    """
    return ops.square(_log_errors(y_true, y_pred)[0])[..., 0]


def reflectance(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Return the mean squared error of the log channels without their illumination at each pixel, shape (n, h, w)."""
    blurred, channels = _log_errors(y_true, y_pred)
    return ops.mean(ops.square(channels - blurred), axis=-1)


def _log_errors(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
    """Return the errors of illumination (n, h, w, 1) and of log channels (n, h, w, 3); blurring is linear."""
    true, pred = ops.square(y_true), ops.square(y_pred)
    weights = ops.reshape(ops.convert_to_tensor(LUMINANCE, true.dtype), (3, 1))
    luminance = _log(pred @ weights) - _log(true @ weights)
    taps = np.exp(-0.5 * (np.arange(-3 * SIGMA, 3 * SIGMA + 1) / SIGMA) ** 2)
    taps = ops.convert_to_tensor(taps / taps.sum(), true.dtype)
    for shape in ((-1, 1, 1, 1), (1, -1, 1, 1)):
        luminance = ops.conv(luminance, ops.reshape(taps, shape), padding="same")
    return luminance, _log(pred) - _log(true)


def _log(linear: Tensor) -> Tensor:
    return ops.log(linear + EPSILON)


def highlight_weights(frames: Tensor) -> Tensor:
    """Return HDRCNN's alpha, how far each pixel of frames (n, h, w, 3) is clipped, from `FLOOR` to 1; (n, h, w)."""
    alpha = ops.clip((ops.max(frames, axis=-1) - HIGHLIGHT) / (1 - HIGHLIGHT), 0, 1)
    return FLOOR + (1 - FLOOR) * alpha


# The losses whose pixels are weighed by the frame, which a Keras loss does not see; see `recipes.fit`.
PIXEL_WEIGHTS = {"hdrcnn": highlight_weights}

TERMS = {
    "l1": l1,
    "l2": l2,
    "log_l2": log_l2,
    "tv": lambda y_true, y_pred: total_variation(y_pred),
    "tv_3": lambda y_true, y_pred: total_variation(y_pred, beta=3),
    "cosine": cosine,
    "illumination": illumination,
    "reflectance": reflectance,
}


@keras.saving.register_keras_serializable("hdrkit")
class WeightedLoss(keras.losses.Loss):
    """A weighted sum of `TERMS`, all of them for pictures or all for pixels; a model's file holds no code of it."""

    def __init__(self, weights: Mapping[str, float], name: str = "loss", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.weights = dict(weights)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return sum(weight * TERMS[name](y_true, y_pred) for name, weight in self.weights.items())

    def __call__(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> Tensor:
        return over_devices(super().__call__(y_true, y_pred, sample_weight), ops.shape(y_pred)[0])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "weights": self.weights}


def get(name: str) -> WeightedLoss:
    """Return the loss of that name, a key of WEIGHTS; raise HdrkitError for any other."""
    if name not in WEIGHTS:
        raise HdrkitError(f"unknown loss {name!r}: choose one of {', '.join(WEIGHTS)}")
    return WeightedLoss(WEIGHTS[name])
