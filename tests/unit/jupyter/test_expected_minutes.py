"""Minutes come from this machine or are reckoned for it."""

import json

import pytest

from hdrkit.core.machine import machine
from hdrkit.jupyter import expected_minutes
from hdrkit.jupyter.course import course_notebooks
from hdrkit.jupyter.expected_minutes import REFERENCE_SECONDS, expected

NOTEBOOKS = course_notebooks()


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a run's folder, on a machine half as fast as the reference, with as many cores."""
    monkeypatch.setattr(expected_minutes, "work", lambda: 2 * REFERENCE_SECONDS)
    monkeypatch.setattr(expected_minutes, "usable_cores", lambda: 2)
    (tmp_path / "quick").mkdir()
    return tmp_path / "quick"


def ran(run, where, names):
    facts = {"machine": where, "seconds": {"survey": 1.0} | dict.fromkeys(names, 90.0)}
    (run / "run.json").write_text(json.dumps(facts), encoding="utf-8")


def test_every_notebook_states_how_long_it_takes(run):
    names = {notebook.stem for notebook in NOTEBOOKS}
    times = expected(NOTEBOOKS, run, run.parent)
    assert set(times.to_read) == set(times.to_run) == names


def test_half_as_fast_takes_twice_as_long_to_run_and_as_long_to_read(run, monkeypatch):
    slow = expected(NOTEBOOKS, run, run.parent)
    (run.parent / "pace.json").unlink()
    monkeypatch.setattr(expected_minutes, "work", lambda: REFERENCE_SECONDS)
    fast = expected(NOTEBOOKS, run, run.parent)
    assert slow.to_run == {name: 2 * minutes for name, minutes in fast.to_run.items()}
    assert slow.to_read == fast.to_read and "times 2.0" in slow.source


def test_one_core_of_the_same_speed_takes_twice_as_long(run, monkeypatch):
    monkeypatch.setattr(expected_minutes, "usable_cores", lambda: 1)
    assert "times 4.0" in expected(NOTEBOOKS, run, run.parent).source


def test_a_run_on_this_machine_is_better_than_an_estimate(run):
    ran(run, machine(), [notebook.stem for notebook in NOTEBOOKS])
    times = expected(NOTEBOOKS, run, run.parent)
    assert set(times.to_run.values()) == {1.5} and "measured" in times.source


def test_a_run_on_another_machine_or_half_a_run_does_not_count(run):
    ran(run, machine() | {"cores": 64}, [notebook.stem for notebook in NOTEBOOKS])
    assert "estimate" in expected(NOTEBOOKS, run, run.parent).source
    ran(run, machine(), [NOTEBOOKS[0].stem])
    assert "estimate" in expected(NOTEBOOKS, run, run.parent).source


@pytest.mark.parametrize("damaged", ["{", "[]", '{"machine": 1}', "null"])
def test_the_pace_is_measured_once_and_again_where_it_is_of_no_use(tmp_path, monkeypatch, damaged):
    kept, count = tmp_path / "pace.json", []
    monkeypatch.setattr(expected_minutes, "work", lambda: count.append(0) or 0.5)
    assert expected_minutes.pace(kept) == expected_minutes.pace(kept) == 0.5
    assert len(count) == expected_minutes.ROUNDS
    kept.write_text(damaged, encoding="utf-8")
    assert expected_minutes.pace(kept) == 0.5 and len(count) == 2 * expected_minutes.ROUNDS


def test_the_work_takes_a_time(tmp_path):
    assert expected_minutes.work() > 0
