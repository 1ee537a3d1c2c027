"""Large pictures as tiles of several levels, each half as large as the one before, as a browser asks for them.

Arrays are height x width x 3: uint8 or uint16, sRGB-encoded, or float32, linear light.
"""

import zlib
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from hdrkit.images import srgb

TILE = 256  # pixels
BAND = 2**20  # pixels that are linear at one time
SPARSE = 1000  # pixels of the longest side, at least
KINDS = {"uint8": "uint8", "uint16": "uint16", "float32": "float16"}  # of an array, and of its tiles


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


def places(size: Sequence[int], level: int) -> Iterator[tuple[int, int]]:
    """Yield (x, y), counted in tiles, of each tile of a level of pictures of a size (width, height), row by row."""
    columns, rows = (-(-side // (TILE << level)) for side in size)
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


def pack(pixels: np.ndarray) -> bytes:
    """Return a tile's bytes: differences along its rows, of 16 bits all low bytes before all high ones, then zlib."""
    if pixels.dtype == np.float32:
        pixels = np.minimum(pixels, np.finfo(np.float16).max).astype(np.float16).view(np.uint16)
    differences = pixels.copy()
    differences[:, 1:] -= pixels[:, :-1]
    data = differences.tobytes()
    if pixels.dtype == np.uint16:
        data = (differences & 255).astype(np.uint8).tobytes() + (differences >> 8).astype(np.uint8).tobytes()
    # In noise there are no repetitions to look for: by runs alone it is as small, and up to 80 times as fast.
    deflate = zlib.compressobj(strategy=zlib.Z_RLE)
    return deflate.compress(data) + deflate.flush()


def sparse(array: np.ndarray) -> np.ndarray:
    """Return every n-th pixel of a picture, 1000 to 2000 along its longest side; all of a smaller one.

    What is made of these is noisier than of all pixels, but takes no time.
    """
    step = max(1, max(array.shape[:2]) // SPARSE)
    return np.ascontiguousarray(array[::step, ::step])


def resized(array: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return a picture made smaller by means in linear light, of the same type."""
    if array.shape[1::-1] == (width, height):
        return array
    light = cv2.resize(to_light(array), (width, height), interpolation=cv2.INTER_AREA)
    return from_light(light, array.dtype)


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
    light = to_light(part)
    if below or right:
        light = cv2.copyMakeBorder(light, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    means = cv2.resize(light, (columns, rows), interpolation=cv2.INTER_AREA)
    means[-1] *= block / (block - below)
    means[:, -1] *= block / (block - right)
    return means
