"""Exposures come from headers where these say all, and else from whatever does, the pixels at last."""

import numpy as np
import pytest
from helpers.cameras import write_bracket
from helpers.shots import write_shot
from PIL import Image

from hdrkit.dataset import scene_frames
from hdrkit.dataset.scene_frames import read_bracket
from hdrkit.images import raw

STOPS = (-2, 0, 2)
TRUE = pytest.approx(STOPS, abs=0.3)  # two steps, each measured within 0.15 stop


def files(folder):
    return sorted(path for path in folder.iterdir() if path.suffix in (".jpg", ".DNG"))


def evs(bracket):
    return [frame.ev for frame in bracket.frames]


def without_exif(path):
    with Image.open(path) as picture:
        picture.save(path, quality=97)


def test_headers_that_say_all_need_no_pixels(tmp_path, monkeypatch):
    write_bracket(tmp_path, stops=STOPS)
    monkeypatch.setattr(scene_frames.frames, "read_frames", lambda _: pytest.fail("decoded"))
    found = read_bracket(files(tmp_path))
    assert (evs(found), found.problems, found.remarks) == ([-2, 0, 2], [], [])
    assert [frame.exposure_time for frame in found.frames] == [1 / 256, 1 / 64, 1 / 16]


def test_speed_counts_where_all_frames_state_it(tmp_path):
    write_bracket(tmp_path, stops=STOPS)
    for iso, path in zip((100, 200, 400), files(tmp_path), strict=True):
        with Image.open(path) as picture:
            exif = picture.getexif()
            exif.get_ifd(raw.EXIF_IFD)[raw.ISO] = iso
            picture.save(path, quality=97, exif=exif)
    assert evs(read_bracket(files(tmp_path))) == [-3, 0, 3]


def test_where_nothing_is_stated_pixels_are_measured_whatever_the_curve(tmp_path):
    write_bracket(tmp_path, stops=STOPS, timed=False)
    found = read_bracket(files(tmp_path))
    assert evs(found) == TRUE and found.problems == []
    assert [frame.exposure_time for frame in found.frames] == [None] * 3
    assert "no exposure times found; measured from the pixels" in found.remarks[0]


def test_a_list_beside_the_frames_is_read(tmp_path):
    write_bracket(tmp_path, stops=STOPS, timed=False)
    times = "".join(f"IMG_{i}.jpg {2.0**stop}\n" for i, stop in enumerate(STOPS))
    (tmp_path / "times.txt").write_text(times, encoding="utf-8")
    assert (evs(read_bracket(files(tmp_path))), read_bracket(files(tmp_path)).remarks) == ([-2, 0, 2], [])


def test_a_frame_without_a_time_is_measured_and_named(tmp_path):
    write_bracket(tmp_path, stops=STOPS)
    without_exif(tmp_path / "IMG_2.jpg")
    found = read_bracket(files(tmp_path))
    assert evs(found) == TRUE and evs(found)[:2] == [-2, 0]
    assert "IMG_2.jpg: EXIF exposure times say nothing of its exposure" in found.remarks[0]


def test_one_time_for_all_frames_says_nothing(tmp_path):
    write_bracket(tmp_path, stops=STOPS)
    for path in files(tmp_path):
        exif = Image.Exif()
        exif.get_ifd(raw.EXIF_IFD)[raw.EXPOSURE_TIME] = 0.01
        with Image.open(path) as picture:
            picture.save(path, quality=97, exif=exif)
    assert evs(read_bracket(files(tmp_path))) == TRUE


def test_a_jpeg_beside_each_raw_file_is_no_frame(tmp_path):
    for i, time in enumerate((1 / 400, 1 / 100)):
        raw_file = write_shot(tmp_path / f"IMG_{i}.DNG", time)
        picture = np.round(raw.decode(raw_file) * 255).astype(np.uint8)
        Image.fromarray(picture).save(raw_file.with_suffix(".jpg"))
    found = read_bracket(files(tmp_path))
    assert evs(found) == [0, 2] and [frame.path.suffix for frame in found.frames] == [".DNG"] * 2
    assert len(found.problems) == 1 and "2 pictures among raw files" in found.problems[0]
