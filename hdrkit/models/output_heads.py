"""Ways to say what becomes of a picture, on one trunk: what a network answers with matters more than its size.

All take encoded thumbnails (n, 128, 128, 3) and return every second pixel of every second row, (n, 64, 64, 3), as
`models.gain_grid.build` does, so that they can be trained alike and compared.
"""

from collections.abc import Callable

import keras
from keras import layers, ops

from hdrkit.core.tensors import Tensor
from hdrkit.images.srgb_tensors import decode, encode
from hdrkit.models.gain_grid import (
    MIDDLE,
    Key,
    convolve,
    downsample,
    fuse_global,
    level_weights,
    predict_grid_and_slice,
    trunk,
    upsample_grid,
)
from hdrkit.models.grid_spec import LEVELS, THUMBNAIL
from hdrkit.models.vgg16 import scaled

RESIDUAL_CHANNELS = 16


def build(name: str, width: float = 1.0) -> keras.Model:
    """Return the network that answers in the way that `name`, of `OUTPUT_HEADS`, says."""
    picture = keras.Input((THUMBNAIL, THUMBNAIL, 3), name="picture")
    key = Key(metered=not name.endswith("unmetered"), name="key")(picture)
    return keras.Model(picture, OUTPUT_HEADS[name](picture, key, width), name=name)


def _direct(picture: Tensor, key: Tensor, width: float) -> Tensor:
    """Paint each pixel: an autoencoder with skips, as in the report, but bilinear upsampling."""
    *skips, x = downsample(picture, key, width)
    x = fuse_global(x, width)
    for i, skip in enumerate(reversed(skips), 1):
        x = layers.UpSampling2D(interpolation="bilinear", name=f"enlarge_{i}")(x)
        x = convolve(layers.Concatenate(name=f"skip_{i}")([x, skip]), skip.shape[-1], f"paint_{i}")
    return layers.Conv2D(3, 3, padding="same", activation="sigmoid", name="painted")(x)


def _curve(picture: Tensor, key: Tensor, width: float) -> Tensor:
    """One gain for each brightness, the same everywhere: a tone curve of the whole picture."""
    average = layers.GlobalAveragePooling2D(keepdims=True, name="everywhere")(trunk(picture, key, width))
    return predict_grid_and_slice(picture, key, average, LEVELS)


def _gain_map(picture: Tensor, key: Tensor, width: float) -> Tensor:
    """One gain for each place, whatever the brightness there."""
    return predict_grid_and_slice(picture, key, trunk(picture, key, width), 1)


def _affine_grid(picture: Tensor, key: Tensor, width: float) -> Tensor:
    """For each place and brightness an affine map of encoded colours, as in HDRNet."""
    start = keras.initializers.RandomNormal(stddev=1e-3)
    maps = layers.Conv2D(LEVELS * 12, 1, kernel_initializer=start, name="maps")(trunk(picture, key, width))
    return AffineSliceAndApply(name="enhanced")([picture, key, maps])


def _gain_grid(picture: Tensor, key: Tensor, width: float) -> Tensor:
    """One gain for each place and brightness: the kit's own."""
    return predict_grid_and_slice(picture, key, trunk(picture, key, width), LEVELS)


def _gain_grid_residual(picture: Tensor, key: Tensor, width: float) -> Tensor:
    """The same, and what a small convolutional network adds to every pixel."""
    lit = _gain_grid(picture, key, width)
    channels = scaled(RESIDUAL_CHANNELS, width)
    every_second = layers.MaxPooling2D(1, strides=2, name="every_second")(picture)
    x = layers.Concatenate(name="both")([lit, every_second])
    for i in (1, 2):
        x = convolve(x, channels, f"residual_{i}")
    residual = layers.Conv2D(3, 3, padding="same", kernel_initializer="zeros", name="residual")(x)
    return layers.Add(name="repaired")([lit, residual])


OUTPUT_HEADS: dict[str, Callable[[Tensor, Tensor, float], Tensor]] = {
    "direct": _direct,
    "curve": _curve,
    "gain_map": _gain_map,
    "affine_grid": _affine_grid,
    "gain_grid": _gain_grid,
    "gain_grid_residual": _gain_grid_residual,
    "gain_grid_unmetered": _gain_grid,
}


@keras.saving.register_keras_serializable("hdrkit")
class AffineSliceAndApply(layers.Layer):
    """Apply a grid of affine maps to encoded pictures whose key was brought to the middle."""

    def call(self, inputs: list[Tensor]) -> Tensor:
        picture, key, grid = inputs
        picture = picture[:, ::2, ::2]
        metered = encode(decode(picture) * ops.exp2(MIDDLE - key)[..., None])
        size, levels = picture.shape[1], grid.shape[-1] // 12
        maps = ops.reshape(upsample_grid(grid, size), (-1, size, size, levels, 12))
        maps = ops.sum(maps * level_weights(picture, key, levels)[..., None], 3)
        maps = ops.reshape(maps, (-1, size, size, 3, 4))
        return metered + ops.sum(maps[..., :3] * metered[..., None, :], -1) + maps[..., 3]

    def compute_output_shape(self, input_shape: list[tuple[int, ...]]) -> tuple[int, ...]:
        n, height, width, channels = input_shape[0]
        return n, height // 2, width // 2, channels
