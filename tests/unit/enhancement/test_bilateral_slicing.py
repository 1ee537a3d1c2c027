"""Gains meet pixels: slicing equals trilinear interpolation, nothing is lost, and bad pictures are refused."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from hdrkit.enhancement import bilateral_slicing
from hdrkit.images import srgb

CELLS, LEVELS, KEY = 6, 9, -3.5


def smooth_grid(seed=0):
    rng = np.random.default_rng(seed)
    places = np.linspace(0, 1, CELLS)
    parts = np.meshgrid(places, places, np.linspace(0, 1, LEVELS), indexing="ij")
    return sum(t * p for t, p in zip(rng.normal(0, 1, 3), parts, strict=True)).astype(np.float32)


def random_tint(seed=0):
    return np.random.default_rng(seed).normal(0, 0.5, (CELLS, CELLS, 3)).astype(np.float32)


def sliced_by_scipy(encoded, grid, tint):
    """The same by an independent interpolator, in the words of the docstring."""
    height, width = encoded.shape[:2]
    y = np.clip((np.arange(height) + 0.5) * CELLS / height - 0.5, 0, CELLS - 1)
    x = np.clip((np.arange(width) + 0.5) * CELLS / width - 0.5, 0, CELLS - 1)
    brightness = ((encoded * srgb.LUMINANCE).sum(axis=-1) + encoded.max(axis=-1)) / 2
    z = np.clip((np.log2(srgb.decode(brightness) + 2.0**-10) - KEY + 6) / 11, 0, 1) * (LEVELS - 1)
    cells = np.arange(CELLS)
    gain = RegularGridInterpolator((cells, cells, np.arange(LEVELS)), grid)
    gain = gain(np.stack(np.broadcast_arrays(y[:, None], x[None], z), axis=-1))
    tint = RegularGridInterpolator((cells, cells), tint)(np.stack(np.broadcast_arrays(y[:, None], x[None]), axis=-1))
    clipped = np.clip((encoded.max(axis=-1) - 0.95) / 0.05, 0, 1)
    stops = gain[..., None] + clipped[..., None] * tint
    return srgb.encode(srgb.decode(encoded) * np.exp2(stops))


@pytest.mark.parametrize("shape", [(90, 131), (33, 20), (8, 8), (1, 1)])
def test_slicing_is_trilinear_interpolation(shape):
    picture = np.random.default_rng(1).random((*shape, 3), dtype=np.float32)
    grid, tint = smooth_grid(), random_tint()
    difference = np.abs(bilateral_slicing.apply(picture, KEY, grid, tint) - sliced_by_scipy(picture, grid, tint))
    assert difference.max() < 2 / 255
    assert difference.mean() < 0.1 / 255


@pytest.mark.parametrize(("kind", "tolerance"), [(np.uint8, 0.53 / 255), (np.uint16, 2e-4)])
def test_whole_numbers_give_what_floating_point_gives(kind, tolerance):
    top = np.iinfo(kind).max
    picture = np.random.default_rng(2).integers(0, top, (50, 70, 3), kind, endpoint=True)
    grid = smooth_grid()
    found = bilateral_slicing.apply(picture, KEY, grid, random_tint())
    assert found.dtype == kind
    wanted = bilateral_slicing.apply((picture / top).astype(np.float32), KEY, grid, random_tint())
    assert np.abs(found / top - wanted).max() < tolerance


def nothing(stops):
    """One gain everywhere, and no tint."""
    return np.full((4, 4, 8), stops, np.float32), np.zeros((4, 4, 3), np.float32)


def test_no_gain_changes_nothing():
    picture = np.random.default_rng(3).integers(0, 256, (70, 50, 3), np.uint8)
    assert np.array_equal(bilateral_slicing.apply(picture, KEY, *nothing(0)), picture)


def test_one_stop_doubles_light_and_keeps_grey_grey():
    grey = np.full((20, 20, 3), 90, np.uint8)
    found = bilateral_slicing.apply(grey, KEY, *nothing(1))
    assert (found == found[0, 0, 0]).all()
    assert srgb.decode(found[0, 0, 0] / 255) == pytest.approx(2 * srgb.decode(90 / 255), rel=0.02)


def test_strips_leave_no_seams():
    """A picture of a smooth ramp stays a smooth ramp down its rows, across all strips."""
    ramp = np.repeat(np.linspace(0.2, 0.6, 300, dtype=np.float32)[:, None, None], 3, axis=2).repeat(40, axis=1)
    steps = np.diff(bilateral_slicing.apply(ramp, KEY, smooth_grid(4), random_tint())[:, 20, 1])
    assert np.abs(np.diff(steps)).max() < 0.01


@pytest.mark.parametrize("shape", [(2, 40_000), (40_000, 2)])
def test_panoramas_wider_than_opencv_maps_are_sliced(shape):
    picture = np.random.default_rng(5).random((*shape, 3), dtype=np.float32)
    grid, tint = smooth_grid(), random_tint()
    difference = np.abs(bilateral_slicing.apply(picture, KEY, grid, tint) - sliced_by_scipy(picture, grid, tint))
    assert difference.mean() < 0.1 / 255


def test_threads_do_not_matter():
    picture = np.random.default_rng(5).integers(0, 256, (200, 90, 3), np.uint8)
    one, four = (bilateral_slicing.apply(picture, KEY, smooth_grid(), random_tint(), workers) for workers in (1, 4))
    assert np.array_equal(one, four)


def test_only_clipped_pixels_are_tinted():
    picture = np.full((40, 40, 3), 120, np.uint8)
    picture[:, 20:] = 255
    grid, tint = np.zeros((4, 4, 8), np.float32), np.zeros((4, 4, 3), np.float32)
    tint[..., 0] = -1
    found = bilateral_slicing.apply(picture, KEY, grid, tint)
    assert np.array_equal(found[:, :20], picture[:, :20])
    assert (found[:, 20:, 1:] == 255).all()
    assert srgb.decode(found[0, 30, 0] / 255) == pytest.approx(0.5, rel=0.02)
