"""Scenes of panoramas of any size and unit; what else they hold is tried with the embedded survey."""

import numpy as np
import pytest
import rawpy
from helpers import panoramas

from hdrkit.simulation import scenes
from hdrkit.simulation.views import View


def view_of(path):
    return View("Hall (1)", "Hall", 1, path.name, 5500, "train", 20, 0, 75, 0, path.parent)


def frames(folder):
    found = []
    for path in sorted(folder.glob("*.DNG")):
        with rawpy.imread(str(path)) as frame:
            found.append((frame.other.shutter_speed, frame.raw_image.copy()))
    return found


@pytest.mark.parametrize("stops", [-30, 30])
def test_a_panorama_in_another_unit_gives_the_same_frames_with_times_that_files_hold(tmp_path, stops):
    """Units may be any: a view is metered, so that only the noted times could tell."""
    light, taken = panoramas.light_of(1), []
    for name, times in (("usual", 1), ("other", 2.0**stops)):
        path = panoramas.write(tmp_path / name / "hall.exr", light * np.float32(times))
        scenes.photograph(view_of(path), 0, path.parent)
        taken.append(frames(path.parent))
    for (_, usual), (_, other) in zip(*taken, strict=True):
        assert np.array_equal(usual, other)
    times = np.array([time for time, _ in taken[1]])
    np.testing.assert_allclose(np.diff(np.log2(times)), 1, atol=1e-4)
    assert times[4] == pytest.approx(scenes.FASTEST if stops > 0 else scenes.SLOWEST, rel=1e-4)


def test_a_panorama_finer_than_the_camera_is_made_smaller_and_keeps_its_light(tmp_path, monkeypatch):
    monkeypatch.setattr(scenes, "WIDEST", 64)
    light = np.ones((64, 128, 3), np.float32)
    light[::2] = 3  # stripes of one pixel, which the camera cannot resolve
    found = scenes.light_of(panoramas.write(tmp_path / "a.exr", light))
    assert found.shape == (32, 64, 3)
    np.testing.assert_allclose(found, 2, rtol=1e-3)


def test_a_panorama_that_changed_is_read_again(tmp_path):
    path = panoramas.write(tmp_path / "a.exr", panoramas.light_of(1))
    scenes.light_of(path)
    panoramas.write(path, panoramas.light_of(2))
    assert np.array_equal(scenes.light_of(path), panoramas.light_of(2))
