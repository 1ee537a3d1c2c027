"""Exposures are read from EXIF data, lists, names or bias, and it is said from which."""

import numpy as np
import pytest
from PIL import Image

from hdrkit.brackets.stated_exposure import stated_exposures
from hdrkit.images import raw


def write_frames(folder, times=(None, None, None), biases=(None, None, None)):
    folder.mkdir(exist_ok=True)
    paths = []
    for i, (time, bias) in enumerate(zip(times, biases, strict=True)):
        exif = Image.Exif()
        exif.get_ifd(raw.EXIF_IFD).update({tag: v for tag, v in ((33434, time), (37380, bias)) if v is not None})
        paths.append(folder / f"frame{i}.jpg")
        Image.new("RGB", (8, 8), (50 * i,) * 3).save(paths[-1], exif=exif)
    return paths


BRIGHTNESS = (0, 50, 100)


def test_the_first_source_that_says_most_is_taken_and_named(tmp_path):
    plain = write_frames(tmp_path / "in")
    assert stated_exposures(plain, BRIGHTNESS).source == "nothing"
    biased = write_frames(tmp_path / "in", biases=(-1.0, 0.0, 1.0))
    assert stated_exposures(biased, BRIGHTNESS).source == "EXIF exposure bias"
    (tmp_path / "in/times.txt").write_text("frame0.jpg 1\nframe1.jpg 4\nframe2.jpg 16\n", encoding="utf-16")
    found = stated_exposures(biased, BRIGHTNESS)
    assert found.source == "times.txt" and found.stops.tolist() == [0, 2, 4]
    timed = write_frames(tmp_path / "in", (1 / 80, 1 / 40, 1 / 20))
    found = stated_exposures(timed, BRIGHTNESS)
    assert found.source == "EXIF exposure times" and found.stops == pytest.approx([0, 1, 2])


def test_one_time_for_all_frames_states_nothing(tmp_path):
    """An editor has copied the EXIF data of one frame to the others."""
    paths = write_frames(tmp_path / "in", (1 / 80,) * 3, biases=(0.0, 0.0, 0.0))
    found = stated_exposures(paths, BRIGHTNESS)
    assert np.isnan(found.stops).all() and found.source == "EXIF exposure times"


def test_a_frame_that_states_nothing_is_not_a_number(tmp_path):
    paths = write_frames(tmp_path / "in", (1 / 80, None, 1 / 20))
    found = stated_exposures(paths, BRIGHTNESS)
    assert np.isnan(found.stops[1]) and found.stops[[0, 2]] == pytest.approx([0, 2])


def test_a_source_that_goes_with_the_brightness_is_preferred(tmp_path):
    """An editor has mixed up the EXIF data of frames whose list is right."""
    paths = write_frames(tmp_path / "in", (1 / 20, 1 / 80, 1 / 40))
    assert stated_exposures(paths, BRIGHTNESS).source == "EXIF exposure times"
    (tmp_path / "in/list.txt").write_text("frame0 1/80\nframe1 1/40\nframe2 1/20\n", encoding="utf-8")
    found = stated_exposures(paths, BRIGHTNESS)
    assert found.source == "list.txt" and found.stops == pytest.approx([0, 1, 2])
