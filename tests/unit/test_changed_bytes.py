"""A byte changed in a cache is noticed, and what it was in is made again: the same as before."""

import numpy as np
import pandas as pd
import pytest
from helpers.brackets import write_bracket
from helpers.changed_bytes import changed, places

from hdrkit.core import arrays, tables
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import alignment
from hdrkit.dataset.survey import Survey
from hdrkit.enhancement import synthetic_pairs
from hdrkit.simulation import embedded_survey
from hdrkit.training import loop


def test_of_arrays(tmp_path, capsys):
    path = tmp_path / "a.npz"
    written = {
        "picture": np.arange(300, dtype=np.uint8).reshape(10, 30),
        "evs": np.arange(3.0),
        "name": np.array("ä"),
        "none": np.zeros(0),
    }
    arrays.write(path, **written)
    whole, noticed = path.read_bytes(), 0
    for at in range(len(whole)):
        changed(path, at)
        found = arrays.read(path)
        noticed += found is None
        if found is not None:  # a date or an attribute in the zip, or the name of an array
            assert all(np.array_equal(found[name], written[name]) for name in found.keys() & written.keys())
        path.write_bytes(whole)
    assert noticed > len(whole) / 2 and "a.npz is damaged" in capsys.readouterr().err
    assert arrays.read(path).keys() == written.keys() and arrays.read(tmp_path / "none.npz") is None


def test_of_an_aligned_scene(tmp_path):
    write_bracket(tmp_path / "in" / "scene")
    scenes = Survey(tmp_path / "in").scenes
    (before,) = alignment.align(scenes, tmp_path / "cache", workers=1)
    (path,) = (tmp_path / "cache").iterdir()
    for at in places(path, count=5):
        changed(path, at)
        (after,) = alignment.align(scenes, tmp_path / "cache", workers=1)
        assert np.array_equal(before.frames, after.frames) and np.array_equal(before.maps, after.maps)
        assert (before.name, before.split) == (after.name, after.split)


def test_of_a_frame_of_the_embedded_survey(tmp_path):
    scene = embedded_survey.read_views()[0].scene
    embedded_survey.capture(tmp_path, scenes=[scene], workers=1)
    frame = next((tmp_path / scene).glob("*.DNG"))
    whole = frame.read_bytes()
    changed(frame, 20_000)
    embedded_survey.capture(tmp_path, scenes=[scene], workers=1)
    assert frame.read_bytes() == whole


def test_of_views(tmp_path, monkeypatch):
    monkeypatch.setattr(synthetic_pairs, "_fill", lambda store, path, seed: store["render"].fill(seed[1] + 7))
    panoramas = {"a": tmp_path / "a.exr"}
    panoramas["a"].write_bytes(b"a panorama")
    before = synthetic_pairs.make_views(panoramas, 1, 1, tmp_path / "cache").render.copy()
    (path,) = (tmp_path / "cache").glob("*.npy")
    for at in (10, 5000, -1):
        changed(path, at)
        assert np.array_equal(synthetic_pairs.make_views(panoramas, 1, 1, tmp_path / "cache").render, before)


def test_of_the_history_of_a_training(tmp_path):
    tables.write_sealed(tmp_path / "history.csv", pd.DataFrame({"epoch": [1], "loss": [0.25]}))
    assert loop._read_history(tmp_path, 1).loss.tolist() == [0.25]
    changed(tmp_path / "history.csv", 15)
    with pytest.raises(loop._DAMAGED) as caught:
        loop._read_history(tmp_path, 1)
    assert isinstance(caught.value, HdrkitError)
