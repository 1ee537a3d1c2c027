import cv2
import numpy as np
import pytest
import tensorflow as tf
from skimage.metrics import peak_signal_noise_ratio

from hdrkit.core.errors import HdrkitError
from hdrkit.evaluation import metrics
from hdrkit.training import keras_metrics


@pytest.fixture
def batch():
    """Pictures with structure, and noisy versions of them with very different errors."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:32, :40] / 40
    clean = np.stack([np.stack([x, y, (x + y) / 2], -1) * k for k in (0.3, 0.6, 0.9)]).astype(np.float32)
    noise = rng.normal(size=clean.shape) * np.array([0.01, 0.05, 0.2])[:, None, None, None]
    return clean, np.clip(clean + noise, 0, 1).astype(np.float32)


def test_psnr_and_ssim_agree_with_independent_implementations(batch):
    for clean, noisy in zip(*batch, strict=True):
        assert metrics.psnr(noisy, clean, 1) == pytest.approx(
            peak_signal_noise_ratio(clean, noisy, data_range=1), abs=1e-4
        )
        assert metrics.ssim(noisy, clean, 1) == pytest.approx(float(tf.image.ssim(clean, noisy, 1)), abs=1e-5)


def test_psnr_of_uint8_neither_wraps_nor_depends_on_the_order():
    black, white = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 255, np.uint8)
    assert metrics.psnr(black, white, 255) == metrics.psnr(white, black, 255) == 0
    assert metrics.psnr(black, black + np.uint8(1), 255) == pytest.approx(20 * np.log10(255))


def test_identical_pictures(batch):
    clean, _ = batch
    assert metrics.psnr(clean[0], clean[0], 1) == np.inf
    assert metrics.ssim(clean[0], clean[0], 1) == 1


def test_pooled_psnr_is_below_the_mean_and_equal_for_equal_errors(batch):
    clean, noisy = batch
    mean = np.mean([metrics.psnr(n, c, 1) for c, n in zip(clean, noisy, strict=True)])
    assert metrics.psnr_pooled(noisy, clean, 1) < mean - 1
    assert metrics.psnr_pooled(clean * 0 + 0.5, clean * 0 + 0.4, 1) == pytest.approx(20, abs=1e-4)


def test_wrapping_psnr_of_uniform_differences_is_27_898_db():
    """Every difference 0 ... 255 once: the mean of d^2 mod 256 is 105.5 exactly."""
    d = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert metrics.psnr_wrapping_uint8(d, np.zeros_like(d)) == pytest.approx(20 * np.log10(255 / np.sqrt(105.5)))
    assert metrics.psnr_wrapping_uint8(d, np.zeros_like(d)) == pytest.approx(27.898, abs=5e-4)


def test_wrapping_psnr_of_unrelated_pictures_and_of_nothing_left():
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 256, (2, 200, 200, 3), dtype=np.uint8)
    assert metrics.psnr_wrapping_uint8(a, b) == pytest.approx(27.898, abs=0.05)
    assert metrics.psnr_wrapping_uint8(a, a) == 100
    assert metrics.psnr_wrapping_uint8(a, a ^ np.uint8(128)) == 100  # 128^2 wraps to 0: 6 dB look like a perfect score


def test_published_ssim_gives_about_twice_the_deviation():
    rng = np.random.default_rng(3)
    flat, unrelated = rng.uniform(size=(2, 4, 32, 32, 3)).astype(np.float32)
    assert metrics.ssim_published(flat, flat) == pytest.approx(2 * flat.std(), rel=1e-3)
    assert metrics.ssim_published(flat, unrelated) == pytest.approx(metrics.ssim_published(flat, flat), rel=0.02)


@pytest.mark.parametrize(
    ("image", "reference", "data_range", "message"),
    [
        (np.zeros((4, 4, 3)), np.zeros((4, 5, 3)), 1, "shapes"),
        (np.zeros((4, 4), np.float32), np.zeros((4, 4), np.uint8), 1, "types"),
        (np.ones((4, 4)) * 0.5, np.ones((4, 4)) * 0.4, 255, "data_range must be 1"),
        (np.ones((4, 4)) * 1.01, np.ones((4, 4)) * 0.4, 255, "data_range must be 1"),
        (np.ones((4, 4)) * 1.01, np.ones((4, 4)), 1, "outside data_range"),
        (np.ones((4, 4)) * -0.01, np.ones((4, 4)), 1, "outside data_range"),
        (np.ones((4, 4)) * np.nan, np.ones((4, 4)), 1, "outside data_range"),
        (np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8), 1, "is 255, not 1"),
        (np.zeros((4, 4), np.int16), np.zeros((4, 4), np.int16), 255, "floating point or unsigned"),
    ],
)
def test_data_that_contradict_the_range_are_refused(image, reference, data_range, message):
    for metric in (metrics.psnr, metrics.psnr_pooled, metrics.ssim):
        with pytest.raises(HdrkitError, match=message):
            metric(image, reference, data_range)


def test_keras_metrics_agree_with_numpy_over_several_batches(batch):
    clean, noisy = batch
    pairs = list(zip(clean, noisy, strict=True))
    psnr, ssim, pooled = keras_metrics.PSNR(), keras_metrics.SSIM(), keras_metrics.PooledPSNR()
    for part in (slice(0, 1), slice(1, 3)):
        for metric in (psnr, ssim, pooled):
            metric.update_state(clean[part], noisy[part])
    assert float(psnr.result()) == pytest.approx(np.mean([metrics.psnr(n, c, 1) for c, n in pairs]), abs=1e-3)
    assert float(ssim.result()) == pytest.approx(np.mean([metrics.ssim(n, c, 1) for c, n in pairs]), abs=1e-5)
    batches = [metrics.psnr_pooled(noisy[p], clean[p], 1) for p in (slice(0, 1), slice(1, 3))]
    assert float(pooled.result()) == pytest.approx(np.mean(batches), abs=1e-3)


@pytest.mark.parametrize("metric", [keras_metrics.PSNR, keras_metrics.SSIM, keras_metrics.PooledPSNR])
def test_keras_metrics_refuse_pictures_outside_the_unit_range(batch, metric):
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"pictures in \[0, 1\]"):
        metric().update_state(batch[0] * 255, batch[1] * 255)


def test_keras_metrics_cut_a_prediction_as_saving_would(batch):
    clean, _ = batch
    metric = keras_metrics.PSNR()
    metric.update_state(clean, np.where(clean > 0.5, 3 * clean, clean))
    cut = [metrics.psnr(np.where(c > 0.5, np.minimum(3 * c, 1), c), c, 1) for c in clean]
    assert float(metric.result()) == pytest.approx(np.mean(cut), abs=1e-3)


def grey(value, size=32):
    return np.full((size, size, 3), value, np.uint8)


def edges(blur=0.0, contrast=1.0):
    """Discs on a slope."""
    y, x = np.mgrid[:96, :96]
    picture = np.where((x % 48 - 24) ** 2 + (y % 48 - 24) ** 2 < 250, 200.0, 60.0) + x / 4
    picture = cv2.GaussianBlur(picture, (0, 0), blur) if blur else picture
    return np.repeat(np.round(128 + contrast * (picture - 128)).astype(np.uint8)[..., None], 3, -1)


@pytest.mark.parametrize(("a", "b"), [(20, 60), (128, 129), (200, 100)])
def test_colour_difference_of_greys_is_that_of_the_formula_in_lightness(a, b):
    """Between neutral colours CIEDE2000 is |L1 - L2| / S_L with S_L of the mean lightness (Sharma et al. 2005)."""
    light = np.array([a, b]) / 255
    luminance = np.where(light > 0.04045, ((light + 0.055) / 1.055) ** 2.4, light / 12.92)
    lightness = np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)
    deviation = (lightness.mean() - 50) ** 2
    expected = abs(np.diff(lightness)[0]) / (1 + 0.015 * deviation / np.sqrt(20 + deviation))
    assert metrics.ciede2000(grey(a), grey(b)) == pytest.approx(expected, rel=0.01)


def test_colour_difference_sees_a_hue_that_brightness_does_not():
    red = np.broadcast_to(np.array([150, 110, 110], np.uint8), (8, 8, 3))
    green = np.broadcast_to(np.array([110, 131, 110], np.uint8), (8, 8, 3))
    assert metrics.ciede2000(red, red) == 0
    assert metrics.ciede2000(red, green) == pytest.approx(metrics.ciede2000(green, red))
    assert metrics.ciede2000(red, green) > 15


def test_sharpness_falls_with_blur_and_not_with_contrast():
    reference = edges()
    assert metrics.edge_sharpness(reference, reference) == 1
    assert metrics.edge_sharpness(edges(contrast=0.5), reference) == pytest.approx(1, abs=0.02)
    blurred = [metrics.edge_sharpness(edges(blur), reference) for blur in (0.7, 1.5, 3)]
    assert 1 > blurred[0] > blurred[1] > blurred[2] > 0.1
    assert metrics.edge_sharpness(reference, edges(1.5)) > 1.2
    assert np.isnan(metrics.edge_sharpness(reference, grey(80, 96)))


def test_a_flat_picture_is_not_sharp_even_if_it_is_noisy():
    noisy = np.random.default_rng(0).integers(99, 102, (96, 96, 3), dtype=np.uint8)
    assert metrics.edge_sharpness(grey(100, 96), edges()) == 0
    assert metrics.edge_sharpness(noisy, edges()) < 0.2


def board(period, across=(1, 1), strength=6):
    """Return bars or a board of one period in pixels, along x, y or both: (64, 64, 1)."""
    y, x = np.mgrid[:64, :64]
    return strength * np.cos(2 * np.pi * (across[0] * x + across[1] * y) / period)[..., None]


@pytest.mark.parametrize("across", [(0, 1), (1, 0), (1, 1)])
def test_a_planted_checkerboard_is_measured_at_its_period_only(across):
    noisy = grey(128, 64) + np.random.default_rng(0).normal(0, 4, (64, 64, 3))
    at = {
        period: metrics.checkerboard((noisy + board(period, across)).round().astype(np.uint8))
        for period in (2, 3, 4, 8)
    }
    assert at.pop(2) > 5
    assert all(0.8 < other < 1.2 for other in at.values())


def test_a_stronger_checkerboard_measures_stronger():
    noisy = grey(128, 64) + np.random.default_rng(0).normal(0, 4, (64, 64, 3))
    measured = [metrics.checkerboard((noisy + board(2, strength=s)).round().astype(np.uint8)) for s in (0, 1, 2, 4)]
    assert measured == sorted(measured)
    assert measured[3] / measured[2] == pytest.approx(2, rel=0.1)


def test_without_a_checkerboard_it_is_about_one_in_flat_noisy_smooth_and_edged_pictures():
    y, x = np.mgrid[:64, :65]
    noise = np.random.default_rng(0).integers(0, 256, (64, 65, 3), dtype=np.uint8)
    assert metrics.checkerboard(grey(128)) == pytest.approx(1, abs=1e-6)
    assert metrics.checkerboard(noise) == pytest.approx(1, abs=0.1)
    assert metrics.checkerboard(np.repeat((2 * x + y)[..., None], 3, -1).astype(np.uint8)) == pytest.approx(1, abs=0.2)
    edge = np.repeat(np.where(x > 40, 200, 50)[..., None], 3, -1).astype(np.uint8)
    assert metrics.checkerboard(edge) == pytest.approx(1, abs=0.2)


def test_sky_blue_is_told_by_hue_and_brightness():
    colours = {(135, 206, 235): True, (200, 220, 245): True, (255, 255, 255): False, (10, 20, 60): False}
    colours |= {(120, 160, 60): False, (240, 200, 200): False}
    pictures = np.array([list(colours)] * 2, np.uint8)
    np.testing.assert_array_equal(metrics.sky_blue(pictures), [list(colours.values())] * 2)


def test_errors_of_the_mean_in_cielab_tell_lightness_from_colour():
    grey, lighter = np.full((4, 4, 3), 100, np.uint8), np.full((4, 4, 3), 140, np.uint8)
    reddish = np.full((4, 4, 3), [140, 90, 90], np.uint8)
    halves = np.concatenate([np.full((2, 4, 3), 60, np.uint8), np.full((2, 4, 3), 140, np.uint8)])
    found = metrics.mean_lab_errors(np.stack([grey, lighter, reddish, halves]), np.stack([grey] * 4))
    # L* of the greys 60, 100 and 140 is 25.3, 42.4 and 58.3 (CIE 15): their cube roots of linear light.
    np.testing.assert_allclose(found["lightness"][[0, 1, 3]], [0, 58.3 - 42.4, 42.4 - (25.3 + 58.3) / 2], atol=0.1)
    np.testing.assert_allclose(found["colour"][[0, 1, 3]], 0, atol=0.01)
    assert found["colour"][2] > 15
