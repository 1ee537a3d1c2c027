"""Enhance photographs of any size: a small network looks at a thumbnail, and its gains meet every pixel of the picture.

The network (`models.gain_grid`) answers with a grid of gains: by how many stops to brighten or darken each channel,
here in the picture, at this brightness. Each pixel looks its gains up by where it lies and how bright it is, multiplies
its linear light, and is encoded again: one pass over the pixels, without tiles and their seams.
"""

import cv2
import numpy as np

from hdrkit import srgb
from hdrkit.errors import HdrkitError
from hdrkit.workers import opencv_workers

THUMBNAIL = 128  # pixels, both edges, whatever the picture's shape
ROWS = 32  # of a strip that one thread works on: small enough to stay in the processor's cache
FINE = 256  # steps of encoded brightness in the table that pixels look their gains up in
FAINTEST = -10  # stops from white; what is darker counts as this dark
LEVEL_RANGE = (-6.0, 5.0)  # stops from a picture's key: where a grid's levels begin and end
CLIPPED = 0.95  # of the range: from here on, a channel may be clipped


def confidence(image: np.ndarray) -> np.ndarray:
    """Return, float32 (h, w), how far each pixel was really seen: 1, down to 0 where a channel is clipped.

    Where it is 0, the enhanced picture's colour is invented.
    """
    image = _checked(image)
    image = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)
    brightest = srgb.brightest(image).astype(np.float32) / _top(image)
    return np.clip((1 - brightest) / (1 - CLIPPED), 0, 1)


def thumbnail(image: np.ndarray) -> np.ndarray:
    """Return a picture as the network sees it: float32 (THUMBNAIL, THUMBNAIL, 3) in [0, 1]."""
    shrinks = min(image.shape[:2]) >= THUMBNAIL
    small = cv2.resize(image, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return small.astype(np.float32) / np.float32(_top(image))


def apply(image: np.ndarray, grid: np.ndarray, key: float, workers: int = 2) -> np.ndarray:
    """Apply a grid of gains to a picture (h, w, 3).

    grid: float32 (rows, columns, levels, 3), in stops. Its cells are centred in equal parts of the picture, its levels
    lie evenly from 0 to 1 of `level`; between them, gains are interpolated (J. Chen, S. Paris and F. Durand, Real-time
    Edge-Aware Image Processing with the Bilateral Grid, 2007). key: the picture's log-average luminance, in stops below
    white, from where the levels are counted.
    """
    tables, enhanced = _tables(grid, key), np.empty_like(image)
    height, width = image.shape[:2]
    columns = ((np.arange(width, dtype=np.float32) + 0.5) * (grid.shape[1] / width) - 0.5)[None]
    rows = np.clip((np.arange(height, dtype=np.float32) + 0.5) * (len(grid) / height) - 0.5, 0, len(grid) - 1)

    def strip(top: int) -> None:
        part = slice(top, top + ROWS)
        enhanced[part] = _brightened(image[part], tables, columns, rows[part])

    with opencv_workers(workers) as pool:
        list(pool.map(strip, range(0, height, ROWS)))
    return enhanced


def level(brightness: np.ndarray, key: float) -> np.ndarray:
    """Return where encoded brightness in [0, 1] lies between a grid's levels, 0 to 1: evenly in stops from the key."""
    lowest, highest = LEVEL_RANGE
    stops = np.log2(srgb.decode(brightness) + 2.0**FAINTEST) - key
    return np.clip((stops - lowest) / (highest - lowest), 0, 1)


def _tables(grid: np.ndarray, key: float) -> np.ndarray:
    """Return a table for each row of the grid: FINE steps of encoded brightness x columns x 3, natural logarithms."""
    at = level(np.linspace(0, 1, FINE), key) * (grid.shape[2] - 1)
    below = np.minimum(at.astype(int), grid.shape[2] - 2)
    share = (at - below).astype(np.float32)[:, None]
    fine = grid[:, :, below] * (1 - share) + grid[:, :, below + 1] * share
    return np.ascontiguousarray(fine.transpose(0, 2, 1, 3), dtype=np.float32) * np.float32(np.log(2))


def _brightened(part: np.ndarray, tables: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Enhance a strip of a picture; `rows` says where its rows lie between the tables' rows."""
    columns = np.repeat(columns, len(part), axis=0)
    brightness = _brightness(part) * np.float32(FINE - 1)
    gains = np.empty(part.shape, np.float32)
    above = np.minimum(rows.astype(int), len(tables) - 2)
    for row in np.unique(above):
        here = slice(*np.searchsorted(above, (row, row + 1)))
        upper, lower = (
            cv2.remap(table, columns[here], brightness[here], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for table in tables[row : row + 2]
        )
        gains[here] = upper + (lower - upper) * (rows[here] - row)[:, None, None]
    factor = cv2.exp(gains)
    if part.dtype.kind == "f":
        return srgb.encode(srgb.decode(part) * factor).astype(part.dtype)
    return srgb.encode_integers(srgb.decode_integers(part) * factor, part.dtype)


def _brightness(part: np.ndarray) -> np.ndarray:
    """Return the mean of luma and of the brightest channel, in [0, 1].

    The one tells light from dark as the eye does, the other sees every pixel with a clipped channel.
    """
    luma = cv2.transform(part.astype(np.float32), srgb.LUMINANCE[None])
    return (luma + srgb.brightest(part)) * np.float32(0.5 / _top(part))


def _top(image: np.ndarray) -> float:
    return 1.0 if image.dtype.kind == "f" else float(np.iinfo(image.dtype).max)


def _checked(image: np.ndarray) -> np.ndarray:
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3) or 0 in image.shape:
        raise HdrkitError(f"a picture has the shape (h, w, 3) or (h, w), not {image.shape}")
    if image.dtype.kind == "f":
        if not np.isfinite(image).all() or image.min() < 0 or image.max() > 1:
            raise HdrkitError("a picture in floating point has values from 0 to 1; this one has others, or NaN")
    elif image.dtype not in (np.uint8, np.uint16):
        raise HdrkitError(f"a picture is uint8, uint16 or floating point, not {image.dtype}")
    return image
