from hypothesis import given
from hypothesis import strategies as st

from hdrkit.downloads.places import by_place, stem


def published(*names, **more):
    return {name: {"date_published": i} | more.get(name, {}) for i, name in enumerate(names)}


def test_hours_and_numbers_make_no_other_place():
    assets = published("kiara_1_dawn", "abandoned_church", "kiara_9_dusk", "abandoned_hall_01", "abandoned_hall_02")
    assert by_place(assets) == [
        ["kiara_1_dawn", "kiara_9_dusk"],
        ["abandoned_church"],
        ["abandoned_hall_01", "abandoned_hall_02"],
    ]


def test_near_coordinates_make_one_place_and_join_others():
    near = {"a": {"coords": [50.0, 35.0]}, "b_01": {"coords": [50.0005, 35.0005]}, "c": {"coords": [50.01, 35.0]}}
    assert by_place(published("a", "b_01", "b_02", "c", **near)) == [["a", "b_01", "b_02"], ["c"]]


def test_unstated_coordinates_join_nothing():
    assets = published("a", "b", "c", "d", a={"coords": [0, 0]}, b={"coords": ["0", None]}, c={"coords": "here"})
    assert len(by_place(assets)) == 4


def test_later_places_come_last_so_that_more_adds_to_fewer():
    names = ("zoo", "alley", "zoo_02", "park")
    assert [group[0] for group in by_place(published(*names))] == ["zoo", "alley", "park"]


WORDS = st.sampled_from(["dawn", "night", "hall", "zoo", "1", "02", "old"])


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3).map("_".join), unique=True, max_size=20))
def test_each_panorama_is_in_one_place_and_no_stem_in_two(names):
    groups = by_place(published(*names))
    assert sorted(name for group in groups for name in group) == sorted(names)
    stems = [{stem(name) for name in group} for group in groups]
    assert sum(map(len, stems)) == len(set().union(*stems))


def plainly_by_place(assets):
    """Join any two that are one place, over and over, until nothing changes."""

    def are_one(one, other):
        here, there = (assets[name].get("coords") for name in (one, other))
        return stem(one) == stem(other) or (
            here and there and all(abs(a - b) <= 0.001 for a, b in zip(here, there, strict=True))
        )

    groups = [{name} for name in assets]
    for _ in assets:
        groups = [set().union(*(g for g in groups if any(are_one(a, b) for a in group for b in g))) for group in groups]
    return {frozenset(group) for group in groups}


STEPS = st.integers(1, 12).map(lambda step: step * 0.0008)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 3), STEPS, STEPS), max_size=12))
def test_places_are_what_steps_of_near_ones_lead_to(drawn):
    assets = {f"{word}_{n}": {"coords": [x, y]} for word, n, x, y in drawn}
    assert {frozenset(group) for group in by_place(assets)} == plainly_by_place(assets)


def test_numbers_that_are_none_make_no_place():
    odd = {"coords": [float("inf"), float("nan")], "date_published": float("nan")}
    assert by_place({"b": odd, "a": odd, "c": {"coords": [10**400, 1], "date_published": "soon"}}) == [
        ["a"],
        ["b"],
        ["c"],
    ]
