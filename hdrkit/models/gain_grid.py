"""The kit's own network: a thumbnail in, a grid of gains out.

What separates a frame from its render is, nearly everywhere, a factor on linear light that changes smoothly over the
picture and from dark to bright. So the network does not paint. It looks at a thumbnail and answers, for a coarse grid
of places and brightnesses, by how many stops to brighten or darken; pixels look their gain up there (see
`hdrkit.enhancement.bilateral_slicing`). A bilateral grid that a network predicts, as in HDRNet (Gharbi et al. 2017),
with gains instead of affine maps: black stays black, grey stays grey, a face keeps its colour. Only where the frame
clipped is a colour to be guessed: there, and nowhere else, a tint is added, a gain for each channel and place.

How dark the whole frame is needs no network: its log-average luminance says so (the key of Reinhard et al. 2002,
Photographic Tone Reproduction for Digital Images). What the network sees, and the levels of its grid, are counted from
there, so that a frame looks the same to it at EV -4 and at EV 0, save for noise and clipping.
"""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from hdrkit.core.tensors import Tensor
from hdrkit.images.srgb_tensors import decode, encode, luminance
from hdrkit.models.grid_spec import CLIPPED, FAINTEST, LEVEL_RANGE, LEVELS, THUMBNAIL
from hdrkit.models.vgg16 import scaled

CHANNELS = (16, 32, 64)  # while the thumbnail shrinks to the grid's 16 x 16 cells
BLOCKS = 3
MIDDLE = -2.5  # stops below white: without the network's advice, a picture's key is brought here, to 18 %
UNKNOWN = -4.0  # the key of any picture, for a network that does not meter
LARGEST = 10.0  # stops; no gain is larger
OVERSHOOT = 0.05  # share kept of what lies above white while training; clipped, it would have no gradient


def build(width: float = 1.0) -> keras.Model:
    """Return the network as it is trained: encoded thumbnails (n, 128, 128, 3) to enhanced pixels (n, 64, 64, 3).

    Every second pixel of every second row is enhanced and compared: gains are learned as well from these, in half the
    time. `to_grid` returns the part that photographs need. width: scales the channels, for tests.
    """
    picture = keras.Input((THUMBNAIL, THUMBNAIL, 3), name="picture")
    key = Key(name="key")(picture)
    return keras.Model(
        picture, predict_grid_and_slice(picture, key, trunk(picture, key, width), LEVELS), name="gain_grid"
    )


def to_grid(model: keras.Model) -> keras.Model:
    """Return the part that photographs need: thumbnails to the arguments of `bilateral_slicing.apply`, all in stops.

    {key: (n, 1, 1), grid: (n, 16, 16, LEVELS), tint: (n, 16, 16, 3)}
    """
    answers = {name: model.get_layer(name).output for name in ("key", "grid", "tint")}
    return keras.Model(model.input, answers, name="to_grid")


def trunk(picture: Tensor, key: Tensor, width: float) -> Tensor:
    """What the network sees of pictures of a known key, for 16 x 16 places: (n, 16, 16, channels)."""
    return fuse_global(downsample(picture, key, width)[-1], width)


def downsample(picture: Tensor, key: Tensor, width: float) -> list[Tensor]:
    """Pictures of a known key as features of ever fewer places: 64 x 64, 32 x 32, 16 x 16."""
    steps = [ExposureFeatures(name="exposure_features")([picture, key])]
    for i, channels in enumerate(CHANNELS, 1):
        steps.append(convolve(steps[-1], scaled(channels, width), f"shrink_{i}", strides=2))
    return steps[1:]


def fuse_global(x: Tensor, width: float) -> Tensor:
    """What places see, conditioned on features of the whole picture."""
    whole = global_features(x, scaled(128, width))
    for i in range(1, BLOCKS + 1):
        x = conditioned_block(x, whole, f"block_{i}")
    return x


def predict_grid_and_slice(picture: Tensor, key: Tensor, x: Tensor, levels: int) -> Tensor:
    """Read grid and tint, (n, rows, columns, levels) and (..., 3), off features (..., c), and apply them."""
    nearly_zero = keras.initializers.RandomNormal(stddev=1e-3)
    advice = layers.Conv2D(levels, 1, kernel_initializer=nearly_zero, name="gains")(x)
    tint = layers.Conv2D(3, 1, kernel_initializer=nearly_zero, name="tint")(x)
    return SliceAndApply(name="enhanced")([picture, key, OffsetFromMeteredGain(name="grid")([advice, key]), tint])


def convolve(x: Tensor, channels: int, name: str, strides: int = 1) -> Tensor:
    """Convolve 3 x 3, and rectify."""
    x = layers.Conv2D(channels, 3, padding="same", name=name, strides=strides)(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def global_features(x: Tensor, channels: int) -> Tensor:
    """What the whole picture has to tell each of its parts: how it is exposed, and of what kind it is."""
    layout = convolve(convolve(x, x.shape[-1], "layout_1", strides=2), x.shape[-1], "layout_2", strides=2)
    parts = [layers.GlobalAveragePooling2D(name="mean")(x), layers.GlobalMaxPooling2D(name="most")(x)]
    whole = layers.Concatenate(name="parts")([*parts, layers.Flatten(name="layout")(layout)])
    for i in (1, 2):
        whole = layers.Dense(channels, activation="relu", name=f"whole_{i}")(whole)
    return whole


def conditioned_block(x: Tensor, whole: Tensor, name: str) -> Tensor:
    """A residual block that hears of the whole picture."""
    channels = x.shape[-1]
    change = layers.Conv2D(channels, 3, padding="same", name=f"{name}_2")(convolve(x, channels, f"{name}_1"))
    condition = layers.Reshape((1, 1, channels), name=f"{name}_condition")(
        layers.Dense(channels, name=f"{name}_dense")(whole)
    )
    return layers.ReLU(name=f"{name}_relu")(layers.Add(name=name)([x, change, condition]))


@keras.saving.register_keras_serializable("hdrkit")
class Key(layers.Layer):
    """Encoded pictures to their log-average luminance (n, 1, 1), in stops below white; else `UNKNOWN`."""

    def __init__(self, metered: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.metered = metered

    def call(self, picture: Tensor) -> Tensor:
        key = ops.mean(_stops(luminance(decode(picture)))[..., 0], (1, 2), keepdims=True)
        # No constant: TensorFlow would fold it into the bias of the convolution it is added to, and fail.
        return key if self.metered else ops.clip(key, UNKNOWN, UNKNOWN)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"metered": self.metered}


@keras.saving.register_keras_serializable("hdrkit")
class ExposureFeatures(layers.Layer):
    """Pictures and keys to what can be seen of exposure: colour, stops from the key, how far it clips or is black."""

    def call(self, inputs: list[Tensor]) -> Tensor:
        picture, key = inputs
        light, key = decode(picture), key[..., None]
        from_key = [(_stops(part) - key) / 3 for part in (light, luminance(light))]
        brightest, darkest = ops.max(picture, -1, keepdims=True), ops.min(picture, -1, keepdims=True)
        clipped = [clipping(brightest), clipping(darkest)]  # any channel, all of them
        black = ops.clip((0.04 - brightest) / 0.04, 0, 1)
        exposure = ops.broadcast_to(key / 5 + 0.7, ops.shape(black))
        return ops.concatenate([picture - 0.4, *from_key, *clipped, black, exposure], -1)


@keras.saving.register_keras_serializable("hdrkit")
class OffsetFromMeteredGain(layers.Layer):
    """Count gains from the one that brings the picture's key to the middle: grids and keys to grids, all in stops."""

    def call(self, inputs: list[Tensor]) -> Tensor:
        grid, key = inputs
        return ops.clip(grid + (MIDDLE - key)[..., None], -LARGEST, LARGEST)


@keras.saving.register_keras_serializable("hdrkit")
class SliceAndApply(layers.Layer):
    """What `bilateral_slicing.apply` makes of every second pixel of every second row, differentiable."""

    def call(self, inputs: list[Tensor]) -> Tensor:
        picture, key, grid, tint = inputs
        picture = picture[:, ::2, ::2]
        gain = ops.sum(
            upsample_grid(grid, picture.shape[1]) * level_weights(picture, key, grid.shape[-1]), -1, keepdims=True
        )
        clipped = clipping(ops.max(picture, -1, keepdims=True))
        stops = gain + clipped * upsample_grid(tint, picture.shape[1])
        encoded = encode(decode(picture) * ops.exp2(stops))
        return ops.where(encoded > 1, 1 + OVERSHOOT * (encoded - 1), encoded)

    def compute_output_shape(self, input_shape: list[tuple[int, ...]]) -> tuple[int, ...]:
        n, height, width, channels = input_shape[0]
        return n, height // 2, width // 2, channels


def upsample_grid(grid: Tensor, size: int) -> Tensor:
    """Interpolate grids (n, cells, cells, c) at every second pixel of every second row: (n, size, size, c)."""
    cells = grid.shape[1]
    place = (np.arange(0, 2 * size, 2, dtype="float32") + 0.5) * cells / (2 * size) - 0.5
    near = hat_weights(np.clip(place, 0, cells - 1), cells)
    return ops.einsum("yi,xj,nijc->nyxc", near, near, grid)


def level_weights(picture: Tensor, key: Tensor, levels: int) -> Tensor:
    """Return how near the brightness of pixels is to each level of a grid: (n, h, w, levels)."""
    brightness = (luminance(picture)[..., 0] + ops.max(picture, -1)) / 2
    lowest, highest = LEVEL_RANGE
    level = (_stops(decode(brightness)) - key - lowest) / (highest - lowest)
    return hat_weights(ops.clip(level, 0, 1) * (levels - 1), levels)


def clipping(brightest: Tensor) -> Tensor:
    """Return how sure it is that a channel of this encoded value is clipped, 0 to 1."""
    return ops.clip((brightest - CLIPPED) / (1 - CLIPPED), 0, 1)


def _stops(light: Tensor) -> Tensor:
    """Return light in stops below white, no less than the faintest."""
    return ops.log2(light + 2.0**FAINTEST)


def hat_weights(position: Tensor, count: int) -> Tensor:
    """Return how near positions are to 0 ... count - 1, along a new last axis: the weights of linear interpolation."""
    return ops.maximum(0.0, 1 - ops.abs(position[..., None] - np.arange(count, dtype="float32")))
