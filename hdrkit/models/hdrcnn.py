"""HDRCNN (Eilertsen et al. 2017): VGG-16 as encoder, a decoder that works on logarithms, six skips.

29,447,332 parameters, all trained but the 3,974 moving averages of batch normalisation.
The original predicts log radiance, keeps its input where that is not clipped, and blends the network in by
alpha = clip((max channel - 0.95) / 0.05). Our target differs from the input everywhere: nothing is blended, the whole
picture is predicted, and alpha only weighs the loss (`losses.highlight_weights`). Further differences: a sigmoid makes
a picture of the log radiance z, L / (1 + L) with L = exp(z), the tone curve of Reinhard et al. 2002; the ReLU before
the last skip, which could only add light, is left out, since the render is darker than an over-exposed frame; and the
encoder starts from ImageNet's weights rather than Places365's.
"""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from hdrkit.core.errors import HdrkitError
from hdrkit.core.tensors import Tensor
from hdrkit.models import vgg16
from hdrkit.models.pretrained import Weights
from hdrkit.models.vgg16 import scaled

RAISED = (512, 512, 256, 128, 64)  # channels after each transposed convolution, coarsest first
EPSILON = 1 / 255
MOMENTUM = 0.9  # for the moving averages, as in the authors' library; Keras's 0.99 outlasts a short training


@keras.saving.register_keras_serializable("hdrkit")
class ToLog(layers.Layer):
    """From the encoder's domain to the decoder's: log(x^2 + 1/255), for encoded values x. Has no weights.

    Squaring stands for linearisation. The original divides the features of pictures in 0 ... 255 by 255 first; ours,
    of a 255th of the picture and of the biases (see `vgg16.SCALE`), have been divided already.
    """

    def call(self, x: Tensor) -> Tensor:
        return ops.log(ops.square(x) + EPSILON)


@keras.saving.register_keras_serializable("hdrkit")
class Bilinear(keras.initializers.Initializer):
    """Makes a transposed convolution, 4 x 4 with stride 2, upsample bilinearly.

    Where there are fewer output channels than input channels, each is the mean of those it shares a remainder with.
    """

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        _, _, new, old = shape
        taps = np.array([0.25, 0.75, 0.75, 0.25])
        share = np.arange(old) % new == np.arange(new)[:, None]
        kernel = np.outer(taps, taps)[:, :, None, None] * share / share.sum(axis=1, keepdims=True)
        return ops.convert_to_tensor(kernel, dtype or keras.config.floatx())


@keras.saving.register_keras_serializable("hdrkit")
class Addition(keras.initializers.Initializer):
    """Makes a 1 x 1 convolution add the two halves of its input's channels."""

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        identity = np.eye(shape[-1])
        return ops.convert_to_tensor(np.concatenate([identity, identity])[None, None], dtype or keras.config.floatx())


def build(size: int | None, *, weights: Weights | None, width: float = 1.0) -> keras.Model:
    """Return the network: RGB pictures (n, size, size, 3) in [0, 1] to pictures of the same shape and range.

    size: a multiple of 32, or None for pictures of any size that is.
    weights: ImageNet's, from `pretrained.vgg16_weights()`; None for a random encoder. The encoder is fed with what
    it was trained on, a 255th of it, as the original is but for the factor, which `ToLog` needs.
    width: scales the channels, for tests; ImageNet weights fit 1 only.
    Raises HdrkitError for a size that cannot be halved five times, or ill-fitting weights.
    """
    if size is not None and size % 32:
        raise HdrkitError(f"HDRCNN halves its input five times: size must be a multiple of 32, not {size}")
    picture = keras.Input((size, size, 3), name="picture")
    x = vgg16.ImageNetInput(name="imagenet_input", dtype="float32")(picture)
    x, found = vgg16.encoder(x, width)
    x = _normalised(layers.Conv2D(scaled(512, width), 3, padding="same", name="latent")(x), "latent")
    for level, skip, channels in zip((5, 4, 3, 2, 1), reversed(found), RAISED, strict=True):
        x = _raise(x, scaled(channels, width), f"raise_{level}")
        x = _fuse(x, skip, level)
    x = layers.Conv2D(3, 1, name="colour")(x)
    x = layers.BatchNormalization(momentum=MOMENTUM, name="colour_normalised")(x)
    # float32 in mixed precision, too: bfloat16 has fewer logarithms than the picture has levels
    x = _fuse(x, picture, "picture", dtype="float32")
    x = layers.Activation("sigmoid", dtype="float32", name="output")(x)

    model = keras.Model(picture, x, name="hdrcnn")
    if weights is not None:
        vgg16.load(model, weights, vgg16.SCALE)
    return model


def _raise(x: Tensor, channels: int, name: str) -> Tensor:
    """Double the resolution."""
    options = {"strides": 2, "padding": "same", "kernel_initializer": Bilinear()}
    return _normalised(layers.Conv2DTranspose(channels, 4, name=name, **options)(x), name)


def _normalised(x: Tensor, name: str) -> Tensor:
    x = layers.BatchNormalization(momentum=MOMENTUM, name=f"{name}_normalised")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def _fuse(x: Tensor, skip: Tensor, level: int | str, **options: Any) -> Tensor:
    """Add the logarithm of a skip, as far as training leaves it at that."""
    skip = ToLog(name=f"log_{level}", **options)(skip)
    both = layers.Concatenate(name=f"skip_{level}", **options)([x, skip])
    return layers.Conv2D(x.shape[-1], 1, kernel_initializer=Addition(), name=f"fuse_{level}", **options)(both)
