"""Oracles reach what was planted, and never less than their own start."""

import numpy as np

from hdrkit.evaluation import oracles
from hdrkit.images import srgb
from hdrkit.models import gain_grid, grid_spec
from hdrkit.simulation import embedded_views, local_laplacian


def test_a_planted_grid_is_found():
    rng = np.random.default_rng(0)
    pictures = (0.2 + 0.6 * rng.random((2, 128, 128, 3), np.float32)) ** 2
    key = gain_grid.Key()(pictures)
    grid = np.tile(rng.normal(-1, 0.4, (2, 4, 4, 1)).astype(np.float32), (1, 1, 1, grid_spec.LEVELS))
    planted = np.clip(gain_grid.SliceAndApply()([pictures, key, grid, np.zeros((2, 4, 4, 3), np.float32)]), 0, 1)
    found = oracles.best_grids(pictures, planted, cells=4)
    assert -10 * np.log10(np.mean((found - planted) ** 2)) > 35


def test_a_grey_picture_is_reached_where_brightness_tells_its_pixels_apart():
    rows, columns = np.indices((64, 64))
    fine = np.where((rows + columns) % 2, 0.2, 0.8).astype(np.float32)
    assert np.abs(oracles.best_grid_of_grey(fine, 1 - fine) - (1 - fine)).max() < 0.01
    flat = np.full((64, 64), 0.4, np.float32)
    assert np.abs(oracles.best_grid_of_grey(flat, fine) - fine).min() > 0.25  # one gain for both: a mean of the two


def test_the_own_operator_needs_no_exposure():
    """From a frame that shows everything, whatever its exposure, the operator makes the render."""
    light = embedded_views.load("kiara_1_dawn")[120:280:2, 100:400:2]
    light = np.clip(light / light.max(), 2e-3, None)
    render = np.rint(local_laplacian.tone_map(light) * 255)
    for ev in (0, -1):
        frame = srgb.encode_integers(light * np.float32(2.0**ev), np.uint8)
        assert np.abs(oracles.own_operator(frame) - render).mean() < 4
