"""The local Laplacian filter: what it keeps, what it reduces, and that it is local."""

import numpy as np

from hdrkit.simulation.local_laplacian import EDGE, STEP, local_laplacian, tone_map


def step(height, size=128):
    """A vertical edge of `height` stops."""
    return np.where(np.arange(size) < size // 2, 0, height)[None].repeat(size, 0).astype(np.float32)


def test_detail_below_the_edge_threshold_is_kept():
    detail = np.random.default_rng(0).uniform(0, EDGE - STEP, (96, 128)).astype(np.float32)
    np.testing.assert_allclose(local_laplacian(detail, 4), detail, atol=1e-4)


def test_tall_edge_is_reduced_without_a_halo():
    profile = local_laplacian(step(5), 6)[64]
    assert np.ptp(profile) < 0.7 * 5
    assert np.diff(profile).min() > -0.02  # a halo would overshoot


def test_detail_beside_a_tall_edge_is_kept():
    ripple = 0.2 * np.sin(np.arange(128) * np.pi / 2).astype(np.float32)[:, None]
    mapped = local_laplacian(step(6) + ripple, 5)
    for column in (16, 112):
        assert np.ptp(mapped[32:96, column]) > 0.9 * np.ptp(ripple[32:96])


def test_no_global_curve_makes_the_picture():
    """Two patches of one luminance, one in the dark and one in the light, come out differently."""
    scene = np.exp2(step(7, 128))
    scene[60:68, 24:32] = scene[60:68, 96:104] = np.exp2(3.5)
    picture = tone_map(np.dstack([scene] * 3))
    assert picture[62:66, 26:30].mean() > picture[62:66, 98:102].mean() + 0.05


def test_picture_is_encoded_neutral_and_fills_the_range():
    scene = np.random.default_rng(0).lognormal(0, 2, (96, 128, 1)).astype(np.float32).repeat(3, 2)
    picture = tone_map(scene)
    assert picture.dtype == np.float32 and picture.min() >= 0 and 0.99 < picture.max() <= 1
    np.testing.assert_allclose(picture[..., 0], picture[..., 2], atol=1e-5)
    np.testing.assert_allclose(tone_map(100 * scene), picture, atol=1e-3)
