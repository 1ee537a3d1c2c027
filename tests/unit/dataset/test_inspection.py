"""What is seen in a scene is what was put there; what is wrong with it is said, and ends nothing."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from helpers import cameras
from helpers.shots import write_shot
from PIL import Image

from hdrkit.dataset import inspection
from hdrkit.dataset.scene_folders import find

STOPS = [-2.0, 0.0, 2.0]


def inspect(folder):
    (scene,) = find(folder).scenes
    return inspection.inspect(scene)


def jpegs(folder, stated=STOPS, stops=STOPS, place="city", curve="sRGB", shifts=None):
    """A bracket whose darkest frame clips nothing and whose brightest has no black, unless stops say so."""
    return cameras.write(folder, cameras.simulate(curve, stops, place, shifts=shifts).frames, stated)


def test_a_good_bracket_is_described_and_nothing_is_wrong(tmp_path):
    paths = jpegs(tmp_path / "hill")
    Image.new("RGB", (60, 40), (200, 100, 0)).save(tmp_path / "hill" / "hillRendered.jpg")
    found = inspect(tmp_path)
    assert found.wrong == []
    assert [frame.path for frame in found.frames] == paths
    assert [frame.stated for frame in found.frames] == STOPS == [frame.used for frame in found.frames]
    assert [frame.measured for frame in found.frames] == pytest.approx(STOPS, abs=0.2)
    assert found.source == "EXIF exposure times" and found.frames[1].settings.time == pytest.approx(1 / 60)
    assert found.curve == "sRGB"
    assert found.movement.pixels < 0.2 and found.movement.degrees < 0.05 and found.movement.share < 0.001
    assert found.render.name == "hillRendered.jpg" and found.render_thumbnail[:3] == b"\xff\xd8\xff"


def test_raw_frames_have_no_curve_of_a_camera(tmp_path):
    (tmp_path / "hill").mkdir()
    for i, time in enumerate((1 / 320, 1 / 80, 1 / 20)):
        write_shot(tmp_path / "hill" / f"{i}.dng", time, seed=i)
    assert inspect(tmp_path).curve == "raw"


def test_of_frames_of_one_exposure_no_curve_is_made_up(tmp_path):
    frames = [cameras.simulate("sRGB", [0], "city", seed=seed).frames[0] for seed in (0, 1)]
    cameras.write(tmp_path / "hill", frames)
    assert inspect(tmp_path).curve == "unknown"


def test_of_frames_that_share_no_well_exposed_pixels_no_curve_is_made_up(tmp_path):
    jpegs(tmp_path / "hill", stops=[-7, 5], stated=[-7, 5])
    found = inspect(tmp_path)
    assert found.curve == "unknown" and len(found.frames) == 2


def test_frames_stand_from_dark_to_bright(tmp_path):
    jpegs(tmp_path / "hill", stated=[2, -2, 0], stops=[2, -2, 0])
    assert [frame.path.name for frame in inspect(tmp_path).frames] == ["1.jpg", "2.jpg", "0.jpg"]


def test_without_times_what_is_used_is_measured(tmp_path):
    jpegs(tmp_path / "hill", stated=None)
    found = inspect(tmp_path)
    assert np.isnan([frame.stated for frame in found.frames]).all() and found.source == "nothing"
    assert [frame.used for frame in found.frames] == pytest.approx(STOPS, abs=0.3)
    assert len(found.wrong) == 1 and "no exposure times found" in found.wrong[0]


def test_a_false_time_is_named_beside_what_pixels_say(tmp_path):
    stops = [-4.0, -2.0, 0.0, 2.0, 4.0]
    jpegs(tmp_path / "hill", stated=[-4, -2, 0, 3.5, 4], stops=stops, place="city")
    found = inspect(tmp_path)
    assert [frame.stated for frame in found.frames] == pytest.approx([-4, -2, 0, 3.5, 4])
    assert found.frames[3].measured == pytest.approx(2, abs=0.3) == found.frames[3].used
    assert any(line.startswith("3.jpg: pixels") for line in found.wrong)


@pytest.mark.parametrize("largest", [1_000_000, 50_000])
def test_shifts_are_in_pixels_of_the_files_at_any_size_of_work(tmp_path, monkeypatch, largest):
    monkeypatch.setattr(inspection, "LARGEST", largest)
    jpegs(tmp_path / "hill", shifts=[(0, 0), (0, 0), (12, -5)])
    movement = inspect(tmp_path).movement
    assert movement.pixels == pytest.approx(13, abs=0.7) and movement.degrees < 0.1


def test_a_turn_is_in_degrees(tmp_path):
    frames = cameras.simulate("sRGB", STOPS, "city").frames
    turn = cv2.getRotationMatrix2D((179.5, 119.5), 0.8, 1)
    turned = cv2.warpAffine(frames[2], turn, (360, 240), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    cameras.write(tmp_path / "hill", [*frames[:2], turned], STOPS)
    found = inspect(tmp_path)
    assert found.movement.degrees == pytest.approx(0.8, abs=0.1)


def test_sizes_are_said_as_files_have_them(tmp_path, monkeypatch):
    monkeypatch.setattr(inspection, "LARGEST", 30_000)
    paths = jpegs(tmp_path / "hill")
    Image.open(paths[0]).resize((300, 200)).save(tmp_path / "hill" / "small.jpg")
    assert inspect(tmp_path).wrong == ["small.jpg: 300 x 200 pixels, the others have 360 x 240; left out"]


def test_a_thing_that_moves_is_said(tmp_path):
    frames = cameras.simulate("sRGB", STOPS, "city").frames.copy()
    for i, frame in enumerate(frames):
        frame[170:210, 20 + 100 * i : 60 + 100 * i] = 60 + 60 * i
    cameras.write(tmp_path / "street", frames, STOPS)
    found = inspect(tmp_path)
    assert 0.02 < found.movement.share < 0.08
    assert len(found.wrong) == 1 and "moves from frame to frame" in found.wrong[0]


@pytest.mark.parametrize(("stops", "end", "line"), [((0, 1, 2), 0, "highlights"), ((-7, -6, -5), -1, "shadows")])
def test_a_range_that_is_not_covered_is_said(tmp_path, stops, end, line):
    """By the share of pixels that the simulated frame itself has at that end."""
    frames = cameras.simulate("sRGB", stops, "city").frames
    cameras.write(tmp_path / "city", frames, stops)
    found = inspect(tmp_path)
    true = [(frames[0] >= 250).any(axis=2).mean(), (frames[-1] <= 3).all(axis=2).mean()][end]
    assert true > 0.01
    assert [found.frames[0].clipped, found.frames[-1].black][end] == pytest.approx(true, abs=0.01)
    assert any(f"no frame holds the {line}" in each for each in found.wrong)


def test_a_broken_frame_and_a_broken_render_are_said_and_the_rest_is_seen(tmp_path):
    paths = jpegs(tmp_path / "hill")
    (tmp_path / "hill" / "cut.jpg").write_bytes(paths[0].read_bytes()[:200])
    (tmp_path / "hill" / "hillRendered.jpg").write_bytes(b"no picture")
    found = inspect(tmp_path)
    assert len(found.frames) == 3 and found.render_thumbnail is None
    assert [line.split(": ")[0] for line in found.wrong] == ["cut.jpg", "hillRendered.jpg"]


def test_fewer_than_two_frames_are_no_bracket(tmp_path):
    jpegs(tmp_path / "hill", stops=[0], stated=[0])
    found = inspect(tmp_path)
    assert found.frames == () and "1 frame(s), a bracket needs two" in found.wrong[0]


def test_no_error_ends_it(tmp_path, monkeypatch):
    for name in ("bad", "good"):
        jpegs(tmp_path / name)
    align = inspection.align_files

    def spoilt(paths, **how):
        if paths[0].parent.name == "bad":
            raise MemoryError("of\nno\nuse")
        return align(paths, **how)

    monkeypatch.setattr(inspection, "align_files", spoilt)
    bad, good = inspection.inspect_all(find(tmp_path).scenes)
    assert bad.wrong == ["MemoryError: of no use; left out"] and good.wrong == []


def test_a_frame_that_no_pixels_link_to_others_is_not_measured():
    measured = inspection.Measured(
        np.array([0.0, 0.0, 1.0, 2.0]), np.array([True, False, False]), np.arange(4), np.zeros(256), 0.1
    )
    found = inspection._measured(measured, np.array([-5.0, -1, 0, 1]))
    np.testing.assert_array_equal(found, [np.nan, -1, 0, 1])


def test_a_line_that_fusing_repeats_is_said_once(tmp_path):
    jpegs(tmp_path / "hill", stops=[0], stated=[0])
    found = inspect(tmp_path)
    assert len(replace(found, remarks=found.problems).wrong) == 1
