"""ExpandNet (Marnerides et al. 2018): three branches of different reach, joined at full resolution, no upsampling.

456,899 parameters. Differences from the original: its target is linear HDR radiance scaled to [0, 1], ours a
tone-mapped render of 8 bits; its frames are tone-mapped anew in each epoch, ours are a camera's. Its code leaves the
last convolution of the dilation and of the global branch linear, here SELU follows each convolution but the last.
"""

from typing import Any

import keras
from keras import layers, ops

from hdrkit.core.tensors import Tensor
from hdrkit.models.vgg16 import scaled

THUMBNAIL = 256  # height and width of what the global branch sees, whatever the picture's


@keras.saving.register_keras_serializable("hdrkit")
class Spread(layers.Layer):
    """Repeat vectors (n, 1, 1, c) at every pixel of pictures (n, h, w, any): (n, h, w, c). Has no weights."""

    def call(self, vectors: Tensor, pictures: Tensor) -> Tensor:
        return vectors + ops.zeros_like(pictures[..., :1])


def build(size: int | None, *, width: float = 1.0) -> keras.Model:
    """Return the network: RGB pictures (n, size, size, 3) in [0, 1] to pictures of the same shape and range.

    size: any, or None for pictures of any height and width. width: scales the channels, for tests.
    """
    few, many = scaled(64, width), scaled(128, width)
    picture = keras.Input((size, size, 3), name="picture")

    near = _convolve(picture, few, "local_1")
    near = _convolve(near, many, "local_2")

    around = picture
    for number in range(1, 5):
        around = _convolve(around, few, f"dilation_{number}", dilation_rate=2)

    whole = layers.Resizing(THUMBNAIL, THUMBNAIL, name="thumbnail")(picture)
    for number in range(1, 7):
        whole = _convolve(whole, few, f"global_{number}", strides=2)
    whole = _convolve(whole, few, "global_7", kernel=4, padding="valid")
    whole = Spread(name="global_everywhere")(whole, picture)

    x = layers.Concatenate(name="branches")([near, around, whole])
    x = _convolve(x, few, "fuse", kernel=1)
    # float32 in mixed precision, too
    x = _convolve(x, 3, "output", kernel=1, activation="sigmoid", dtype="float32")
    return keras.Model(picture, x, name="expandnet")


def _convolve(
    x: Tensor,
    channels: int,
    name: str,
    kernel: int = 3,
    padding: str = "same",
    activation: str = "selu",
    **options: Any,
) -> Tensor:
    # As PyTorch, and so the authors, starts kernels. From LeCun's, of three times the variance, which SELU was derived
    # for, Adam at the studies' rate drives the sigmoid to white within 60 steps (5 dB instead of 15).
    start = keras.initializers.VarianceScaling(1 / 3, mode="fan_in", distribution="uniform")
    options |= {"padding": padding, "activation": activation, "kernel_initializer": start}
    return layers.Conv2D(channels, kernel, name=name, **options)(x)
