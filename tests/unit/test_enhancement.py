"""Gains meet pixels: slicing equals trilinear interpolation, nothing is lost, and bad pictures are refused."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from hdrkit import enhancement, srgb
from hdrkit.errors import HdrkitError

CELLS, LEVELS, KEY = 6, 9, -3.5


def smooth_grid(seed=0):
    rng = np.random.default_rng(seed)
    places = np.linspace(0, 1, CELLS)
    tilt = rng.normal(0, 1, (3, 3)).astype(np.float32)
    parts = np.meshgrid(places, places, np.linspace(0, 1, LEVELS), indexing="ij")
    return np.stack([sum(t * p for t, p in zip(row, parts, strict=True)) for row in tilt], axis=-1).astype(np.float32)


def sliced_by_scipy(encoded, grid):
    """The same by an independent interpolator, in the words of the docstring."""
    height, width = encoded.shape[:2]
    y = np.clip((np.arange(height) + 0.5) * CELLS / height - 0.5, 0, CELLS - 1)
    x = np.clip((np.arange(width) + 0.5) * CELLS / width - 0.5, 0, CELLS - 1)
    brightness = ((encoded * srgb.LUMINANCE).sum(axis=-1) + encoded.max(axis=-1)) / 2
    z = np.clip((np.log2(srgb.decode(brightness) + 2.0**-10) - KEY + 6) / 11, 0, 1) * (LEVELS - 1)
    look_up = RegularGridInterpolator((np.arange(CELLS), np.arange(CELLS), np.arange(LEVELS)), grid)
    stops = look_up(np.stack(np.broadcast_arrays(y[:, None], x[None], z), axis=-1))
    return srgb.encode(srgb.decode(encoded) * np.exp2(stops))


@pytest.mark.parametrize("shape", [(90, 131), (33, 20), (8, 8), (1, 1)])
def test_slicing_is_trilinear_interpolation(shape):
    picture = np.random.default_rng(1).random((*shape, 3), dtype=np.float32)
    grid = smooth_grid()
    difference = np.abs(enhancement.apply(picture, grid, KEY) - sliced_by_scipy(picture, grid))
    assert difference.max() < 2 / 255
    assert difference.mean() < 0.1 / 255


@pytest.mark.parametrize(("kind", "tolerance"), [(np.uint8, 0.52 / 255), (np.uint16, 2e-4)])
def test_whole_numbers_give_what_floating_point_gives(kind, tolerance):
    top = np.iinfo(kind).max
    picture = np.random.default_rng(2).integers(0, top, (50, 70, 3), kind, endpoint=True)
    grid = smooth_grid()
    found = enhancement.apply(picture, grid, KEY)
    assert found.dtype == kind
    wanted = enhancement.apply((picture / top).astype(np.float32), grid, KEY)
    assert np.abs(found / top - wanted).max() < tolerance


def test_no_gain_changes_nothing():
    picture = np.random.default_rng(3).integers(0, 256, (70, 50, 3), np.uint8)
    assert np.array_equal(enhancement.apply(picture, np.zeros((16, 16, 8, 3), np.float32), KEY), picture)


def test_one_stop_doubles_light_and_keeps_grey_grey():
    grey = np.full((20, 20, 3), 90, np.uint8)
    found = enhancement.apply(grey, np.ones((4, 4, 8, 3), np.float32), KEY)
    assert (found == found[0, 0, 0]).all()
    assert srgb.decode(found[0, 0, 0] / 255) == pytest.approx(2 * srgb.decode(90 / 255), rel=0.02)


def test_strips_leave_no_seams():
    """A picture of a smooth ramp stays a smooth ramp down its rows, across all strips."""
    ramp = np.repeat(np.linspace(0.2, 0.6, 300, dtype=np.float32)[:, None, None], 3, axis=2).repeat(40, axis=1)
    steps = np.diff(enhancement.apply(ramp, smooth_grid(4), KEY)[:, 20, 1])
    assert np.abs(np.diff(steps)).max() < 0.01


def test_threads_do_not_matter():
    picture = np.random.default_rng(5).integers(0, 256, (200, 90, 3), np.uint8)
    one, four = (enhancement.apply(picture, smooth_grid(), KEY, workers) for workers in (1, 4))
    assert np.array_equal(one, four)


def test_confidence_falls_where_a_channel_clips():
    picture = np.full((4, 4, 3), 100, np.uint8)
    picture[0, 0] = (20, 255, 20)
    picture[1, 1] = (249, 100, 100)
    found = enhancement.confidence(picture)
    assert found[0, 0] == 0
    assert 0.3 < found[1, 1] < 0.6
    assert found[2, 2] == 1


def test_a_thumbnail_is_square_whatever_the_picture():
    for shape in ((8, 8), (500, 300), (128, 1000)):
        picture = np.full((*shape, 3), 51, np.uint8)
        found = enhancement.thumbnail(picture)
        assert found.shape == (enhancement.THUMBNAIL, enhancement.THUMBNAIL, 3)
        assert np.allclose(found, 0.2)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (np.zeros((4, 4, 4), np.uint8), "shape"),
        (np.zeros((0, 4, 3), np.uint8), "shape"),
        (np.zeros((4, 4, 3), np.int32), "int32"),
        (np.full((4, 4, 3), np.nan, np.float32), "NaN"),
        (np.full((4, 4, 3), 200.0, np.float32), "from 0 to 1"),
        (np.full((4, 4, 3), -0.1, np.float32), "from 0 to 1"),
    ],
)
def test_what_is_no_picture_is_refused(picture, why):
    with pytest.raises(HdrkitError, match=why):
        enhancement.confidence(picture)
