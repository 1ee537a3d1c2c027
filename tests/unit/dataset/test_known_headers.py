"""A survey is opened by the headers that the last opening read, as long as the files are those of then."""

import os
import shutil

import pytest
from helpers.cameras import write_bracket
from helpers.shots import write_shot

from hdrkit.dataset import known_headers, scene_frames
from hdrkit.dataset.survey import Survey


@pytest.fixture
def folder(tmp_path):
    """Raw frames, and JPEGs under a name that looks like a number."""
    folder = tmp_path / "photos"
    for name in ("007", "hill"):
        (folder / name).mkdir(parents=True)
    write_bracket(folder / "007", stops=(-2, 0, 2))
    for i in range(3):
        write_shot(folder / "hill" / f"{i}.DNG", 4.0**i / 500)
    return folder


@pytest.fixture
def read(monkeypatch):
    """The names of the files whose headers were read."""
    names, read_header = [], scene_frames.read_header

    def and_note(path):
        names.append(path.name)
        return read_header(path)

    monkeypatch.setattr(scene_frames, "read_header", and_note)
    return names


def test_the_second_opening_reads_no_header(folder, tmp_path, read):
    first = Survey(folder, tmp_path / "cache")
    assert len(read) == 6
    second = Survey(folder, tmp_path / "cache")
    assert len(read) == 6 and second.scenes == first.scenes
    assert [type(frame.exposure_time) for scene in second.scenes for frame in scene.frames] == [float] * 6


def test_without_a_cache_nothing_is_kept(folder, read):
    assert Survey(folder).scenes == Survey(folder).scenes
    assert len(read) == 12


def test_what_has_changed_is_read_again(folder, tmp_path, read):
    Survey(folder, tmp_path / "cache")
    write_shot(folder / "hill" / "0.DNG", 1 / 4000)
    os.utime(folder / "hill" / "1.DNG", ns=(0, 0))
    read.clear()
    found = Survey(folder, tmp_path / "cache")
    assert sorted(read) == ["0.DNG", "1.DNG"]
    assert found.scenes[1].frames[0].exposure_time == pytest.approx(1 / 4000)
    read.clear()
    Survey(folder, tmp_path / "cache")
    assert read == []


def test_a_damaged_file_is_named_each_time(folder, tmp_path):
    path = folder / "hill" / "0.DNG"
    path.write_bytes(path.read_bytes()[:-1000])
    said = [Survey(folder, tmp_path / "cache").problems for _ in range(2)]
    assert said[0] == said[1] and len(said[0]) == 1 and "0.DNG" in said[0][0]


def test_what_other_code_kept_is_not_taken(folder, tmp_path, read, monkeypatch):
    Survey(folder, tmp_path / "cache")
    monkeypatch.setattr(known_headers, "code_key", lambda name: "other")
    Survey(folder, tmp_path / "cache")
    assert len(read) == 12


def test_any_changed_byte_of_it_is_noticed(folder, tmp_path, capsys, read):
    first, path = Survey(folder, tmp_path / "cache"), tmp_path / "cache" / known_headers.NAME
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert Survey(folder, tmp_path / "cache").scenes == first.scenes and len(read) == 12
    assert f"{path} is damaged" in capsys.readouterr().err


def test_a_cache_that_cannot_be_written_is_done_without(folder, tmp_path):
    (tmp_path / "cache").write_text("a file")
    assert Survey(folder, tmp_path / "cache").scenes == Survey(folder).scenes
    shutil.rmtree(folder / "007")
    assert len(Survey(folder, tmp_path / "cache").scenes) == 1
