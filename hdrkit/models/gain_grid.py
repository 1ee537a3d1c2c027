"""The kit's own network: a thumbnail in, a grid of gains out.

What separates a frame from its render is, nearly everywhere, a factor on linear light that changes smoothly over the
picture and from dark to bright. So the network does not paint. It looks at a thumbnail and answers, for a coarse grid
of places and brightnesses, by how many stops to brighten or darken each channel; pixels look their gains up there (see
`hdrkit.enhancement`). A bilateral grid that a network predicts, as in HDRNet (Gharbi et al. 2017), with gains instead
of affine maps: a gain leaves black black and clipped white the only colour that has to be guessed.
"""

import keras
import numpy as np
from keras import layers, ops

from hdrkit.enhancement import CLIPPED, DARKEST, THUMBNAIL
from hdrkit.models.vgg16 import scaled
from hdrkit.srgb_tensors import decode, encode, luminance

LEVELS = 10  # of brightness, about a stop apart
CHANNELS = (16, 32, 64)  # while the thumbnail shrinks to the grid's 16 x 16 cells
BLOCKS = 3
LARGEST = 8.0  # stops; no gain is larger
OVERSHOOT = 0.05  # of what lies above white while training: clipped for good, it would have no gradient


def build(width: float = 1.0) -> keras.Model:
    """Return the network as it is trained: encoded thumbnails (n, 128, 128, 3) to enhanced pixels (n, 64, 64, 3).

    Every second pixel of every second row is enhanced and compared: gains are learned as well from these, in half the
    time. `to_grid` returns the part that photographs need. width: scales the channels, for tests.
    """
    picture = keras.Input((THUMBNAIL, THUMBNAIL, 3), name="picture")
    x = Appearance(name="appearance")(picture)
    for i, channels in enumerate(CHANNELS, 1):
        x = _convolve(x, scaled(channels, width), f"shrink_{i}", strides=2)
    whole = _whole(x, scaled(128, width))
    for i in range(1, BLOCKS + 1):
        x = _informed(x, whole, f"block_{i}")
    nearly_zero = keras.initializers.RandomNormal(stddev=1e-3)  # training starts from the picture as it is
    gains = layers.Conv2D(LEVELS * 3, 1, kernel_initializer=nearly_zero, name="gains")(x)
    grid = layers.Reshape((*gains.shape[1:3], LEVELS, 3), name="grid")(gains)
    return keras.Model(picture, Enhanced(name="enhanced")([picture, grid]), name="gain_grid")


def to_grid(model: keras.Model) -> keras.Model:
    """Return the part of the network that photographs need: thumbnails to grids of gains (n, 16, 16, LEVELS, 3)."""
    return keras.Model(model.input, model.get_layer("grid").output, name="to_grid")


def _convolve(x, channels: int, name: str, **options):
    x = layers.Conv2D(channels, 3, padding="same", name=name, **options)(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def _whole(x, channels: int):
    """What the whole picture has to tell each of its parts: how it is exposed, and of what kind it is."""
    layout = _convolve(_convolve(x, x.shape[-1], "layout_1", strides=2), x.shape[-1], "layout_2", strides=2)
    parts = [layers.GlobalAveragePooling2D(name="mean")(x), layers.GlobalMaxPooling2D(name="most")(x)]
    whole = layers.Concatenate(name="parts")([*parts, layers.Flatten(name="layout")(layout)])
    for i in (1, 2):
        whole = layers.Dense(channels, activation="relu", name=f"whole_{i}")(whole)
    return whole


def _informed(x, whole, name: str):
    """A residual block that hears of the whole picture."""
    channels = x.shape[-1]
    change = layers.Conv2D(channels, 3, padding="same", name=f"{name}_2")(_convolve(x, channels, f"{name}_1"))
    told = layers.Reshape((1, 1, channels), name=f"{name}_told")(layers.Dense(channels, name=f"{name}_tell")(whole))
    return layers.ReLU(name=f"{name}_relu")(layers.Add(name=name)([x, change, told]))


@keras.saving.register_keras_serializable("hdrkit")
class Appearance(layers.Layer):
    """Encoded pictures to what can be seen of exposure: colour, log light, and how far it is clipped or black."""

    def call(self, picture):
        log_light = ops.log(luminance(decode(picture)) + 1 / 1024) / 5 + 0.7
        brightest, darkest = ops.max(picture, -1, keepdims=True), ops.min(picture, -1, keepdims=True)
        # Any channel, all of them.
        clipped = [ops.clip((channel - CLIPPED) / (1 - CLIPPED), 0, 1) for channel in (brightest, darkest)]
        black = ops.clip((0.04 - brightest) / 0.04, 0, 1)
        return ops.concatenate([picture - 0.4, log_light, *clipped, black], -1)


@keras.saving.register_keras_serializable("hdrkit")
class Enhanced(layers.Layer):
    """What `hdrkit.enhancement.apply` makes of every second pixel of every second row, differentiable."""

    def call(self, inputs):
        picture, grid = inputs
        size, cells, levels = picture.shape[1], grid.shape[1], grid.shape[3]
        picture = picture[:, ::2, ::2]
        brightness = (luminance(picture)[..., 0] + ops.max(picture, -1)) / 2
        level = 1 + ops.log(decode(brightness) + 2.0**-DARKEST) / np.log(2) / DARKEST
        at_level = _nearness(ops.clip(level, 0, 1) * (levels - 1), levels)
        place = (np.arange(0, size, 2, dtype="float32") + 0.5) * cells / size - 0.5
        at_place = _nearness(np.clip(place, 0, cells - 1), cells)
        everywhere = ops.einsum("yi,xj,nijlc->nyxlc", at_place, at_place, grid)
        stops = ops.clip(ops.sum(everywhere * at_level[..., None], 3), -LARGEST, LARGEST)
        encoded = encode(decode(picture) * ops.exp2(stops))
        return ops.where(encoded > 1, 1 + OVERSHOOT * (encoded - 1), encoded)

    def compute_output_shape(self, input_shape):
        n, height, width, channels = input_shape[0]
        return n, height // 2, width // 2, channels


def _nearness(position, count: int):
    """Return how near positions are to 0 ... count - 1, along a new last axis: the weights of linear interpolation."""
    return ops.maximum(0.0, 1 - ops.abs(position[..., None] - np.arange(count, dtype="float32")))
