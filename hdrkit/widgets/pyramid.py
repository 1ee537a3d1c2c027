"""Large pictures as tiles of several levels, each half as large as the one before, as a browser asks for them.

Arrays are height x width x 3: uint8 or uint16, sRGB-encoded, or float32, linear light.
"""

import zlib
from collections.abc import Iterator

import cv2
import numpy as np

from hdrkit.images import srgb

TILE = 256  # pixels
BAND = 2**20  # pixels that are linear at one time
KINDS = {"uint8": "uint8", "uint16": "uint16", "float32": "float16"}  # of an array, and of its tiles
FAST, SMALL = 1, 9  # levels of zlib


def level_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Return (width, height) of each level, from the picture itself to the first whose longest side fits one tile.

    >>> level_sizes(1000, 600)
    [(1000, 600), (500, 300), (250, 150)]
    """
    sizes = [(width, height)]
    while max(sizes[-1]) > TILE:
        scale = 1 << len(sizes)
        sizes.append((-(-width // scale), -(-height // scale)))
    return sizes


def places(width: int, height: int, level: int) -> Iterator[tuple[int, int]]:
    """Yield (x, y) of each tile of a level, row by row, counted in tiles."""
    columns, rows = (-(-side // (TILE << level)) for side in (width, height))
    return ((x, y) for y in range(rows) for x in range(columns))


def tile(array: np.ndarray, level: int, x: int, y: int) -> np.ndarray:
    """Return one tile: of level 0 the pixels themselves, else their means in linear light; at most 256 x 256 x 3."""
    side = TILE << level
    part = array[y * side : (y + 1) * side, x * side : (x + 1) * side]
    if level == 0:
        return part
    block = 1 << level
    rows = max(1, BAND // (part.shape[1] * block)) * block
    means = [_means(part[top : top + rows], block) for top in range(0, len(part), rows)]
    return from_light(np.concatenate(means), array.dtype)


def pack(pixels: np.ndarray, compression: int = FAST) -> bytes:
    """Return a tile's bytes: differences along its rows, of 16 bits all low bytes before all high ones, then zlib."""
    if pixels.dtype == np.float32:
        pixels = np.minimum(pixels, np.finfo(np.float16).max).astype(np.float16).view(np.uint16)
    differences = pixels.copy()
    differences[:, 1:] -= pixels[:, :-1]
    data = differences.tobytes()
    if pixels.dtype == np.uint16:
        data = (differences & 255).astype(np.uint8).tobytes() + (differences >> 8).astype(np.uint8).tobytes()
    return zlib.compress(data, compression)


def reduced(array: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return a smaller picture, of the same type: sparse pixels, four or more per side of a new one, then their means.

    Without all pixels it is noisier than a tile, but takes no time.
    """
    step = max(1, min(array.shape[0] // height, array.shape[1] // width) // 4)
    light = to_light(np.ascontiguousarray(array[::step, ::step]))
    return from_light(cv2.resize(light, (width, height), interpolation=cv2.INTER_AREA), array.dtype)


def to_light(array: np.ndarray) -> np.ndarray:
    """Return a picture's linear light, float32."""
    return array if array.dtype == np.float32 else srgb.decode_integers(array)


def from_light(light: np.ndarray, kind: np.dtype) -> np.ndarray:
    """Return linear light as it is, or encoded to whole numbers of a kind."""
    if kind == np.float32:
        return light
    return np.round(srgb.encode(light) * np.iinfo(kind).max).astype(kind)


def _means(part: np.ndarray, block: int) -> np.ndarray:
    """Return the mean light of each `block` x `block` pixels; where the picture ends, of those that there are."""
    height, width = part.shape[:2]
    rows, columns = -(-height // block), -(-width // block)
    below, right = rows * block - height, columns * block - width
    light = cv2.copyMakeBorder(to_light(part), 0, below, 0, right, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    means = cv2.resize(light, (columns, rows), interpolation=cv2.INTER_AREA)
    means[-1] /= 1 - below / block
    means[:, -1] /= 1 - right / block
    return means
