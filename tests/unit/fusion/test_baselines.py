"""The baselines put light in order, and survive what a bracket may hold."""

import numpy as np
import pytest
from helpers.scenes import EVS

from hdrkit.core.errors import HdrkitError
from hdrkit.fusion import baselines


def test_merging_recovers_relative_radiance(scene):
    merged = baselines.radiance(scene.frames, scene.times).mean(axis=-1)
    linear = (scene.render / 255.0).mean(axis=-1) ** 3
    assert np.corrcoef(np.log(merged).ravel(), np.log(linear + 1e-4).ravel())[0, 1] > 0.95


def test_the_response_of_srgb_frames_is_the_srgb_curve(scene):
    response = baselines.camera_response(scene.frames, scene.times)[:, 0, 1]
    wanted = (np.arange(256) / 255) ** 2.2
    middle = slice(60, 220)
    np.testing.assert_allclose(response[middle] / response[128], wanted[middle] / wanted[128], rtol=0.35)


@pytest.mark.parametrize("method", baselines.METHODS)
def test_every_method_makes_a_picture_better_than_one_frame(scene, method):
    fused = baselines.fuse(scene.frames, scene.times, method)
    assert fused.dtype == np.uint8 and fused.shape == scene.render.shape
    error = np.abs(fused.astype(float) - scene.render).mean()
    assert error < np.abs(scene.frames[0].astype(float) - scene.render).mean()


def test_the_published_baseline_has_the_renders_size(scene):
    assert baselines.as_published(scene.frames, scene.times, (30, 20)).shape == (20, 30, 3)


def test_frames_of_one_exposure_cannot_be_merged():
    with pytest.raises(HdrkitError, match="one exposure time"):
        baselines.fuse(np.full((9, 8, 8, 3), 99, np.uint8), np.full(9, 0.01), "debevec_reinhard")


@pytest.mark.parametrize("method", baselines.METHODS)
@pytest.mark.parametrize("value", [0, 255])
def test_black_or_white_brackets_make_a_flat_picture_or_a_clear_error(value, method):
    frames = np.full((9, 16, 16, 3), value, np.uint8)
    try:
        assert baselines.fuse(frames, 2.0**EVS, method).std() < 1
    except HdrkitError as error:
        assert "of one grey" in str(error)


def test_fusing_with_all_methods_at_once_changes_no_picture(scene):
    together = baselines.fuse_all(scene.frames, scene.times)
    assert tuple(together) == baselines.METHODS
    for method, picture in together.items():
        np.testing.assert_array_equal(picture, baselines.fuse(scene.frames, scene.times, method))
