"""A survey of one's own panoramas: shaped as the embedded one, resumed, added to, and refused where it would harm."""

import csv
import json
import os
import shutil
import sys
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

import pytest
from helpers import panoramas

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256
from hdrkit.dataset.survey import Survey
from hdrkit.simulation import panorama_folder, panorama_survey

NAMES = ("hall.hdr", "pond_1k.exr", "yard.hdr")


def capture(folder, out, **options):
    with ThreadPoolExecutor(1) as executor:
        return panorama_survey.capture(
            panorama_folder.find(folder).panoramas, out, views=1, executor=executor, **options
        )


def rows(path):
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def hashes(survey):
    return {path.relative_to(survey).as_posix(): sha256(path) for path in survey.rglob("*.*") if path.is_file()}


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """Three panoramas, and the survey of them."""
    folder = panoramas.write_all(tmp_path_factory.mktemp("panoramas"), *NAMES)
    panoramas.write_manifest(folder, {"hall.hdr": {"author": "A. Painter", "licence": "CC0", "page": "https://a.org"}})
    capture(folder, folder / "survey")
    return folder, folder / "survey"


@pytest.fixture
def copy(taken, tmp_path):
    """The same, for a test to change; in another place, which makes nothing stale."""
    shutil.copytree(taken[0], tmp_path / "p")
    return tmp_path / "p", tmp_path / "p" / "survey"


def test_it_has_the_shape_of_the_embedded_survey(taken):
    survey = Survey(taken[1])
    assert (survey.problems, survey.remarks) == ([], [])
    assert [scene.name for scene in survey.scenes] == ["Hall (1)", "Pond (1)", "Yard (1)"]
    assert all(len(scene.frames) == 9 and scene.render for scene in survey.scenes)
    assert {scene.split for scene in survey.scenes} == {"train", "dev", "test"}
    truth = json.loads((taken[1] / "truth.json").read_text(encoding="utf-8"))
    assert list(truth) == [scene.name for scene in survey.scenes] and len(truth["Pond (1)"]) == 9


def test_it_names_authors_and_licences(taken):
    hall, pond, _ = rows(taken[1] / "panoramas.csv")
    assert (hall["place"], hall["panorama"], hall["author"], hall["licence"]) == (
        "Hall",
        "hall.hdr",
        "A. Painter",
        "CC0",
    )
    assert hall["page"] == "https://a.org" and hall["sha256"] == sha256(taken[0] / "hall.hdr")
    assert (pond["place"], pond["author"]) == ("Pond", "")


def test_a_second_capture_touches_nothing_and_what_is_damaged_is_taken_again(copy):
    folder, survey = copy
    before, stamps = hashes(survey), {path: path.stat().st_mtime_ns for path in survey.rglob("*.*")}
    capture(folder, survey)
    assert {path: path.stat().st_mtime_ns for path in survey.rglob("*.*")} == stamps
    frame = survey / "Pond (1)" / "_MDF0003.DNG"
    frame.write_bytes(frame.read_bytes()[:-1])
    capture(folder, survey)
    assert hashes(survey) == before


def test_panoramas_are_added_and_taken_away_without_a_change_of_the_others(copy):
    folder, survey = copy
    before, splits = hashes(survey), {row["place"]: row["split"] for row in rows(survey / "survey.csv")}
    panoramas.write_all(folder, "alley.hdr")
    (folder / "yard.hdr").unlink()
    capture(folder, survey)
    listed = {row["place"]: row["split"] for row in rows(survey / "survey.csv")}
    assert list(listed) == ["Alley", "Hall", "Pond"] and splits["Hall"] == listed["Hall"]
    after = hashes(survey)
    assert {name: after[name] for name in before if "/" in name} == {n: d for n, d in before.items() if "/" in n}


def test_a_split_that_somebody_chose_is_kept(copy):
    folder, survey = copy
    listed = survey / "survey.csv"
    chosen = "scene,place,split\nHall (1),Hall,dev\nPond (1),Pond,train\nYard (1),Yard,test\n"
    listed.write_text(chosen, encoding="utf-8")
    capture(folder, survey)
    assert listed.read_text(encoding="utf-8") == chosen
    listed.write_bytes(b"scene,place\nHall,Hall\n")
    with pytest.raises(HdrkitError, match=r"survey\.csv: the column `split` is missing; restore it"):
        capture(folder, survey)


def test_another_panorama_under_the_same_name_is_photographed_anew(copy):
    folder, survey = copy
    before = hashes(survey)
    (folder / "manifest.csv").unlink()
    panoramas.write(folder / "hall.hdr", panoramas.light_of(99))
    capture(folder, survey)
    after = hashes(survey)
    assert after["Hall (1)/_MDF0005.DNG"] != before["Hall (1)/_MDF0005.DNG"]
    assert after["Yard (1)/_MDF0005.DNG"] == before["Yard (1)/_MDF0005.DNG"]


def test_without_room_nothing_is_begun(taken, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(6_000_000))
    with pytest.raises(HdrkitError, match=r"no room for 3 scenes: 0\.0066 GB more are needed"):
        capture(taken[0], tmp_path / "out")
    assert not [path for path in (tmp_path / "out").iterdir() if path.name != ".lock"]


@pytest.mark.parametrize("name", ["embedded", "fairchild"])
def test_the_folder_of_another_survey_is_left_alone(taken, tmp_path, name):
    with pytest.raises(HdrkitError, match="for another survey; choose another --out"):
        capture(taken[0], tmp_path / name)
    assert not (tmp_path / name).exists()


def test_what_somebody_else_made_is_left_alone(taken, tmp_path):
    scene = tmp_path / "out" / "Pond (1)"
    scene.mkdir(parents=True)
    (scene / "a.jpg").touch()
    with pytest.raises(HdrkitError, match=r"Pond \(1\): not made by `hdrkit capture`; move it away"):
        capture(taken[0], tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "survey.csv").write_text("scene\nbarn\n", encoding="utf-8")
    with pytest.raises(HdrkitError, match="mine: holds another survey; choose another --out"):
        capture(taken[0], tmp_path / "mine")
    assert (scene / "a.jpg").exists() and (tmp_path / "mine" / "survey.csv").read_text() == "scene\nbarn\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names are of any bytes there alone")
def test_a_panorama_of_any_name_is_photographed(tmp_path):
    panoramas.write_all(tmp_path, "a.hdr").joinpath("a.hdr").rename(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.hdr"))
    capture(tmp_path, tmp_path / "out")
    assert [(row["place"], row["panorama"]) for row in rows(tmp_path / "out" / "panoramas.csv")] == [
        ("Caf", "caf\\udce9.hdr")
    ]
    assert (tmp_path / "out" / "Caf (1)" / "_MDF0009.DNG").exists()


def test_a_file_in_the_way_is_named(taken, tmp_path):
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    with pytest.raises(HdrkitError, match="out: cannot be written"):
        capture(taken[0], tmp_path / "out")
