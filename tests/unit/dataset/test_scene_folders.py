"""Scenes are found in folders of any disorder, and what is none is named."""

import os
from pathlib import Path

import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import scene_folders


def put(folder, *names):
    """Files are told by their names here; their bytes are looked at later."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"")
    return folder


def names_in(folder, *skipped):
    return [scene.name for scene in scene_folders.find(folder, skipped).scenes]


def test_each_folder_of_frames_is_a_scene_at_any_depth(tmp_path):
    put(tmp_path / "barn", "1.jpg", "0.jpg", "barnRendered.jpg", "times.txt")
    put(tmp_path / "trip" / "day 1" / "hill", "a.NEF")
    found = scene_folders.find(tmp_path)
    assert [scene.name for scene in found.scenes] == ["barn", "trip/day 1/hill"] and found.problems == []
    assert [path.name for path in found.scenes[0].frames] == ["0.jpg", "1.jpg"]


def test_what_lies_deeper_in_a_scene_belongs_to_it(tmp_path):
    put(tmp_path / "barn" / "out", "fused.jpg")
    put(tmp_path / "barn", "0.jpg")
    assert names_in(tmp_path) == ["barn"]


def test_frames_in_the_folder_itself_are_one_scene(tmp_path):
    found = scene_folders.find(put(tmp_path / "desk", "0.jpg", "1.jpg"))
    assert [scene.name for scene in found.scenes] == ["desk"] and found.problems == []


def test_frames_beside_scenes_are_named(tmp_path):
    put(tmp_path, "0.jpg", "1.jpg")
    put(tmp_path / "barn", "0.jpg")
    found = scene_folders.find(tmp_path)
    assert [scene.name for scene in found.scenes] == ["barn"]
    assert found.problems[0].startswith(f"{tmp_path}: 2 pictures beside the scenes")


def test_results_and_hidden_folders_are_not_looked_at(tmp_path):
    for name in ("barn", "fused", ".thumbnails"):
        put(tmp_path / name, "0.jpg")
    assert names_in(tmp_path, tmp_path / "fused") == ["barn"]


def test_an_empty_folder_and_one_of_other_files_are_named(tmp_path):
    put(tmp_path / "empty")
    put(tmp_path / "notes", "notes.txt")
    put(tmp_path / "phone", "a.heic", "b.webp")
    found = scene_folders.find(tmp_path)
    assert found.scenes == []
    assert [line.split(": ")[1] for line in found.problems] == [
        "no picture that is read here; left out",
        "no picture that is read here; left out",
        "not read as frames",
    ]
    assert "a.heic, b.webp; convert them" in found.problems[2]


def test_pictures_that_are_no_frames_are_named_beside_those_that_are(tmp_path):
    put(tmp_path / "barn", "0.jpg", *(f"{i}.heic" for i in range(7)))
    (scene,) = scene_folders.find(tmp_path).scenes
    assert scene.problems[0].endswith(
        "0.heic, 1.heic, 2.heic, 3.heic, 4.heic and 2 more; convert them to JPEG, PNG or TIFF"
    )


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(HdrkitError, match="nowhere: no such folder"):
        scene_folders.find(tmp_path / "nowhere")


def test_a_file_is_no_folder(tmp_path):
    put(tmp_path, "barn.jpg")
    with pytest.raises(HdrkitError, match="barn.jpg: a file, not a folder"):
        scene_folders.find(tmp_path / "barn.jpg")


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    """As for a user; tests may run as root, who may read all."""
    put(tmp_path / "barn", "0.jpg")
    put(tmp_path / "lost+found")
    read = Path.iterdir

    def iterdir(path):
        if path.name == "lost+found":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    found = scene_folders.find(tmp_path)
    assert [scene.name for scene in found.scenes] == ["barn"]
    assert found.problems == [f"{tmp_path / 'lost+found'}: a folder that cannot be read (Permission denied); left out"]


@pytest.mark.skipif(os.name == "nt", reason="not everybody may make links there")
def test_links_lead_to_scenes_but_never_round_or_away(tmp_path):
    survey = tmp_path / "survey"
    put(survey / "barn", "0.jpg")
    put(tmp_path / "elsewhere" / "hill", "0.jpg")
    put(tmp_path / "elsewhere" / "mine" / "deep", "0.jpg")
    links = {"again": survey / "barn", "away": tmp_path / "elsewhere", "hill": tmp_path / "elsewhere" / "hill"}
    for name, target in (links | {"loop": survey, "round": survey / "round", "up": tmp_path}).items():
        (survey / name).symlink_to(target)
    (survey / "barn" / "1.jpg").symlink_to(survey / "barn" / "1.jpg")
    found = scene_folders.find(survey)
    # `again` comes before `barn`, which is then the second name of one folder.
    assert [scene.name for scene in found.scenes] == ["again", "hill"]
    assert [line.split(": ")[0].rpartition("/")[2] for line in found.problems] == ["away", "barn", "loop", "up"]
    assert "1.jpg: a link to nothing" in found.scenes[0].problems[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    put(tmp_path / "barn", "0.jpg")
    os.mkfifo(tmp_path / "barn" / "1.jpg")
    (scene,) = scene_folders.find(tmp_path).scenes
    assert [path.name for path in scene.frames] == ["0.jpg"] and "1.jpg: a link to nothing" in scene.problems[0]


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="names are Unicode here")
def test_names_may_be_any_bytes(tmp_path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    with open(folder + b"/\xff.jpg", "wb"):
        pass
    (scene,) = scene_folders.find(tmp_path).scenes
    assert os.fsencode(scene.name) == b"caf\xe9" and len(scene.frames) == 1


def test_folders_in_folders_have_no_bottom(tmp_path):
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    put(deep, "0.jpg")
    assert names_in(tmp_path) == ["/".join("d" * 300)]
