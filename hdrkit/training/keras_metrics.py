"""PSNR and SSIM while training: Keras metrics on batches (n, h, w, 3) in [0, 1].

Apart from `hdrkit.evaluation.metrics`, so that notebooks which train nothing need not load TensorFlow.
Truth outside [0, 1] stops the training with a message: the data range is 1, and nothing else. A prediction is cut to
[0, 1] first, as it would be when it is saved; a last activation without an upper bound would need it.
"""

from typing import Any

import keras
import tensorflow as tf

from hdrkit.core.tensors import Tensor
from hdrkit.training.devices import over_devices


def _decibel(mean_squared_error: Tensor) -> Tensor:
    return -10 / tf.math.log(10.0) * tf.math.log(mean_squared_error)


def _in_range(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
    """Return both as float32, the truth checked, the prediction cut to [0, 1]; NaN passes, and shows in the metric."""
    y_true, y_pred = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
    outside = tf.reduce_any((y_true < 0) | (y_true > 1))
    tf.debugging.Assert(~outside, ["metrics expect pictures in [0, 1]"])
    return y_true, tf.clip_by_value(y_pred, 0, 1)


def _squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    y_true, y_pred = _in_range(y_true, y_pred)
    return tf.reduce_mean(tf.math.squared_difference(y_true, y_pred), axis=(1, 2, 3))


def _mean_of_batch(values: Tensor) -> Tensor:
    return over_devices(tf.reduce_mean(values), tf.shape(values)[0])


@keras.saving.register_keras_serializable("hdrkit")
class PSNR(keras.metrics.Mean):
    """Mean over the pictures of each picture's PSNR, in dB."""

    def __init__(self, name: str = "psnr", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> None:
        super().update_state(_decibel(_squared_error(y_true, y_pred)))


@keras.saving.register_keras_serializable("hdrkit")
class PooledPSNR(keras.metrics.Mean):
    """Mean over the batches of the PSNR of the whole batch, in dB: the metric of the report's code.

    Never above `PSNR` (Jensen), and depends on how the pictures were batched. A smaller last batch counts as much as
    the others; in the authors' Keras 2.2 it counted by its pictures, as in `hdrkit.evaluation.pooling`.
    """

    def __init__(self, name: str = "psnr_pooled", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> None:
        super().update_state(_decibel(_mean_of_batch(_squared_error(y_true, y_pred))))


@keras.saving.register_keras_serializable("hdrkit")
class SSIM(keras.metrics.Mean):
    """Mean over the pictures of each picture's structural similarity, as `metrics.ssim` defines it."""

    def __init__(self, name: str = "ssim", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> None:
        super().update_state(tf.image.ssim(*_in_range(y_true, y_pred), max_val=1.0))


@keras.saving.register_keras_serializable("hdrkit")
class PublishedSSIM(keras.metrics.Mean):
    """Mean over the batches of the "SSIM" of the report's code, wrong as `metrics.ssim_published` tells: figure 5."""

    def __init__(self, name: str = "ssim_published", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> None:
        x, y = _in_range(y_true, y_pred)
        c1, c2 = (0.04 * 255) ** 2, (0.06 * 255) ** 2
        mean_x, mean_y = (_mean_of_batch(z) for z in (x, y))
        s_x, s_y = (tf.sqrt(_mean_of_batch(tf.square(z - mean))) for z, mean in ((x, mean_x), (y, mean_y)))
        numerator = (2 * mean_x * mean_y + c1) * (2 * tf.sqrt(s_x * s_y) * c2)
        super().update_state(numerator / ((mean_x**2 + mean_y**2 + c1) * (s_x**2 + s_y**2 + c2)))
