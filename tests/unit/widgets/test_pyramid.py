"""Tiles: what a browser makes of their bytes is what the picture holds."""

import zlib

import numpy as np
import pytest

from hdrkit.images import srgb
from hdrkit.widgets import pyramid

SIZE = (1061, 607)  # width, height: neither is a multiple of anything


def unpacked(data, kind, rows, columns):
    """The inverse of `pyramid.pack`."""
    raw = np.frombuffer(zlib.decompress(data), np.uint8)
    if kind != np.uint8:
        low, high = np.split(raw.astype(np.uint16), 2)
        raw = low | high << 8
    values = np.cumsum(raw.reshape(rows, columns, 3), axis=1, dtype=raw.dtype)
    return values.view(np.float16) if kind == np.float16 else values


def picture(kind, size=SIZE):
    rng = np.random.default_rng(0)
    if kind == np.float32:
        return rng.lognormal(0, 2, (*size[::-1], 3)).astype(np.float32)
    return rng.integers(0, np.iinfo(kind).max, (*size[::-1], 3), kind, endpoint=True)


@pytest.mark.parametrize(("kind", "stored"), [(np.uint8, np.uint8), (np.uint16, np.uint16), (np.float32, np.float16)])
def test_the_finest_tiles_decode_to_the_picture(kind, stored):
    array = picture(kind)
    again = np.zeros(array.shape, stored)
    for x, y in pyramid.places(SIZE, 0):
        tile = pyramid.tile(array, 0, x, y)
        place = np.s_[y * 256 : y * 256 + tile.shape[0], x * 256 : x * 256 + tile.shape[1]]
        again[place] = unpacked(pyramid.pack(tile), stored, *tile.shape[:2])
    np.testing.assert_array_equal(again, array.astype(stored))


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_coarser_tiles_are_means_of_light_also_where_the_picture_ends(kind, level):
    array = picture(kind)
    block, (width, height) = 2**level, pyramid.level_sizes(*SIZE)[level]
    linear = array if kind == np.float32 else srgb.decode(array / np.iinfo(kind).max)
    tiles = {place: pyramid.tile(array, level, *place) for place in pyramid.places(SIZE, level)}
    for row, column in [(0, 0), (3, 5), (height - 1, 0), (0, width - 1), (height - 1, width - 1)]:
        part = linear[row * block : (row + 1) * block, column * block : (column + 1) * block]
        mean = part.mean(axis=(0, 1), dtype=np.float64)
        wanted = mean if kind == np.float32 else srgb.encode(mean) * np.iinfo(kind).max
        found = tiles[column // 256, row // 256][row % 256, column % 256]
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=0 if kind == np.float32 else 0.51)


def test_a_checkerboard_becomes_the_grey_that_it_is_from_afar():
    """Half of the light is 188 of 255; the mean of encoded values, 128, would be too dark."""
    board = np.indices((512, 512)).sum(axis=0) % 2 * np.ones((3, 1, 1)) * 255
    board = np.ascontiguousarray(np.moveaxis(board, 0, -1).astype(np.uint8))
    assert (pyramid.tile(board, 1, 0, 0) == 188).all()


@pytest.mark.parametrize("size", [SIZE, (256, 256), (257, 1), (4288, 2848), (5183, 3455)])
def test_tiles_cover_each_level_and_levels_end_with_one_tile(size):
    sizes = pyramid.level_sizes(*size)
    assert sizes[0] == size and max(sizes[-1]) <= 256 and all(max(larger) > 256 for larger in sizes[:-1])
    array = np.zeros((*size[::-1], 3), np.uint8)
    for level, (width, height) in enumerate(sizes):
        shapes = {place: pyramid.tile(array, level, *place).shape for place in pyramid.places(size, level)}
        assert sum(columns for (_, y), (_, columns, _) in shapes.items() if y == 0) == width
        assert sum(rows for (x, _), (rows, _, _) in shapes.items() if x == 0) == height
        assert max(max(shape) for shape in shapes.values()) <= 256
    assert len(list(pyramid.places(size, len(sizes) - 1))) == 1


def test_bands_leave_no_seam(monkeypatch):
    array = picture(np.uint8)
    whole = pyramid.tile(array, 2, 0, 0)
    monkeypatch.setattr(pyramid, "BAND", 5000)
    np.testing.assert_array_equal(pyramid.tile(array, 2, 0, 0), whole)


def test_light_beyond_half_floats_is_clipped_not_infinite():
    tile = np.full((1, 2, 3), 1e6, np.float32)
    assert (unpacked(pyramid.pack(tile), np.float16, 1, 2) == 65504).all()


def test_a_picture_of_the_size_asked_for_stays_as_it_is_and_a_smaller_one_keeps_its_light():
    array = picture(np.uint8, (300, 200))
    assert pyramid.resized(array, 300, 200) is array
    small = srgb.decode_integers(pyramid.resized(array, 30, 20))
    means = srgb.decode_integers(array).reshape(20, 10, 30, 10, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(small, means, atol=0.005)
