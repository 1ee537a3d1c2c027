"""The sRGB transfer functions and luminance (IEC 61966-2-1)."""

import numpy as np

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def encode(linear: np.ndarray) -> np.ndarray:
    """Encode linear light in [0, 1] with the sRGB curve; values outside are clipped.

    Any shape; float32 in [0, 1] comes back.
    """
    linear = np.clip(linear, 0, 1).astype(np.float32)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)


def decode(encoded: np.ndarray) -> np.ndarray:
    """Return the linear light of sRGB-encoded values in [0, 1]; the inverse of `encode`."""
    encoded = np.clip(encoded, 0, 1).astype(np.float32)
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)


def luminance(linear: np.ndarray) -> np.ndarray:
    """Return the relative luminance of linear sRGB colours (..., 3) as (...)."""
    return linear @ LUMINANCE
