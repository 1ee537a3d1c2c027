"""The instructor's guide says what the course is: its tables are generated, and what it names is there."""

import re

import instructor_guide
import pytest

from hdrkit.exercises.exercise import all_exercises
from hdrkit.jupyter.course import course_notebooks

TEXT = instructor_guide.GUIDE.read_text(encoding="utf-8")
REFRESH = "run tools/instructor_guide.py"
GOAL = re.compile(r"^\| (\w+) \| \*\*.*\*\* .*\|$", re.M)  # a notebook, and what a student can do: verbs in bold
SHOW = re.compile(r"^### .*\(notebook (\d+)[,)]", re.M)


def test_tables_are_the_generated_ones():
    assert instructor_guide.with_tables(TEXT) == TEXT, REFRESH


@pytest.mark.parametrize("one", all_exercises().values(), ids=all_exercises())
def test_every_exercise_is_in_the_table_of_points(one):
    table = instructor_guide.section(TEXT, "Grading")
    assert re.findall(rf"^\| {one.number} \| {re.escape(one.title)} \| .* \| {one.points} \|$", table, re.M), REFRESH


def test_every_exercise_has_its_misconceptions_and_no_other():
    described = instructor_guide.MISCONCEPTION.findall(instructor_guide.section(TEXT, "Misconceptions by exercise"))
    assert described == list(all_exercises())


def test_every_notebook_has_learning_goals_and_something_to_show():
    assert GOAL.findall(instructor_guide.section(TEXT, "Learning goals")) == [path.stem for path in course_notebooks()]
    shown = SHOW.findall(instructor_guide.section(TEXT, "What to show on the projector"))
    assert set(map(int, shown)) == {int(path.stem.partition("_")[0]) for path in course_notebooks()}


def test_plans_name_exercises_that_there_are():
    named = re.findall(r"\b[01]\d\.\d+\b", instructor_guide.section(TEXT, "Plans"))
    assert named and set(named) <= set(all_exercises())


def test_a_changed_course_changes_the_tables(monkeypatch):
    monkeypatch.setattr(instructor_guide, "all_exercises", dict)
    changed = instructor_guide.with_tables(TEXT)
    assert "| in all |  | 0 | 0 |" in changed and "| 04.2 | Implement PSNR |" not in changed
