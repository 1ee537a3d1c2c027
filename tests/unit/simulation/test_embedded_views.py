"""The scenes of the embedded survey: different views, places never split, whole panoramas."""

import numpy as np
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.simulation import embedded_views

VIEWS = {view.scene: view for view in embedded_views.read_views()}


def test_seven_different_views_of_fifteen_places():
    assert len(VIEWS) == 105
    for place in {view.place for view in VIEWS.values()}:
        views = [view for view in VIEWS.values() if view.place == place]
        assert [view.number for view in views] == list(range(1, 8))
        yaws = np.sort([view.yaw for view in views])
        assert (np.diff(np.append(yaws, yaws[0] + 360)) >= 25).all(), place
        assert all(abs(view.pitch) + view.fov / 2 < 70 for view in views)


def test_splits_by_place_follow_the_rule():
    places = {
        "B": "urban",
        "A": "urban",
        "C": "urban",
        "D": "urban",
        "Z": "indoor",
        "Y": "indoor",
        "X": "indoor",
    }
    assert embedded_views.split_places(places) == dict(
        A="test", B="train", C="train", D="dev", X="test", Y="train", Z="dev"
    )
    counts = {split: sum(view.split == split for view in VIEWS.values()) for split in ("train", "dev", "test")}
    assert counts == {"train": 63, "dev": 21, "test": 21}


def test_one_flipped_bit_is_noticed(tmp_path, monkeypatch):
    content = bytearray(embedded_views.panorama_path("city").read_bytes())
    content[150_000] ^= 1
    (tmp_path / "city.exr").write_bytes(content)
    embedded_views.load.cache_clear()
    monkeypatch.setattr(embedded_views, "panorama_path", lambda name: tmp_path / f"{name}.exr")
    with pytest.raises(HdrkitError, match=r"city\.exr.*damaged"):
        embedded_views.load("city")
