"""Answers to exercises: each must take several right ones, and refuse plausible wrong ones and nonsense."""

import numpy as np
import pytest

from hdrkit.exercises import calling, check
from hdrkit.exercises.exercise import NotYetError


def never_returns(*_):
    while True:
        pass


def raises(*_):
    raise ValueError("of no use")


NONSENSE = {
    "None": None,
    "dots": ...,
    "text": "no idea",
    "empty text": "",
    "NaN": float("nan"),
    "wrong shape": np.zeros((2, 3, 5, 7)),
    "objects": [object()],
    "a function that raises": raises,
    "a function that never returns": never_returns,
    "a function of no arguments": lambda: 0,
    "a function that returns nothing": lambda *_: None,
    "a function that returns text": lambda *_: "28",
}


def judged(right, wrong, given=None):
    """Return three tests: of right answers, of wrong ones, and of nonsense, each by the number of its exercise.

    given: by number, what the check is given beside the answer.
    """
    given = given or {}

    # One test per exercise, not per answer: pytest's own work would take longer than the judges'.
    @pytest.mark.parametrize("number", right)
    def right_answers(number, capsys):
        for answer in right[number]:
            accepts(number, answer, capsys, **given.get(number, {}))

    @pytest.mark.parametrize("number", wrong)
    def wrong_answers(number):
        for answer in wrong[number]:
            refuses(number, answer, **given.get(number, {}))

    @pytest.mark.parametrize("number", right)
    def nonsense_answers(number, monkeypatch):
        monkeypatch.setattr(calling, "SECONDS", 0.1)  # for functions that never return
        for answer in NONSENSE.values():
            refuses(number, answer, **given.get(number, {}))

    return right_answers, wrong_answers, nonsense_answers


def accepts(number, answer, capsys, **given):
    """Assert that an answer counts as right."""
    check(number, answer, **given)
    assert capsys.readouterr().out.startswith(f"{number}, right. ")


def refuses(number, answer, **given):
    """Assert that an answer is refused in one sentence, and return it."""
    with pytest.raises(NotYetError) as refusal:
        check(number, answer, **given)
    words = str(refusal.value)
    assert words.startswith(f"{number}, not yet: ") and words.endswith((".", "?", ")")) and "\n" not in words
    return words
