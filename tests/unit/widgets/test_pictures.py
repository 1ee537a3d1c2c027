"""Pictures to compare: what fits is taken as it is, what does not is told in one sentence that names it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.widgets.pictures import Picture, load, of_scene

GOOD = np.full((4, 6, 3), 100, np.uint8)


def light(value):
    array = np.ones((4, 6, 3), np.float32)
    array[2, 3, 1] = value
    return array


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (GOOD[:, :5], "bad: 5 x 4 pixels, the others have 6 x 4"),
        (light(np.nan), "bad: holds NaN"),
        (light(-0.5), "bad: holds negative light, down to -0.5"),
        (light(np.inf), "bad: holds infinite light"),
        (light(1).astype(np.float64) * 1e300, "bad: holds infinite light"),
        (Picture(light(1.5), linear=False), "bad: holds values in [1, 1.5]; encoded"),
        (Picture(light(np.nan), linear=False), "bad: holds NaN; encoded"),
        (GOOD.astype(int), "bad: of int64; convert it to uint8"),
        (GOOD > 0, "bad: of bool"),
        (np.array([["a"]]), "bad: of <U1"),
        (np.zeros((4, 6, 4), np.uint8), "bad: of shape (4, 6, 4)"),
        (GOOD[None], "bad: of shape (1, 4, 6, 3)"),
        (GOOD[:0], "bad: a picture without pixels, 6 x 0"),
        ("none.png", "bad: none.png: no such file"),
        (None, "bad: of shape ()"),
    ],
)
def test_bad_pictures_are_named(bad, told):
    with pytest.raises(HdrkitError) as error:
        load({"one": GOOD, "bad": bad, "two": GOOD})
    assert str(error.value).startswith(told) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"one": GOOD}, "two pictures or more are needed to compare, only one"),
        ({}, "two pictures or more are needed to compare; add"),
        ({1: GOOD, "1": GOOD}, "1: 2 pictures have this name"),
        ([GOOD, GOOD], "compare takes names with their pictures"),
    ],
)
def test_bad_sets_of_pictures_are_told(given, told):
    with pytest.raises(HdrkitError, match=told):
        load(given)


def test_the_type_says_what_an_array_holds():
    half = np.full((4, 6, 3), 0.5)
    loaded = load(
        {"light": half, "network": Picture(half, linear=False), "deep": GOOD.astype(np.uint16), "frame": GOOD}
    )
    kinds = {name: (picture.array.dtype.name, picture.linear) for name, picture in loaded.items()}
    encoded = ("uint16", False)
    assert kinds == {"light": ("float32", True), "network": encoded, "deep": encoded, "frame": ("uint8", False)}
    assert loaded["network"].array[0, 0, 0] == 32768 and loaded["frame"].array is GOOD


def test_grey_is_repeated():
    grey = np.arange(24, dtype=np.uint8).reshape(4, 6)
    array = load({"grey": grey, "frame": GOOD})["grey"].array
    assert array.shape == (4, 6, 3) and all((array[..., channel] == grey).all() for channel in range(3))


def test_files_are_read_in_rgb(tmp_path):
    picture = np.random.default_rng(0).integers(0, 2**16, (4, 6, 3)).astype(np.uint16)
    cv2.imwrite(str(tmp_path / "a.png"), picture[..., ::-1])
    loaded = load({"file": tmp_path / "a.png", "text": Picture(str(tmp_path / "a.png"), ev=1.0), "frame": GOOD})
    np.testing.assert_array_equal(loaded["file"].array, picture)
    np.testing.assert_array_equal(loaded["text"].array, picture)
    assert loaded["text"].ev == 1


def test_a_scene_is_its_frames_by_exposure_and_its_render(scene):
    pictures = of_scene(scene)
    assert list(pictures)[:2] == ["EV −4", "EV −3"] and list(pictures)[-2:] == ["EV +4", "render"]
    assert pictures["EV −4"].seconds == pytest.approx(1 / 960)
    np.testing.assert_array_equal(pictures["EV +4"].array, scene.frames[8])


def test_frames_of_one_exposure_have_names_of_their_own(scene):
    assert list(of_scene(replace(scene, evs=np.array([0, 0, *range(1, 8)]))))[:3] == [
        "EV 0 (0.DNG)",
        "EV 0 (1.DNG)",
        "EV +1",
    ]


def test_a_made_reference_is_not_called_a_render_nor_a_relative_exposure_a_time(scene):
    made = replace(scene, reference="local operator", times=np.exp2(scene.evs))
    pictures = of_scene(made)
    assert list(pictures)[-1] == "reference made by hdrkit"
    assert {picture.seconds for picture in pictures.values()} == {None}
