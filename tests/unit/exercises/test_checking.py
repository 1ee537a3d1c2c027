"""What students meet when they check an answer."""

import json
import time
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from helpers.answers import never_returns

from hdrkit.core.errors import HdrkitError
from hdrkit.exercises import calling, check, exercise, show_progress
from hdrkit.exercises.calling import called
from hdrkit.exercises.exercise import NotYetError, all_exercises
from hdrkit.exercises.progress import FILE


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.3)


def test_progress_is_kept_and_a_solved_exercise_stays_solved():
    for answer in (..., "a", "c", "a"):
        with suppress(NotYetError):
            check("04.3", answer)
    row = show_progress("04").set_index("exercise").loc["04.3"]
    assert (row.tries, row.solved) == (2, "yes")  # dots are no try, and after the right answer none counts
    assert set(show_progress().exercise) == set(all_exercises())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"04.3": 1}', '{"04.3": {"tries": 2}}', "\udcff"])
def test_a_broken_file_of_progress_stops_nobody(tmp_path, content):
    (tmp_path / FILE).write_text(content, encoding="utf-8", errors="surrogateescape")
    check("04.3", "c")
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8")) == {"04.3": {"tries": 1, "right": True}}


def test_an_exercise_that_there_is_not_is_named():
    with pytest.raises(HdrkitError, match="there is no exercise '99.1'"):
        check("99.1", 1)


def test_exercises_are_in_the_order_of_their_numbers(monkeypatch):
    monkeypatch.setattr(exercise, "_exercises", {f"42.{n}": exercise.Exercise(f"42.{n}", "", str) for n in (10, 2, 1)})
    assert list(exercise.of_notebook("42")) == ["42.1", "42.2", "42.10"]


def test_dots_are_no_answer_yet():
    with pytest.raises(NotYetError, match=r"04\.1, not yet: no answer yet"):
        check("04.1", ...)


def test_a_function_that_never_returns_is_stopped(impatient):
    ticks = []

    def counts():
        while True:
            ticks.append(1)

    with pytest.raises(NotYetError, match="has not returned"):
        called(counts)
    time.sleep(0.2)
    before = len(ticks)
    time.sleep(0.2)
    assert len(ticks) == before
    with pytest.raises(NotYetError, match="loop"):
        called(never_returns)


def test_a_function_cannot_change_what_it_is_given():
    given = np.zeros(3)

    def change(array):
        array += 1
        return array

    assert called(change, given).tolist() == [1, 1, 1]
    assert given.tolist() == [0, 0, 0]
    names = ["blur", "noise"]
    assert called(lambda order: order.pop(0), names) == "blur" and names == ["blur", "noise"]
    scores = pd.DataFrame({"psnr_db": [20.0, 22.0]})
    assert called(lambda table: table.pop("psnr_db").sum(), scores) == 42 and "psnr_db" in scores


def test_what_a_function_raises_is_said():
    with pytest.raises(NotYetError, match="raises ZeroDivisionError: "):
        called(lambda: 1 / 0)
    with pytest.raises(NotYetError, match="raises SystemExit"):
        called(exit)
