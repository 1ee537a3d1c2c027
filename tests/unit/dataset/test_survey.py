"""Surveys are read from folders as people leave them; what cannot be used is named."""

import os

import cv2
import numpy as np
import pytest
from helpers.brackets import write_bracket
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import survey as survey_module
from hdrkit.dataset.survey import Survey, place_of
from hdrkit.images import raw


def write_frame(path, seconds=None, size=(24, 16), value=128):
    exif = Image.Exif()
    if seconds:
        exif.get_ifd(raw.EXIF_IFD)[raw.EXPOSURE_TIME] = seconds
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (value, value, value)).save(path, exif=exif)
    return path


def write_scene(folder, times=(0.25, 1 / 64, 4.0), render=True):
    for i, seconds in enumerate(times):
        write_frame(folder / f"IMG_{i}.jpg", seconds)
    if render:
        write_frame(folder / f"{folder.name.replace(' ', '')}Rendered.jpg")


def test_frames_run_from_dark_to_bright_around_the_metered_one(tmp_path):
    write_scene(tmp_path / "Old Barn (1)")
    (scene,) = Survey(tmp_path).scenes
    assert [frame.ev for frame in scene.frames] == [-4.0, 0.0, 4.0]
    assert scene.frames[0].exposure_time == pytest.approx(1 / 64)
    assert scene.place == "Old Barn"
    assert scene.render.name == "OldBarn(1)Rendered.jpg"


def test_a_render_beside_the_scene_folder_is_found(tmp_path):
    write_scene(tmp_path / "Old Barn (1)", render=False)
    write_frame(tmp_path / "OldBarn(1)Rendered.jpg")
    write_scene(tmp_path / "Old Barn (10)", render=False)
    survey = Survey(tmp_path)
    assert [scene.render and scene.render.name for scene in survey.scenes] == ["OldBarn(1)Rendered.jpg", None]
    assert [scene.reference for scene in survey.scenes] == ["render", "local operator"]
    assert survey.problems == [] and "Old Barn (10): no render" in survey.remarks[0]


def test_places_are_never_split(tmp_path):
    for place in "ABCDEFGHIJ":
        for view in (1, 2):
            write_scene(tmp_path / f"{place} ({view})")
    survey = Survey(tmp_path)
    places = {name: {scene.place for scene in survey.split(name)} for name in ("train", "dev", "test")}
    assert places == {"train": set("ABDFGI"), "dev": set("CH"), "test": set("EJ")}


def test_the_surveys_own_list_decides(tmp_path):
    write_scene(tmp_path / "Barn (1)")
    write_scene(tmp_path / "Barn (2)")
    (tmp_path / "survey.csv").write_text("scene,place,split\nBarn (1),the barn,test\n", encoding="utf-8")
    survey = Survey(tmp_path)
    assert [(s.name, s.place, s.split) for s in survey.scenes] == [("Barn (1)", "the barn", "test")]
    assert "Barn (2)" in survey.problems[0]


def test_what_list_and_folders_lack_is_one_line_each(tmp_path):
    for name in ("507", "RIT Tiger", "Golden Gate (1)", "Tupper Lake (1)"):  # the report used the first one only
        write_scene(tmp_path / "fairchild" / name)
    survey = Survey(tmp_path / "fairchild")
    assert [(scene.name, scene.split) for scene in survey.scenes] == [("507", "train")]
    (problem,), (remark,) = survey.problems, survey.remarks
    assert problem.endswith("list of scenes: Golden Gate (1), RIT Tiger, Tupper Lake (1); left out")
    assert "101 of 102 listed scenes are not there: ahwahnee-great-lounge, air-bellows-gap, " in remark
    assert remark.endswith(" and 96 more")


@pytest.mark.parametrize("make", [lambda folder: None, lambda folder: (folder / "empty scene").mkdir()])
def test_an_empty_survey_is_an_error(tmp_path, make):
    make(tmp_path)
    with pytest.raises(HdrkitError, match="no scene with two frames"):
        Survey(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(HdrkitError, match="embedded: no such folder; run `hdrkit capture`"):
        Survey(tmp_path / "embedded")
    with pytest.raises(HdrkitError, match="nowhere: no such folder; name the folder"):
        Survey(tmp_path / "nowhere")


def test_one_frame_is_no_bracket(tmp_path):
    write_scene(tmp_path / "good")
    write_scene(tmp_path / "single", times=(0.5,))
    survey = Survey(tmp_path)
    assert [scene.name for scene in survey.scenes] == ["good"]
    assert "single: 1 usable frame" in survey.problems[0]


def test_two_copies_are_one_frame(tmp_path):
    write_scene(tmp_path / "good")
    for i in range(2):
        write_frame(tmp_path / "copies" / f"{i}.jpg")
    assert "copies: 1 usable frame" in Survey(tmp_path).problems[-1]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda p: write_frame(p, 0.5, size=(12, 16)), "12 x 16 pixels, its scene has 24 x 16"),
        (lambda p: p.write_bytes(b""), "cannot be decoded"),
        (lambda p: p.write_bytes(p.read_bytes()[:-50]), "cannot be decoded"),
        (lambda p: p.with_suffix(".DNG").write_bytes(b"not raw at all"), "cannot be decoded"),
        (lambda p: p.with_suffix(".NEF").write_bytes(p.read_bytes()), "cannot be decoded"),
    ],
)
def test_a_bad_frame_is_left_out_and_named(tmp_path, spoil, complaint):
    write_scene(tmp_path / "barn")
    extra = write_frame(tmp_path / "barn" / "extra.jpg", 0.5)
    spoil(extra)
    survey = Survey(tmp_path)
    (problem,) = survey.problems
    assert "extra" in problem and complaint in problem and "\n" not in problem


def test_a_scene_that_cannot_be_opened_at_all_never_stops_the_others(tmp_path, monkeypatch):
    for name in ("barn", "hall"):
        write_scene(tmp_path / name)
    read = survey_module.read_bracket

    def broken(paths, known):
        if paths[0].parent.name == "barn":
            raise ValueError("a byte that nobody expected")
        return read(paths, known)

    monkeypatch.setattr(survey_module, "read_bracket", broken)
    survey = Survey(tmp_path)
    assert [scene.name for scene in survey.scenes] == ["hall"]
    assert "barn: cannot be read (a byte that nobody expected); left out" in survey.problems[0]


@pytest.mark.parametrize(
    ("name", "place"), [("The Narrows (2)", "The Narrows"), ("507", "507"), ("Barn (old)", "Barn (old)")]
)
def test_place_of_a_scene(name, place):
    assert place_of(name) == place


def test_pictures_decode_to_what_was_written(tmp_path):
    rng = np.random.default_rng(0)
    deep = rng.integers(0, 65536, (16, 24, 3), dtype=np.uint16)
    cv2.imwrite(str(tmp_path / "deep.tif"), deep[..., ::-1])
    np.testing.assert_allclose(raw.decode(tmp_path / "deep.tif"), deep / 65535, atol=1e-6)


def test_a_picture_decodes_to_linear_light(tmp_path):
    grey = write_frame(tmp_path / "grey.png", value=188)
    # 188/255 is where the sRGB curve puts half of the light (0.5029).
    np.testing.assert_allclose(raw.decode_linear(grey), 0.5029, atol=1e-3)


def test_a_sample_takes_from_every_split_and_place(tmp_path):
    for place in "ABCDE":
        for view in (1, 2, 3, 4):
            write_scene(tmp_path / f"{place} ({view})")
    survey = Survey(tmp_path)
    assert [s.name for s in survey.sample(2)] == ["A (1)", "B (3)", "C (1)", "C (3)", "E (1)", "E (3)"]
    assert survey.sample(0) == survey.scenes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    for i in (1, 2):
        write_bracket(folder / f"Café ({i})", seed=i)
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_list_with_and_without_a_mark(folder, encoding):
    (folder / "survey.csv").write_text("scene,place,split\r\nCafé (1),Bar,dev\r\n", encoding=encoding, newline="")
    (scene,) = Survey(folder).scenes
    assert (scene.name, scene.place, scene.split) == ("Café (1)", "Bar", "dev")


def test_a_list_without_splits_is_split_by_place(folder):
    (folder / "survey.csv").write_text("scene,place\nCafé (1),A\nCafé (2),B\n", encoding="utf-8")
    assert [scene.place for scene in Survey(folder).scenes] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("scene;place;split\nA;B;dev\n", "survey.csv: its columns are 'scene;place;split'; it needs `scene`, "),
        (
            ",".join("abcdefgh") + "\n1\n",
            "survey.csv: its columns are 'a', 'b', 'c', 'd', 'e' and 3 more; it needs `scene`",
        ),
        ("scene,split\nA,validation\n", "survey.csv: line 2 has the split 'validation'; name one of train, dev, test"),
        ("scene,split\nA,dev\nB,\n", "survey.csv: line 3 has the split ''; name one of train, dev, test"),
        ("scene,split\nA\n", "survey.csv: line 2 has the split ''; "),
        ("scène,split\nA,dev\n", r"survey.csv: cannot be read as a table \(not in UTF-8\); save it as CSV in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(folder, text, line):
    (folder / "survey.csv").write_text(text, encoding="cp1252")
    with pytest.raises(HdrkitError, match=line):
        Survey(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
def test_a_pipe_in_a_scene_is_not_waited_for(tmp_path):
    write_scene(tmp_path / "Barn", render=False)
    for name in ("pipe.jpg", "BarnRendered.jpg"):
        os.mkfifo(tmp_path / "Barn" / name)
    survey = Survey(tmp_path)
    assert len(survey.scenes[0].frames) == 3 and survey.scenes[0].render is None
    assert survey.problems == [f"{tmp_path / 'Barn' / 'pipe.jpg'}: a link to nothing, or no file; left out"]
