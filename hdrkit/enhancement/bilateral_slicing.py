"""Apply a coarse bilateral grid of gains to every pixel of a picture: slicing, as in HDRNet (Gharbi et al. 2017).

Each pixel looks its gain up by where it lies and how bright it is, multiplies its linear light, and is encoded again:
one pass over the pixels, without tiles and their seams.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from hdrkit.core.workers import DEFAULT, opencv_workers
from hdrkit.images import srgb
from hdrkit.models.grid_spec import CLIPPED, FAINTEST, LEVEL_RANGE

STRIP = 16_384  # pixels that a thread works on at a time: few enough to stay in the processor's cache, and for OpenCV
FINE = 256  # steps of encoded brightness in the table that pixels look their gains up in


def apply(
    image: np.ndarray,
    key: float,
    grid: np.ndarray,
    tint: np.ndarray,
    workers: int = DEFAULT,
    to_srgb: np.ndarray | None = None,
) -> np.ndarray:
    """Apply gains to an encoded picture (h, w, 3), uint8, uint16 or floating point in [0, 1]; the same comes back.

    key: the picture's log-average luminance, in stops below white.
    grid: float32 (rows, columns, levels), gains in stops. Its cells are centred in equal parts of the picture, its
        levels lie evenly in `LEVEL_RANGE`, counted from the key; between them, gains are interpolated (J. Chen,
        S. Paris and F. Durand, Real-time Edge-Aware Image Processing with the Bilateral Grid, 2007).
    tint: float32 (rows, columns, 3), further gains in stops, for each channel, of clipped pixels; see `clipping`.
    to_srgb: (3, 3), from linear light of the picture's own primaries to that of sRGB's; None where they are those.
        How bright a pixel is, is told in sRGB; its gain multiplies its own channels.
    """
    enhanced, (height, width) = np.empty_like(image), image.shape[:2]
    columns, rows = _positions(width, grid.shape[1]), _positions(height, len(grid))
    slicer = _Slicer(_tables(grid, key), _stretched(tint, columns), columns, to_srgb)

    high = max(1, STRIP // width)
    parts = product(_parts(height, high), _parts(width, STRIP))

    def brighten(part: tuple[slice, slice]) -> None:
        enhanced[part] = slicer.brightened(image[part], rows[part[0]], part[1])

    with opencv_workers(workers) as pool:
        list(pool.map(brighten, parts))
    return enhanced


def gains(image: np.ndarray, key: float, grid: np.ndarray) -> np.ndarray:
    """Return, float32 (h, w), by how many stops `apply` brightens each pixel of a picture, but for the tint."""
    (height, width), brightness = image.shape[:2], _brightness(image)
    columns = _positions(width, grid.shape[1])
    slicer = _Slicer(_tables(grid, key), np.empty(0), columns)
    parts = _between_rows(_positions(height, len(grid)), len(grid))
    found = [slicer.gain(row, share, columns, brightness[here]) for row, here, share in parts]
    return np.vstack(found) / np.float32(np.log(2))


def clipping(image: np.ndarray) -> np.ndarray:
    """Return, float32 (h, w), how sure it is that a channel of an encoded picture is clipped, 0 to 1."""
    brightest = srgb.brightest(image).astype(np.float32) / np.float32(srgb.top(image))
    return np.clip((brightest - np.float32(CLIPPED)) / np.float32(1 - CLIPPED), 0, 1)


def _parts(pixels: int, size: int) -> list[slice]:
    return [slice(first, first + size) for first in range(0, pixels, size)]


def _positions(pixels: int, cells: int) -> np.ndarray:
    """Return where pixels lie between the centres of cells along one edge, 0 ... cells - 1."""
    return np.clip((np.arange(pixels, dtype=np.float32) + 0.5) * (cells / pixels) - 0.5, 0, cells - 1)


def _between_rows(rows: np.ndarray, count: int) -> Iterator[tuple[int, slice, np.ndarray]]:
    """Yield each row of a grid of `count` rows, which of some rows of pixels lie below it, and how far, as (n, 1)."""
    above = np.minimum(rows.astype(int), count - 2)
    for row in np.unique(above):
        here = slice(*np.searchsorted(above, (row, row + 1)))
        yield row, here, (rows[here] - row)[:, None]


def _tables(grid: np.ndarray, key: float) -> np.ndarray:
    """Return, for each row of the grid, FINE steps of encoded brightness x columns, in natural logarithms."""
    lowest, highest = LEVEL_RANGE
    stops = np.log2(srgb.decode(np.linspace(0, 1, FINE)) + 2.0**FAINTEST) - key
    at = np.clip((stops - lowest) / (highest - lowest), 0, 1) * (grid.shape[2] - 1)
    below = np.minimum(at.astype(int), grid.shape[2] - 2)
    share = (at - below).astype(np.float32)
    fine = grid[:, :, below] * (1 - share) + grid[:, :, below + 1] * share
    return np.ascontiguousarray(fine.transpose(0, 2, 1), dtype=np.float32) * np.float32(np.log(2))


def _stretched(tint: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return, for each row of the grid, the tint of every pixel column, in natural logarithms: rows x width x 3."""
    left = np.minimum(columns.astype(int), tint.shape[1] - 2)
    share = (columns - left)[:, None]
    return (tint[:, left] * (1 - share) + tint[:, left + 1] * share) * np.float32(np.log(2))


def _for_all_channels(values: np.ndarray) -> np.ndarray:
    """Repeat (h, w) for three channels: many times as fast as letting numpy broadcast along an axis of three."""
    return cv2.merge([values] * 3)


@dataclass(frozen=True)
class _Slicer:
    tables: np.ndarray
    tints: np.ndarray
    columns: np.ndarray
    to_srgb: np.ndarray | None = None

    def brightened(self, part: np.ndarray, rows: np.ndarray, columns: slice) -> np.ndarray:
        """Enhance a part of a picture; `rows` says where its rows lie between the grid's."""
        factor, clipped = np.empty(part.shape, np.float32), clipping(part)
        light = srgb.decode(part) if part.dtype.kind == "f" else srgb.decode_integers(part)
        shown = part
        if self.to_srgb is not None:
            shown = srgb.encode_integers(cv2.transform(light, self.to_srgb), np.uint16)
        brightness = _brightness(shown)
        for row, here, share in _between_rows(rows, len(self.tables)):
            factor[here] = _for_all_channels(cv2.exp(self.gain(row, share, self.columns[columns], brightness[here])))
            if clipped[here].any():
                upper, lower = (self.tints[i, columns].reshape(-1) for i in (row, row + 1))
                tint = upper + (lower - upper) * share
                factor[here] *= cv2.exp(tint.reshape(-1, part.shape[1], 3) * _for_all_channels(clipped[here]))
        if part.dtype.kind == "f":
            return srgb.encode(light * factor).astype(part.dtype)
        return srgb.encode_integers(cv2.multiply(light, factor), part.dtype)

    def gain(self, row: int, share: np.ndarray, columns: np.ndarray, brightness: np.ndarray) -> np.ndarray:
        """Look gains up, in natural logarithms, in the tables of two rows; go by `share` from one to the other."""
        at, steps = np.repeat(columns[None], len(brightness), axis=0), brightness * np.float32(FINE - 1)
        upper, lower = (cv2.remap(self.tables[i], at, steps, cv2.INTER_LINEAR) for i in (row, row + 1))
        return upper + (lower - upper) * share


def _brightness(part: np.ndarray) -> np.ndarray:
    """Return the mean of luma and of the brightest channel, in [0, 1].

    The one tells light from dark as the eye does, the other sees every pixel with a clipped channel.
    """
    luma = cv2.transform(part.astype(np.float32), srgb.LUMINANCE[None])
    return (luma + srgb.brightest(part)) * np.float32(0.5 / srgb.top(part))
