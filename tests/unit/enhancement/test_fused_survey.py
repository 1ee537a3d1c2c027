"""All brackets of a survey are fused and counted, again and again to the same count."""

import json

import pytest
from helpers import cameras

from hdrkit.dataset.scene_folders import find
from hdrkit.enhancement import fused_survey
from hdrkit.images import image_files

STOPS = [-2.0, 0.0, 2.0]


@pytest.fixture
def survey(tmp_path):
    """One good bracket, one without times, and one of a single frame, one folder down."""
    frames = cameras.simulate("sRGB", STOPS, "city").frames
    cameras.write(tmp_path / "in" / "good", frames, STOPS)
    cameras.write(tmp_path / "in" / "untimed", frames)
    cameras.write(tmp_path / "in" / "z" / "single", frames[:1], STOPS)
    return tmp_path / "in"


def test_each_bracket_becomes_a_picture_or_a_reason(survey, tmp_path):
    good, untimed, single = fused_survey.fuse_all(find(survey).scenes, tmp_path / "out")
    assert good.picture == tmp_path / "out" / "good_mertens.jpg" and good.remarks == []
    assert image_files.read(good.picture).pixels.shape == (240, 360, 3)
    assert untimed.picture and "no exposure times found" in untimed.remarks[0]
    assert single.picture is None and "needs two" in single.remarks[0]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "fused.json",
        "good_mertens.jpg",
        "untimed_mertens.jpg",
    ]


def test_a_second_call_makes_the_rest_and_comes_to_the_same(survey, tmp_path, monkeypatch, capsys):
    scenes, out = find(survey).scenes, tmp_path / "out"
    first = fused_survey.fuse_all(scenes, out)
    (out / "good_mertens.jpg").unlink()
    made = []
    fuse = fused_survey.fuse_into
    monkeypatch.setattr(
        fused_survey, "fuse_into", lambda targets, *rest: made.append(targets["picture"].name) or fuse(targets, *rest)
    )
    assert fused_survey.fuse_all(scenes, out) == first
    assert made == ["good_mertens.jpg", "single_mertens.jpg"]
    assert "1 pictures were there already and kept" in capsys.readouterr().err


def test_an_interruption_leaves_what_is_finished(survey, tmp_path, monkeypatch):
    scenes, out = find(survey).scenes, tmp_path / "out"
    fuse = fused_survey.fuse_into

    def interrupted(targets, *rest):
        if "untimed" in targets["picture"].name:
            raise KeyboardInterrupt
        return fuse(targets, *rest)

    monkeypatch.setattr(fused_survey, "fuse_into", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fused_survey.fuse_all(scenes, out)
    assert list(json.loads((out / "fused.json").read_text(encoding="utf-8"))) == ["good"]
    assert sorted(path.name for path in out.iterdir()) == ["fused.json", "good_mertens.jpg"]


def test_a_bracket_with_other_frames_is_fused_again(survey, tmp_path):
    fused_survey.fuse_all(find(survey).scenes, tmp_path / "out")
    (survey / "good" / "2.jpg").unlink()
    before = (tmp_path / "out" / "good_mertens.jpg").read_bytes()
    fused_survey.fuse_all(find(survey).scenes, tmp_path / "out")
    assert (tmp_path / "out" / "good_mertens.jpg").read_bytes() != before


@pytest.mark.parametrize("content", [b"", b"[]", b'{"good": 3}', b"\xff"])
def test_a_spoilt_record_counts_as_none(survey, tmp_path, content):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "fused.json").write_bytes(content)
    assert fused_survey.fuse_all(find(survey).scenes, tmp_path / "out")[0].picture


def test_an_error_of_any_kind_is_one_line_and_the_rest_is_fused(survey, tmp_path, monkeypatch):
    fuse = fused_survey.fuse_into

    def failing(targets, *rest):
        if "good" in targets["picture"].name:
            raise ValueError("two\nlines")
        return fuse(targets, *rest)

    monkeypatch.setattr(fused_survey, "fuse_into", failing)
    good, untimed, _ = fused_survey.fuse_all(find(survey).scenes, tmp_path / "out")
    assert good == (None, ["ValueError: two lines"]) and untimed.picture
