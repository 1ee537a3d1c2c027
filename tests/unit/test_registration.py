"""Planted maps are recovered; frames and renders that do not belong are refused, not bent into place."""

import cv2
import numpy as np
import pytest

from hdrkit import registration, srgb
from hdrkit.registration import IDENTITY, compose, displacement, register, register_as_published

EVS = [-4, -2, 0, 2, 4]
TO_SCENE = np.array([[1.06, -0.015, 12.0], [0.02, 1.05, 7.0]], np.float32)  # render pixel to scene pixel
RENDER_SIZE = (210, 140)


def radiance_of(seed, size=(176, 256)):
    """Radiance with structure at all scales and eight stops of range."""
    rng = np.random.default_rng(seed)
    waves = [rng.normal(size=(2**k, 2**k)) / 2 ** (0.5 * k - 1) for k in range(2, 7)]
    log = sum(cv2.resize(wave, size[::-1], interpolation=cv2.INTER_CUBIC) for wave in waves)
    return np.repeat(np.exp2(1.3 * log - 2.5)[..., None], 3, axis=2).astype(np.float32)


def photograph(radiance, ev, nudge=IDENTITY, rng=None):
    """A noisy 12-bit frame of the radiance, with the tripod nudged: linear, [0, 1]."""
    moved = cv2.warpAffine(radiance, nudge, radiance.shape[1::-1], flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
                           borderMode=cv2.BORDER_REFLECT)  # fmt: skip
    light = np.clip(moved * 2.0**ev, 0, None)
    light = light + rng.normal(size=light.shape) * np.sqrt(light / 10000 + 0.0005**2)
    return (np.round(np.clip(light, 0, 1) * 4095) / 4095).astype(np.float32)


def render_of(radiance):
    """A render: brightness from region to region evened out, then the planted map."""
    local = cv2.GaussianBlur(radiance, (0, 0), 20)
    toned = srgb.encode(0.25 * radiance / local**0.8)
    size = RENDER_SIZE
    picture = cv2.warpAffine(toned, TO_SCENE, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.round(picture * 255).astype(np.uint8)


def mean_errors(found, maps):
    return [displacement(f, t, RENDER_SIZE).mean() for f, t in zip(found.maps, maps, strict=True)]


@pytest.fixture(scope="module")
def bracket():
    rng = np.random.default_rng(5)
    nudges = [np.array([[1, 0, dx], [0, 1, dy]], np.float32) for dx, dy in rng.normal(0, 0.3, (5, 2))]
    radiance = radiance_of(1)
    # `photograph` samples the scene at nudge(pixel), so that a scene point lands at the inverse of the nudge.
    frames = [photograph(radiance, ev, nudge, rng) for ev, nudge in zip(EVS, nudges, strict=True)]
    maps = [compose(cv2.invertAffineTransform(nudge), TO_SCENE) for nudge in nudges]
    return frames, maps, render_of(radiance)


def test_planted_maps_are_recovered_at_every_exposure(bracket):
    frames, maps, render = bracket
    found = register(frames, EVS, render)
    assert found.failures == (None,) * 5
    errors = mean_errors(found, maps)
    assert max(errors[:4]) < 0.15 and errors[4] < 0.5, errors


def test_the_published_procedure_is_less_accurate(bracket):
    frames, maps, render = bracket
    published, _ = register_as_published([srgb.encode(frame) for frame in frames], render)
    errors = mean_errors(published, maps)
    assert errors[2] < 1
    assert np.mean(errors) > 1.5 * np.mean(mean_errors(register(frames, EVS, render), maps))


def test_the_published_procedure_starts_from_where_the_last_frame_ended(bracket):
    frames, _, render = bracket
    start = np.array([[1, 0, 3], [0, 1, 2]], np.float32)
    black = [np.zeros_like(frames[0])]
    found, warp = register_as_published(black, render, start)
    assert found.failures == ("no convergence",)
    np.testing.assert_array_equal(warp, start)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_black_or_white_frame_is_refused_and_disturbs_no_other(bracket, value):
    frames, maps, render = bracket
    blank = 0 if value == 0 else 4
    spoilt = [np.full_like(f, value) if i == blank else f for i, f in enumerate(frames)]
    found = register(spoilt, EVS, render)
    assert "black or white" in found.failures[blank]
    assert [reason for i, reason in enumerate(found.failures) if i != blank] == [None] * 4
    assert displacement(found.maps[2], maps[2], RENDER_SIZE).mean() < 0.25


def test_a_frame_of_another_scene_is_refused(bracket):
    frames, _, render = bracket
    intruder = photograph(radiance_of(2), -2, rng=np.random.default_rng(0))
    found = register([frames[0], intruder, *frames[2:]], EVS, render)
    assert "does not match the other frames" in found.failures[1]


def test_the_render_of_another_scene_is_refused(bracket):
    frames, _, _ = bracket
    found = register(frames, EVS, render_of(radiance_of(3)))
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
