"""Controls do what they claim to be best at."""

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.dataset.crops import cut
from hdrkit.evaluation import controls, metrics


@pytest.fixture
def crops():
    return cut([make_scene("barn", "train"), make_scene("hall", "test", seed=1)], 12)


def psnr(a, b):
    return metrics.psnr(a, b, data_range=255)


def test_doing_nothing_returns_the_frame(crops):
    np.testing.assert_array_equal(controls.apply_control(crops, "input"), crops.x)


def test_no_other_colour_beats_the_best_constant(crops):
    flat = controls.apply_control(crops, "best_constant")
    assert (flat == flat[:, :1, :1]).all()
    for i in range(0, len(flat), 5):
        reference = crops.y[crops.target[i]]
        for step in np.vstack([np.eye(3), -np.eye(3)]).astype(int):
            other = np.clip(flat[i].astype(int) + 2 * step, 0, 255).astype(np.uint8)
            assert psnr(other, reference) <= psnr(flat[i], reference)


def test_the_best_gamma_finds_a_planted_exponent():
    frame = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    planted = np.round((frame / 255) ** 0.4 * 255).astype(np.uint8)
    assert psnr(controls.best_gamma(frame, planted), planted) > 40


def test_no_gamma_on_a_fine_search_beats_the_best(crops):
    best = controls.apply_control(crops, "best_gamma")
    for i in range(0, len(best), 5):
        reference, unit = crops.y[crops.target[i]], crops.x[i] / 255
        tried = [psnr(np.round(unit**g * 255).astype(np.uint8), reference) for g in np.geomspace(1 / 16, 16, 400)]
        assert psnr(best[i], reference) > max(tried) - 0.05


def test_histogram_matching_gives_each_channel_the_renders_histogram():
    rng = np.random.default_rng(0)
    frame = rng.permuted(np.arange(48**2) % 256).reshape(48, 48, 1).astype(np.uint8).repeat(3, 2)
    render = np.round(255 * rng.random((48, 48, 3)) ** 2).astype(np.uint8)
    matched = controls.histogram_match(frame, render)
    for channel in range(3):
        wanted, found = np.sort(render[..., channel].ravel()), np.sort(matched[..., channel].ravel())
        assert np.abs(wanted.astype(int) - found).mean() < 2
