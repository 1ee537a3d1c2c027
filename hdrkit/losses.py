"""The report's losses (section 4.1) as Keras losses on pictures (n, h, w, 3) in [0, 1]."""

import keras
from keras import ops

from hdrkit.errors import HdrkitError

# What the names in profiles and studies stand for: the weight of each term.
WEIGHTS = {
    "l1": {"l1": 1},
    "l2": {"l2": 1},
    "tv": {"tv": 1},
    "l1_tv": {"l1": 1, "tv": 1},  # the report's final model
    "l1_l2_tv": {"l1": 1, "l2": 1, "tv": 1},  # what section 4.1 also says
}


def l1(y_true, y_pred):
    """Return the mean absolute error of each picture, shape (n,)."""
    return ops.mean(ops.abs(y_pred - y_true), axis=(1, 2, 3))


def l2(y_true, y_pred):
    """Return the mean squared error of each picture, shape (n,)."""
    return ops.mean(ops.square(y_pred - y_true), axis=(1, 2, 3))


def total_variation(y_pred, beta=2.5):
    """Return the mean of (dx^2 + dy^2)^(beta / 2) of each picture, shape (n,).

    dx and dy are forward differences on the top left (h - 1) x (w - 1) pixels. The report prints the term on
    the truth, where it would be a constant; its code, like this, takes the prediction.
    """
    dx = y_pred[:, :-1, 1:] - y_pred[:, :-1, :-1]
    dy = y_pred[:, 1:, :-1] - y_pred[:, :-1, :-1]
    return ops.mean(ops.power(ops.square(dx) + ops.square(dy), beta / 2), axis=(1, 2, 3))


@keras.saving.register_keras_serializable("hdrkit")
class WeightedLoss(keras.losses.Loss):
    """A weighted sum of `l1`, `l2` and `total_variation`; part of a model's file without any code in it."""

    def __init__(self, l1=0.0, l2=0.0, tv=0.0, name="loss", **kwargs):
        super().__init__(name=name, **kwargs)
        self.weights = {"l1": l1, "l2": l2, "tv": tv}

    def call(self, y_true, y_pred):
        terms = {"l1": l1, "l2": l2, "tv": lambda _, y_pred: total_variation(y_pred)}
        return sum(weight * terms[name](y_true, y_pred) for name, weight in self.weights.items() if weight)

    def get_config(self):
        return {**super().get_config(), **self.weights}


def get(name: str) -> WeightedLoss:
    """Return the loss of that name, a key of WEIGHTS; raise HdrkitError for any other."""
    if name not in WEIGHTS:
        raise HdrkitError(f"unknown loss {name!r}: choose one of {', '.join(WEIGHTS)}")
    return WeightedLoss(**WEIGHTS[name])
