"""Views of panoramas: all around, the same in whatever company; places keep their splits."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdrkit.simulation.panorama_folder import Panorama
from hdrkit.simulation.panorama_views import split_places, views_of
from hdrkit.simulation.views import FRAME_SIZE

HALL, YARD = (Panorama(Path(f"/a/{name}.hdr"), "", name, name) for name in ("Hall", "Yard"))
SPLITS = {"Hall": "train", "Yard": "test"}


@pytest.mark.parametrize("each", [1, 7, 12])
def test_views_look_all_around_and_neither_up_nor_down(each):
    for seed in range(20):
        views = views_of([HALL], SPLITS, each, seed)
        yaws = np.sort([view.yaw for view in views])
        assert (np.diff(np.append(yaws, yaws[0] + 360)) >= 180 / each - 0.2).all()
        assert all(-180 <= view.yaw <= 180 and 65 <= view.fov <= 85 and abs(view.roll) <= 1 for view in views)
        highest = np.degrees(np.arctan(np.tan(np.radians(85 / 2)) * FRAME_SIZE[1] / FRAME_SIZE[0]))
        assert all(abs(view.pitch) + highest < 60 for view in views)


def test_views_depend_on_panorama_and_seed_alone():
    views = views_of([HALL, YARD], SPLITS, 7, 0)
    assert [(view.scene, view.split) for view in views][6:8] == [("Hall (7)", "train"), ("Yard (1)", "test")]
    assert views_of([YARD], SPLITS, 7, 0) == views[7:]
    assert not {view.yaw for view in views_of([YARD], SPLITS, 7, 1)} & {view.yaw for view in views[7:]}
    moved = replace(YARD, path=Path("/b/Yard.hdr"))
    assert [repr(view) for view in views_of([moved], SPLITS, 7, 0)] == [repr(view) for view in views[7:]]
    assert views_of([moved], SPLITS, 7, 0)[0].path == moved.path


def test_no_two_scenes_differ_in_spaces_alone():
    rooms = [replace(HALL, title=title) for title in ("Room", "Room 1", "Room 11")]
    scenes = [view.scene for view in views_of(rooms, SPLITS, 12, 0)]
    assert len({scene.replace(" ", "").replace("(", "") for scene in scenes}) == 36


PLACES = st.lists(st.text(min_size=1, max_size=8), unique=True)


@settings(max_examples=30)
@given(PLACES, PLACES, PLACES)
def test_a_place_never_changes_its_split_and_three_have_all(first, second, third):
    there, splits = set(), {}
    for more in (first, second, third):
        there |= set(more)
        before, splits = splits, split_places(there, splits)
        assert before.items() <= splits.items()
        assert len(set(splits.values())) == min(len(splits), 3)
    assert split_places(first, {}) == split_places(reversed(first), {})


def test_many_places_are_split_eight_to_one_to_one():
    places = [f"Place {i}" for i in range(2000)]
    counts = Counter(split_places(places, {}).values())
    assert counts["dev"] == pytest.approx(200, abs=45) and counts["test"] == pytest.approx(200, abs=45)
    some = split_places(places[::2], {})
    assert some.items() <= split_places(places, {}).items()
