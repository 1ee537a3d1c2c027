"""What lies in a bracket's folder and is no frame is left out with a line; what can be used is used."""

import cv2
import numpy as np
import pytest
from helpers import cameras
from helpers.shots import write_shot
from PIL import Image

from hdrkit.brackets import borders
from hdrkit.brackets.frames import read_frames


@pytest.fixture(scope="module")
def bracket():
    return cameras.simulate("sRGB", [-1.5, 0.0, 1.5], "city")


def write(folder, **pictures):
    for name, picture in pictures.items():
        Image.fromarray(picture).save(folder / f"{name}.png")
    return sorted(folder.iterdir())


def three(bracket):
    return {f"frame{i}": frame for i, frame in enumerate(bracket.frames)}


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda frame: frame.copy(), "the same picture as frame1.png"),
        (np.zeros_like, "all black"),
        (lambda frame: np.full_like(frame, 255), "all white"),
        (lambda frame: cv2.resize(frame, (90, 60)), "90 x 60 pixels, the others have 360 x 240"),
        (lambda frame: np.ascontiguousarray(np.rot90(frame)), "upright where the others lie"),
        (lambda frame: cameras.simulate("sRGB", [0.0], "forest", yaw=200).frames[0], "not of one scene"),
    ],
)
def test_a_frame_that_does_not_help_is_left_out_with_a_line(tmp_path, bracket, make, line):
    found = read_frames(write(tmp_path, **three(bracket), other=make(bracket.frames[1])))
    assert [path.stem for path in found.paths] == ["frame0", "frame1", "frame2"]
    assert len(found.remarks) == 1 and "other.png" in found.remarks[0] and line in found.remarks[0]


def test_a_result_beside_its_frames_is_none_of_them(tmp_path, bracket):
    result = cv2.createMergeMertens().process(list(bracket.frames))
    found = read_frames(write(tmp_path, **three(bracket), result=np.rint(255 * np.clip(result, 0, 1)).astype(np.uint8)))
    assert [path.stem for path in found.paths] == ["frame0", "frame1", "frame2"]
    assert "result.png: by its name made from the other frames; left out" in found.remarks[0]


def test_blue_borders_are_no_part_of_the_scene(tmp_path, bracket):
    pictures = three(bracket)
    pictures["frame1"] = pictures["frame1"].copy()
    pictures["frame1"][:9] = 0, 0, 255
    found = read_frames(write(tmp_path, **pictures))
    assert (found.pictures[1][:9, :, 2] < 250).mean() > 0.5
    assert "a border of one pure colour in 1 of 3 frames" in found.remarks[0]


def test_light_of_one_colour_is_no_border_of_a_raw_frame(tmp_path):
    paths = [write_shot(tmp_path / f"{i}.dng", 2**i / 80, tint=(1, 0.7, 0)) for i in range(3)]
    found = read_frames(paths)
    assert borders.find(found.pictures[-1]).any()  # it looks like one
    assert found.remarks == []


def wall(value, seed):
    """A picture without anything to recognise: noise of one level."""
    return np.rint(np.random.default_rng(seed).normal(value, 1, (60, 90, 3))).astype(np.uint8)


def test_frames_of_a_flat_wall_are_of_one_scene(tmp_path):
    found = read_frames(write(tmp_path, a=wall(60, 0), b=wall(90, 1), c=wall(130, 2)))
    assert len(found.paths) == 3 and found.remarks == []


def test_where_no_two_frames_are_alike_all_are_kept(tmp_path):
    pictures = [cameras.simulate("sRGB", [0.0], place, yaw=yaw).frames[0]
                for place, yaw in (("city", 40), ("forest", 200), ("courtyard", 120))]  # fmt: skip
    found = read_frames(write(tmp_path, **{f"frame{i}": picture for i, picture in enumerate(pictures)}))
    assert len(found.paths) == 3 and found.remarks == ["no two frames look alike; all are used"]
