"""Exercises of notebook 3: overlapping squares, symmetries and duplicates, counts of pairs, leaks, what augments."""

from collections.abc import Callable, Iterable
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hdrkit.core.files import DATA
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotYetError, exercise
from hdrkit.exercises.judging import Slip

if TYPE_CHECKING:
    from hdrkit.widgets.pairs import Search


@exercise("03.1", "Predict how much two squares share")
def predict_overlap(answer: object) -> str:
    """The share of a square's pixels that the other square of a 336 x 224 picture has, too: columns 112 to 223."""
    slips = [
        Slip(112 / 336, "this is the share of the whole picture. Which share of one *square* is it?"),
        Slip(112, "this is a number of columns. How many has one square?"),
        Slip(112 * 224, "this is a number of pixels. How many has one square?"),
        Slip(50, "give the share as a number from 0 to 1."),
        Slip(0, "two squares that are 224 wide do not fit side by side into 336."),
        Slip(224 / 336, "this is the share of the picture that one square covers."),
        Slip(0.25, "both squares are as high as the picture: nothing is lost in height."),
    ]
    judging.number(answer, 0.5, 1e-6, slips)
    return "The middle third of the picture is seen twice."


@exercise("03.2", "Find the duplicates among the pairs")
def find_the_duplicates(answer: object, gallery: "Search") -> str:
    """What was found in the gallery: groups of numbers of pairs that are the same, in any order."""
    from hdrkit.widgets.pairs import duplicates  # it needs TensorFlow, which other notebooks' exercises do not

    wanted = {frozenset(place + 1 for place in group) for group in duplicates(gallery.pairs)}
    found = _groups(answer)
    if not found:
        raise NotYetError(
            "nothing is found yet. Click on two pictures in the gallery that are the same, then run again."
        )
    if wrong := found - wanted:
        shown = " and ".join(map(str, sorted(min(wrong, key=sorted))))
        raise NotYetError(f"{shown} are not all the pairs that show one and the same picture. Compare them once more.")
    if missing := wanted - found:
        raise NotYetError(f"right as far as it goes; still to be found: {sum(len(group) - 1 for group in missing)}.")
    return "Each square has one picture that is there twice."


@exercise("03.3", "A half turn with pencil and paper", points=2)
def write_a_half_turn(answer: object) -> str:
    """Where a picture's pixel lands after both mirrorings: half_turn(row, column, size) -> (row, column)."""
    cases = [(0, 1, 5), (2, 3, 4), (1, 0, 7), (5, 2, 6), (0, 0, 2)]
    slips = [
        Slip(lambda r, c, n: (n - r, n - c), "rows are counted from 0: which is the number of the last one?"),
        Slip(lambda r, c, n: (r, n - 1 - c), "this is mirrored left-right only."),
        Slip(lambda r, c, n: (n - 1 - r, c), "this is mirrored upside down only."),
        Slip(lambda r, c, n: (c, r), "this is mirrored along a diagonal."),
        Slip(
            lambda r, c, n: (n - 1 - c, n - 1 - r), "this is mirrored along a diagonal. Row and column changed places."
        ),
        Slip(lambda r, c, n: (n - 1 - c, r), "this is a quarter turn. Do it a second time."),
        Slip(lambda r, c, n: (c, n - 1 - r), "this is a quarter turn. Do it a second time."),
        Slip(lambda r, c, n: (-r, -c), "that is outside of the picture, where rows and columns are counted from 0."),
    ]
    judging.function(answer, cases, lambda r, c, n: (n - 1 - r, n - 1 - c), 1e-6, slips)
    return "Two mirrorings and two quarter turns send each pixel to the same place, so they are one symmetry."


@exercise("03.4", "Four squares, eight symmetries: how many different pairs?")
def count_different_pairs(answer: object) -> str:
    """Different pairs of the Fairchild list's train split, with four squares per frame and `dihedral8`."""
    listed = pd.read_csv(DATA / "fairchild" / "scenes.csv")
    train, total = int(listed.exposures_used[listed.split == "train"].sum()), int(listed.exposures_used.sum())
    slips = [
        Slip(train * 4 * 7, "these are the report's seven turns. How many symmetries has a square?"),
        Slip(train * 4 * 6, "six is what the report's seven turns have. How many symmetries has a square?"),
        Slip(train * 2 * 8, "this is with two squares of each frame."),
        Slip(train * 14, "this is the report's own number."),
        Slip(train * 14 * 4, "14 counts the two squares already, and the duplicates."),
        Slip(train * 12 * 2, "four squares are right, but how many symmetries has a square?"),
        Slip(total * 4 * 8, "these are the frames of all splits together."),
        Slip(4 * 8, "these are the pairs of one frame."),
        Slip(train * 8, "this is with one square of each frame."),
    ]
    judging.number(answer, train * 4 * 8, 1e-6, slips)
    return (
        "Many more pairs, but neighbouring squares now share five sixths of their pixels. "
        "No place, no light and no scene is new: that is what does not change."
    )


@exercise("03.5", "Turned apart: how many pairs still fit?")
def share_that_fits_by_luck(answer: object) -> str:
    """How often two independent draws from `report7` are the same symmetry: five once, one twice among seven."""
    slips = [
        Slip(1 / 7, "two of the seven turns are the same picture. When the draws differ, can the halves still fit?"),
        Slip(1 / 6, "six pictures differ, but one of them is drawn more often than the others."),
        Slip(1 / 8, "the code draws from `report7`, not from all eight symmetries."),
        Slip(1 / 49, "this is the chance of one particular couple of draws. How many of the 49 couples fit?"),
        Slip(2 / 49, "count all couples of draws that fit, out of 49."),
        Slip(40 / 49, "this is the share that does not fit."),
        Slip(9, "this is the number of couples. Which share of all is it?"),
        Slip(900 / 49, "give the share as a number from 0 to 1."),
    ]
    judging.number(answer, 9 / 49, 0.004, slips)
    return (
        "In all other pairs the network is asked to move things as well as to mend the light. "
        "One draw has to serve both halves; the same goes for cutting."
    )


@exercise("03.6", "A check for leaks", points=2)
def measure_a_leak(answer: object) -> str:
    """leaked_share(place, split): the share of test crops whose place is in the train split, too."""
    rng = np.random.default_rng(5)
    places, splits = np.array(["attic", "bridge", "cave", "dock", "edge"]), np.array(["train", "dev", "test"])
    cases = []
    for count in (6, 9, 20):  # crops, at least one of each split
        split = np.concatenate([splits, splits[rng.integers(0, 3, count - 3)]])
        cases.append((places[rng.integers(0, 5, count)], split))

    def share(place: np.ndarray, split: np.ndarray, of: str = "test", seen: Iterable[str] = ("train",)) -> float:
        return float(np.isin(place[split == of], place[np.isin(split, list(seen))]).mean())

    def by_place(place: np.ndarray, split: np.ndarray) -> float:
        tested = set(place[split == "test"])
        return len(tested & set(place[split == "train"])) / len(tested)

    def over(count: Callable) -> Callable:
        return lambda place, split: share(place, split) * (split == "test").sum() / count(place, split)

    slips = [
        Slip(
            lambda p, s: share(p, s, "train", ("test",)), "this is the share of the *train* crops. Which crops count?"
        ),
        Slip(lambda p, s: share(p, s, seen=("train", "dev")), "a place in `dev` is not in `train`."),
        Slip(lambda p, s: 1 - share(p, s), "this is the share of the test crops that are *not* leaked."),
        Slip(lambda p, s: 100 * share(p, s), "give the share as a number from 0 to 1."),
        Slip(by_place, "this counts places. A place with many test crops must count more: count crops."),
        Slip(over(lambda p, s: 1), "this is how many there are. Which share of the test crops is it?"),
        Slip(over(lambda p, s: len(s)), "divide by the number of test crops, not of all crops."),
        Slip(lambda p, s: float(len(set(p[s == "test"]) & set(p[s == "train"]))), "this is a number of places."),
        Slip(lambda p, s: float((s == "test").mean()), "this is the share of the crops that are in `test`."),
    ]
    judging.function(answer, cases, share, 1e-6, slips)
    return "A line like this belongs in front of every training."


@exercise("03.7", "Which change spoils the task?")
def which_change_spoils_the_task(answer: object) -> str:
    """Noise on the frame; the frame brighter; both halves brighter; both halves of another colour."""
    judging.choice(answer, "c", {
        "a": "the render is still what the frame should become. The network then learns not to trust single pixels.",
        "b": "how does a frame that is one stop brighter differ from the next frame of the bracket?",
        "d": "do the two halves still agree? Is the exposure of the render another one than before?",
    })  # fmt: skip
    return (
        "How bright a render is, is the very thing that the network is to learn. A brighter frame alone is just "
        "another exposure, as long as nothing clips."
    )


@exercise("03.8", "Design an experiment: does it harm to turn pictures?")
def design_the_experiment(answer: object) -> str:
    """A comparison in which one thing differs: the symmetries, not the steps nor the test pictures."""
    judging.choice(answer, "b", {
        "a": "with what do you compare? One network alone says nothing about harm.",
        "c": "an epoch with seven turns has more steps than one with two. What else than the turns differs then?",
        "d": "the two scores then come from different test pictures. What will the network see in use?",
    })  # fmt: skip
    return "One thing differs, and several seeds say how much is luck. (`hdrkit study` trains such comparisons.)"


def _groups(answer: object) -> set[frozenset[int]]:
    """Return an answer such as [(3, 9), (2, 7)] as sets, or say what is wanted."""
    wanted = NotYetError("groups of numbers are wanted, as `gallery.found` has them: [(3, 9)], for instance.")
    if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
        raise wanted
    groups = []
    for group in answer:
        if isinstance(group, str | bytes) or not isinstance(group, Iterable):
            raise wanted
        numbers = list(group)
        if not all(isinstance(one, Integral) and not isinstance(one, bool) for one in numbers):
            raise wanted
        groups.append(frozenset(int(one) for one in numbers))
    return set(groups)
