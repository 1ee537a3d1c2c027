"""`hdrkit.images.srgb` for tensors (..., 3): finite gradients, on any backend of Keras."""

from keras import ops

from hdrkit.core.tensors import Tensor
from hdrkit.images.srgb import LUMINANCE


def encode(linear: Tensor) -> Tensor:
    """Encode linear light, at least 0, with the sRGB curve; what is above 1 stays above 1."""
    curve = 1.055 * ops.power(ops.maximum(linear, 0.0031308), 1 / 2.4) - 0.055
    return ops.where(linear <= 0.0031308, 12.92 * linear, curve)


def decode(encoded: Tensor) -> Tensor:
    """Return the linear light of sRGB-encoded values, at least 0."""
    curve = ops.power((ops.maximum(encoded, 0.04045) + 0.055) / 1.055, 2.4)
    return ops.where(encoded <= 0.04045, encoded / 12.92, curve)


def luminance(picture: Tensor) -> Tensor:
    """Return the weighted sum of the channels, (..., 1): luminance of linear light, luma of encoded values."""
    return ops.sum(picture * LUMINANCE, -1, keepdims=True)
