"""hdrkit survey says what is there and what is wrong, writes a page, and counts what can be fused."""

from pathlib import Path

import pytest
from helpers import cameras
from helpers.commands import refused
from PIL import Image

from hdrkit.cli import main

STOPS = [-2.0, 0.0, 2.0]


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """A good bracket with its render, one of false bytes, and an empty folder."""
    folder = tmp_path_factory.mktemp("survey") / "mine"
    cameras.write(folder / "garden", cameras.simulate("sRGB", STOPS, "city").frames, STOPS)
    Image.new("RGB", (60, 40)).save(folder / "garden" / "gardenRendered.jpg")
    (folder / "bad").mkdir()
    for name in ("0.jpg", "1.NEF"):
        (folder / "bad" / name).write_bytes(b"not a picture")
    (folder / "empty").mkdir()
    return folder


def test_survey_lists_scenes_and_problems(survey, capsys):
    assert main.main(["survey", str(survey)]) == 0
    heading, bad, garden, *lines = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["scene", "frames"]
    assert bad.split() == ["bad", "0", "of", "2", "none"]
    assert "−2 to +2 by 2" in garden and "sRGB" in garden and garden.endswith("yes")
    problems = [line for line in lines if line.startswith("problem: ")]
    assert [Path(line.split(": ")[1]).name for line in problems] == ["empty", "bad"]
    assert lines[-2:] == [
        "mine: 2 scenes, 3 of 5 frames can be used; something is wrong with 1 scene",
        "for hdrkit reproduce: 1 scene, 1 train, 0 dev, 0 test; too few to train on: all are test scenes, "
        "of networks that learn from the embedded survey",
    ]


def test_brackets_are_fused_and_counted(survey, tmp_path, capsys):
    command = ["survey", str(survey), "--fuse", str(tmp_path / "out")]
    for _ in range(2):
        assert main.main(command) == 1
        said = capsys.readouterr()
        assert said.out.splitlines()[-1] == "1 of 2 brackets fused; 0 with remarks"
        assert "1 of 2 brackets could not be fused; the lines above say why" in said.err
    assert (tmp_path / "out" / "garden_mertens.jpg").is_file()


def test_where_all_are_fused_the_status_is_0(survey, tmp_path, capsys):
    assert main.main(["survey", str(survey / "garden"), "--fuse", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 1 brackets fused; 0 with remarks"


def test_results_inside_the_survey_are_no_scene(survey, tmp_path, capsys):
    out = survey / "fused"
    for _ in range(2):
        main.main(["survey", str(survey), "--fuse", str(out)])
        assert "1 of 2 brackets" in capsys.readouterr().out
    for path in out.iterdir():
        path.unlink()
    out.rmdir()


def test_the_page_is_written_whole(survey, tmp_path, capsys):
    page = tmp_path / "new" / "page.html"
    assert main.main(["survey", str(survey), "--html", str(page)]) == 0
    assert str(page) in capsys.readouterr().out
    html = page.read_text(encoding="utf-8")
    assert html.count("<img ") == 4 and html.rstrip().endswith("</html>")
    assert [path.name for path in page.parent.iterdir()] == ["page.html"]


def test_a_page_needs_a_file(survey, tmp_path, capsys):
    assert "is a folder" in refused(["survey", str(survey), "--html", str(tmp_path)], capsys)


@pytest.mark.parametrize("make", ["nothing", "empty", "file"])
def test_where_there_is_no_scene_it_is_one_line(tmp_path, capsys, make):
    folder = tmp_path / "there"
    if make == "empty":
        folder.mkdir()
    elif make == "file":
        folder.write_bytes(b"")
    assert main.main(["survey", str(folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(folder) in line


def test_a_spoilt_list_of_scenes_is_said_and_the_table_stands(survey, tmp_path, capsys):
    cameras.write(tmp_path / "hill", cameras.simulate("sRGB", STOPS, "city").frames, STOPS)
    (tmp_path / "survey.csv").write_bytes(b"\xff\xfe\x00nonsense")
    assert main.main(["survey", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("hill") and lines[-1].startswith("for hdrkit reproduce: ")
    assert "1 scene, 1 train" not in lines[-1]
