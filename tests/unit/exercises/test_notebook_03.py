"""Notebook 3's exercises take what is right, and refuse what students get wrong."""

import numpy as np
import pandas as pd
import pytest
from helpers.answers import NONSENSE, accepts, judged, refuses
from helpers.scenes import make_scene

from hdrkit.dataset.augmentation import SYMMETRIES, turn
from hdrkit.dataset.crops import squares
from hdrkit.widgets.pairs import duplicates, find_duplicates

TRAIN = 737  # frames of the Fairchild list's train split


def by_looking(row, column, size):
    """Return where a pixel is after a half turn, by turning a picture that has but this one."""
    picture = np.zeros((size, size))
    picture[row, column] = 1
    return np.argwhere(np.rot90(picture, 2))[0]


def two_quarter_turns(row, column, size):
    for _ in range(2):
        row, column = size - 1 - column, row
    return [row, column]


def luck():
    """Return how often two draws fit, by comparing pictures."""
    numbered = np.arange(9).reshape(3, 3, 1)
    turned = [turn(numbered, symmetry).tobytes() for symmetry in SYMMETRIES["report7"]]
    return np.mean([a == b for a in turned for b in turned])


def leak_by_set(place, split):
    seen = {p for p, s in zip(place, split, strict=True) if s == "train"}
    tested = [p in seen for p, s in zip(place, split, strict=True) if s == "test"]
    return sum(tested) / len(tested)


def leak_by_pandas(place, split):
    crops = pd.DataFrame({"place": place, "split": split})
    test = crops[crops.split == "test"]
    return test.place.isin(crops.place[crops.split == "train"]).mean()


def leak_by_loop(place, split):
    test = place[split == "test"]
    return np.float32(sum((place[split == "train"] == one).any() for one in test) / test.size)


def overlap():
    """Return how much two squares share, by counting their pixels."""
    numbers = np.arange(224 * 336).reshape(224, 336)
    left, right = numbers[:, :224], numbers[:, 112:]
    return np.isin(left, right).mean()


RIGHT = {
    "03.1": [0.5, 112 / 224, np.float32(0.5), overlap()],
    "03.3": [
        lambda row, column, size: (size - 1 - row, size - 1 - column),
        by_looking,
        two_quarter_turns,
        lambda row, column, size: np.array([size - row - 1.0, size - column - 1.0]),
    ],
    "03.4": [TRAIN * 32, 23584.0, np.int64(TRAIN) * 4 * len(SYMMETRIES["dihedral8"])],
    "03.5": [9 / 49, (5 * 1 + 2 * 2) / 7**2, 0.18, luck(), np.array([0.1837])],
    "03.6": [
        leak_by_set,
        leak_by_pandas,
        leak_by_loop,
        lambda p, s: np.isin(p[s == "test"], np.unique(p[s == "train"])).mean(),
    ],
    "03.7": ["c", "C", "c)"],
    "03.8": ["b", " B", "(b)"],
}
WRONG = {
    "03.1": [1 / 3, 2 / 3, 0.25, 0, 1, 112, 25088, 50, "0.5", [0, 112]],
    "03.3": [
        lambda row, column, size: (size - row, size - column),  # off by one
        lambda row, column, size: (row, size - 1 - column),
        lambda row, column, size: (size - 1 - row, column),
        lambda row, column, size: (column, row),
        lambda row, column, size: (size - 1 - column, row),
        lambda row, column, size: (size - 1 - column, size - 1 - row),  # swapped axes
        lambda row, column, size: (-row, -column),
        lambda row, column, size: (row, column),
        lambda row, column, size: size - 1 - row,
        lambda row, column: (row, column),
        (3, 3),
    ],
    "03.4": [TRAIN * 28, TRAIN * 24, TRAIN * 16, 10318, 10318 * 4, TRAIN * 56, 917 * 32, 32, TRAIN * 8, TRAIN],
    "03.5": [1 / 7, 1 / 6, 1 / 8, 1 / 49, 2 / 49, 8 / 49, 40 / 49, 2 / 7, 18.4, 9, 0.5],
    "03.6": [
        lambda p, s: np.isin(p[s == "train"], p[s == "test"]).mean(),  # the other way round
        lambda p, s: np.isin(p[s == "test"], p[s != "test"]).mean(),  # dev counted as train
        lambda p, s: 1 - leak_by_set(p, s),
        lambda p, s: 100 * leak_by_set(p, s),
        lambda p, s: len(set(p[s == "test"]) & set(p[s == "train"])) / len(set(p[s == "test"])),  # places
        lambda p, s: len(set(p[s == "test"]) & set(p[s == "train"])) / len(set(p)),
        lambda p, s: len(set(p[s == "test"]) & set(p[s == "train"])),
        lambda p, s: np.isin(p[s == "test"], p[s == "train"]).sum(),
        lambda p, s: np.isin(p[s == "test"], p[s == "train"]).sum() / len(p),
        lambda p, s: np.isin(p[s == "test"], p).mean(),
        lambda p, s: (s == "test").mean(),
        lambda p, s: np.isin(p[s == "test"], p[s == "train"]),
        lambda p, s: bool(set(p[s == "test"]) & set(p[s == "train"])),
        0.8,
    ],
    "03.7": ["a", "b", "d", "e", 3, True],
    "03.8": ["a", "c", "d", "x", 2],
}


@pytest.fixture(scope="module")
def gallery():
    scene = make_scene()
    return find_duplicates(scene.frames[4], scene.render, 24)


def doubled(gallery):
    """Return the pairs that are there twice, by their numbers."""
    return [tuple(place + 1 for place in group) for group in duplicates(gallery.pairs)]


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


def test_the_duplicates_that_were_found_in_the_gallery(gallery, capsys):
    first, second = doubled(gallery)
    backwards = [second[::-1], list(first)]
    for right in ([first, second], backwards, np.array(backwards), {frozenset(first), frozenset(second)}):
        accepts("03.2", right, capsys, gallery=gallery)


def test_what_the_gallery_has_found_after_clicks_is_taken(capsys):
    scene = make_scene()
    gallery = find_duplicates(scene.frames[4], scene.render, 24, seed=3)
    assert "nothing is found" in refuses("03.2", gallery.found, gallery=gallery)
    (first, _), (_, second) = doubled(gallery)
    gallery.mark(first)
    assert "still to be found: 1" in refuses("03.2", gallery.found, gallery=gallery)
    gallery.mark(second)
    accepts("03.2", gallery.found, capsys, gallery=gallery)


def test_other_pairs_are_no_duplicates(gallery):
    first, second = doubled(gallery)
    alone = next(number for number in range(1, 15) if number not in (*first, *second))
    wrong = [
        [(first[0], alone), second],
        [first, second, (alone, alone + 1)],
        [(first[0] - 1, first[1] - 1), (second[0] - 1, second[1] - 1)],  # counted from 0
        [(*first, *second)],
        [(first[0], second[0]), (first[1], second[1])],
        [*first, *second],
        [(number,) for number in (*first, *second)],
        len(first),
        [first],
        [first, (True, False)],
        [first, "ab"],
        *NONSENSE.values(),
    ]
    for answer in wrong:
        refuses("03.2", answer, gallery=gallery)


def test_what_the_praise_says_of_four_squares():
    shift = (336 - 224) / 3
    assert (224 - shift) / 224 == pytest.approx(5 / 6)
    assert len(squares(np.zeros((224, 336, 3), np.uint8), 224)) == 2


def test_known_mistakes_are_named():
    assert "whole picture" in refuses("03.1", 1 / 3)
    assert "counted from 0" in refuses("03.3", WRONG["03.3"][0])
    assert "quarter turn" in refuses("03.3", WRONG["03.3"][4])
    assert "two squares" in refuses("03.4", TRAIN * 16)
    assert "more often" in refuses("03.5", 1 / 6)
    assert "count crops" in refuses("03.6", WRONG["03.6"][4])
    assert "`dev`" in refuses("03.6", WRONG["03.6"][1])
