"""Planted maps are recovered; frames and renders that do not belong are refused, not bent into place."""

import cv2
import numpy as np
import pytest
from helpers.brackets import EVS, RENDER_SIZE, TO_SCENE, photograph, radiance_of, render_of

from hdrkit.brackets import registration
from hdrkit.brackets.registration import IDENTITY, compose, displacement, register_jointly, register_per_frame
from hdrkit.images import srgb


def mean_errors(found, maps):
    return [displacement(f, t, RENDER_SIZE).mean() for f, t in zip(found.maps, maps, strict=True)]


@pytest.fixture(scope="module")
def bracket():
    rng = np.random.default_rng(5)
    shifts = [np.array([[1, 0, dx], [0, 1, dy]], np.float32) for dx, dy in rng.normal(0, 0.3, (5, 2))]
    radiance = radiance_of(1)
    # `photograph` samples the scene at shift(pixel), so that a scene point lands at the inverse of the shift.
    frames = [photograph(radiance, ev, shift, rng) for ev, shift in zip(EVS, shifts, strict=True)]
    maps = [compose(cv2.invertAffineTransform(shift), TO_SCENE) for shift in shifts]
    return frames, maps, render_of(radiance)


def test_planted_maps_are_recovered_at_every_exposure(bracket):
    frames, maps, render = bracket
    found = register_jointly(frames, EVS, render)
    assert found.failures == (None,) * 5
    errors = mean_errors(found, maps)
    assert max(errors[:4]) < 0.15 and errors[4] < 0.5, errors


def test_registration_per_frame_is_less_accurate(bracket):
    frames, maps, render = bracket
    per_frame, _ = register_per_frame([srgb.encode(frame) for frame in frames], render)
    errors = mean_errors(per_frame, maps)
    assert errors[2] < 1
    assert np.mean(errors) > 1.5 * np.mean(mean_errors(register_jointly(frames, EVS, render), maps))


def test_registration_per_frame_starts_from_where_the_last_frame_ended(bracket):
    frames, _, render = bracket
    start = np.array([[1, 0, 3], [0, 1, 2]], np.float32)
    black = [np.zeros_like(frames[0])]
    found, warp = register_per_frame(black, render, start)
    assert found.failures == ("no convergence",)
    np.testing.assert_array_equal(warp, start)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_black_or_white_frame_is_refused_and_disturbs_no_other(bracket, value):
    frames, maps, render = bracket
    blank = 0 if value == 0 else 4
    spoilt = [np.full_like(f, value) if i == blank else f for i, f in enumerate(frames)]
    found = register_jointly(spoilt, EVS, render)
    assert "black or white" in found.failures[blank]
    assert [reason for i, reason in enumerate(found.failures) if i != blank] == [None] * 4
    assert displacement(found.maps[2], maps[2], RENDER_SIZE).mean() < 0.25


def test_a_frame_of_another_scene_is_refused(bracket):
    frames, _, render = bracket
    intruder = photograph(radiance_of(2), -2, rng=np.random.default_rng(0))
    found = register_jointly([frames[0], intruder, *frames[2:]], EVS, render)
    assert "does not match the other frames" in found.failures[1]


def test_the_render_of_another_scene_is_refused(bracket):
    frames, _, _ = bracket
    found = register_jointly(frames, EVS, render_of(radiance_of(3)))
    assert all("render does not match" in reason for reason in found.failures)


def test_structure_ignores_gain_and_slow_changes_of_tone():
    radiance = radiance_of(1)[..., 0]
    ramp = np.linspace(0.5, 2, radiance.shape[1], dtype=np.float32)
    np.testing.assert_allclose(registration.structure(radiance * 3), registration.structure(radiance), atol=1e-3)
    inner = (slice(None), slice(20, -20))
    np.testing.assert_allclose(
        registration.structure(radiance * ramp)[inner], registration.structure(radiance)[inner], atol=0.1
    )


def test_merging_undoes_exposure(bracket):
    radiance = radiance_of(1)
    rng = np.random.default_rng(0)
    frames = [photograph(radiance, ev, rng=rng) for ev in EVS]
    merged = registration.merge([srgb.luminance(f) for f in frames], EVS, [registration.usable(f) for f in frames])
    np.testing.assert_allclose(np.median(merged / radiance[..., 0]), 1, atol=0.01)
    assert np.quantile(np.abs(np.log2(merged / radiance[..., 0])), 0.99) < 0.2


def test_displacement_of_a_shift_is_its_length():
    shifted = IDENTITY + np.array([[0, 0, 3], [0, 0, 4]], np.float32)
    np.testing.assert_allclose(displacement(shifted, IDENTITY, (100, 50)), 5)


def test_stretching_keeps_corners_on_corners():
    stretch = registration.stretch((100, 50), (400, 100))
    np.testing.assert_allclose(stretch @ [-0.5, -0.5, 1], [-0.5, -0.5])
    np.testing.assert_allclose(stretch @ [99.5, 49.5, 1], [399.5, 99.5])


def test_resampling_moves_pixels_as_the_map_says():
    picture = np.zeros((10, 10, 3), np.float32)
    picture[4, 6] = 1
    shift = np.array([[1, 0, 2], [0, 1, 1]], np.float32)
    assert np.argwhere(registration.resample(picture, shift, (8, 8))[..., 0]).tolist() == [[3, 4]]
