"""The sRGB transfer functions and luminance (IEC 61966-2-1)."""

from functools import cache

import cv2
import numpy as np

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def encode(linear: np.ndarray) -> np.ndarray:
    """Encode linear light in [0, 1] with the sRGB curve; values outside are clipped.

    Any shape; float32 in [0, 1] comes back.

    >>> [round(float(value), 3) for value in encode(np.array([0.0, 0.18, 1.0]))]  # 18 % of the light: middle grey
    [0.0, 0.461, 1.0]
    """
    linear = np.clip(linear, 0, 1).astype(np.float32)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)


def encode_integers(linear: np.ndarray, kind: np.dtype | type[np.unsignedinteger]) -> np.ndarray:
    """Encode linear light in [0, 1] to whole numbers of all their range: uint8 or uint16, of the same shape.

    By a table of 65536 linear values, many times as fast as `encode`: 8 bits are rounded alike but for a few values
    on the edge; 16 bits come in steps of up to 13 in the deepest shadows.
    """
    steps = np.clip(linear, 0, 1).astype(np.float32, copy=False) * np.float32(65535) + np.float32(0.5)
    return cv2.LUT(steps.astype(np.uint16), _encoding(np.dtype(kind))).reshape(linear.shape)


def decode_integers(encoded: np.ndarray) -> np.ndarray:
    """Return the linear light in [0, 1] of sRGB-encoded whole numbers, uint8 or uint16, by a table."""
    return cv2.LUT(encoded, _decoding(encoded.dtype)).reshape(encoded.shape)


def decode(encoded: np.ndarray) -> np.ndarray:
    """Return the linear light of sRGB-encoded values in [0, 1]; the inverse of `encode`."""
    encoded = np.clip(encoded, 0, 1).astype(np.float32)
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)


def luminance(linear: np.ndarray) -> np.ndarray:
    """Return the relative luminance of linear sRGB colours (..., 3) as (...)."""
    return linear @ LUMINANCE


def brightest(picture: np.ndarray) -> np.ndarray:
    """Return the largest channel of each pixel of (..., 3) as (...), some ten times as fast as `max(axis=-1)`."""
    return np.maximum(np.maximum(picture[..., 0], picture[..., 1]), picture[..., 2])


def top(picture: np.ndarray) -> float:
    """Return what white is in a picture, uint8, uint16 or floating point: 255, 65535 or 1."""
    return 1.0 if picture.dtype.kind == "f" else float(np.iinfo(picture.dtype).max)


@cache
def _encoding(kind: np.dtype) -> np.ndarray:
    return np.round(encode(np.arange(65536) / 65535) * np.iinfo(kind).max).astype(kind)


@cache
def _decoding(kind: np.dtype) -> np.ndarray:
    top = np.iinfo(kind).max
    return decode(np.arange(top + 1) / top)
