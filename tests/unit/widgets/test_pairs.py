"""Duplicates are found by those who look, and told to nobody else."""

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.crops import squares
from hdrkit.images import jpeg
from hdrkit.widgets.pairs import GAP, Pair, duplicates, find_duplicates, pairs_of

SIZE = 24


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def search(scene):
    return find_duplicates(scene.frames[4], scene.render, SIZE)


def twins(search):
    """Return the numbers of the pairs that look the same in the gallery, without asking the widget."""
    pictures = list(search.gallery.pictures)
    return [(i + 1, pictures.index(p, i + 1) + 1) for i, p in enumerate(pictures) if p in pictures[i + 1 :]]


def alone(search):
    return sorted(set(range(1, 15)) - {number for pair in twins(search) for number in pair})


def test_a_frame_gives_fourteen_pairs_of_which_twelve_differ(scene):
    pairs = pairs_of(scene.frames[4], scene.render, SIZE)
    assert len(pairs) == 14 and len({(x.tobytes(), y.tobytes()) for x, y, _ in pairs}) == 12
    assert duplicates(pairs) == [(3, 5), (10, 12)]


def test_both_halves_are_turned_as_is_said(scene):
    turns = {
        "as it is": lambda p: p, "mirrored left-right": np.fliplr, "mirrored upside down": np.flipud,
        "mirrored both ways": lambda p: np.flipud(np.fliplr(p)), "turned by 90 degrees": np.rot90,
        "turned by 180 degrees": lambda p: np.rot90(p, 2), "turned by 270 degrees": lambda p: np.rot90(p, 3),
    }  # fmt: skip
    halves = scene.frames[4], scene.render
    for i, pair in enumerate(pairs_of(*halves, SIZE)):
        for shown, whole in zip(pair[:2], halves, strict=True):
            np.testing.assert_array_equal(shown, turns[pair.turned](squares(whole, SIZE)[i // 7]))


def test_pairs_whose_renders_differ_are_no_duplicates():
    frame, dark, bright = (np.full((2, 2, 3), value, np.uint8) for value in (9, 0, 255))
    pairs = [Pair(frame, dark, ""), Pair(frame, bright, ""), Pair(frame, dark, ""), Pair(frame, dark, "")]
    assert duplicates(pairs) == [(0, 2, 3)]


def test_what_is_found_is_joined_counted_and_readable(search):
    first, second = twins(search)
    assert (search.found, search.missing) == ([], 2)
    search.mark(first[1])
    assert (search.found, search.missing) == ([first], 1)
    assert [i + 1 for i, pressed in enumerate(search.gallery.pressed) if pressed] == list(first)
    told = search.gallery.told
    assert f"the same as pair {first[1]}: " in told[first[0] - 1] and f"pair {first[0]}: " in told[first[1] - 1]
    assert {told[n - 1].split(": ")[1] for n in first} == {"mirrored both ways", "turned by 180 degrees"}
    assert search.gallery.status.endswith("Still to be found: 1.")
    search.mark(first[0])  # again
    search.mark(second[0])
    assert (search.found, search.missing) == ([first, second], 0)
    assert search.gallery.status.endswith("All duplicates are found.")


def test_what_is_no_duplicate_is_told_so_and_gives_nothing_away(search):
    for number in alone(search):
        search.mark(number)
        assert "not yet" in search.gallery.told[number - 1] and f"Pair {number}: not yet" in search.gallery.status
    assert not any(search.gallery.pressed) and (search.found, search.missing) == ([], 2)
    assert "the same as pair" not in search._repr_mimebundle_()["text/html"]


def test_a_click_is_a_mark_and_nonsense_is_none(search):
    for nonsense in ({"place": 14}, {"place": "1"}, {}, None):
        search.gallery._handle_custom_msg(nonsense, [])
    assert search.found == [] and not any(search.gallery.told)
    search.gallery._handle_custom_msg({"place": twins(search)[0][0] - 1}, [])
    assert search.found == twins(search)[:1]


def test_twins_do_not_always_stand_where_the_report_made_them(scene):
    orders = {tuple(twins(find_duplicates(scene.frames[4], scene.render, SIZE, seed))) for seed in range(4)}
    assert len(orders) == 4


def test_frame_and_render_stand_beside_each_other(search):
    shape = (SIZE, 2 * SIZE + GAP, 3)
    assert {jpeg.decode(picture).shape for picture in search.gallery.pictures} == {shape}


def test_a_page_without_a_kernel_shows_all_pairs_and_what_was_found(search):
    first = twins(search)[0]
    search.mark(first[0])
    page = search._repr_mimebundle_()["text/html"]
    assert page.count("<img") == 14 and 'alt="Pair 14: frame, and render"' in page
    assert f"Pair {first[0]}: the same as pair {first[1]}" in page and "Still to be found: 1." in page


def test_bad_input_is_one_clear_line(scene, search):
    with pytest.raises(HdrkitError, match="frame is of shape .* its render of"):
        find_duplicates(scene.frames[4], scene.render[1:], SIZE)
    with pytest.raises(HdrkitError, match="no pair 15; there are pairs 1 to 14"):
        search.mark(15)
