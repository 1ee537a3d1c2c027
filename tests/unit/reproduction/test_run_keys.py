"""Keys of what a run makes."""

from pathlib import Path

import pytest

from hdrkit.core import code_key
from hdrkit.exercises.quiz import QUIZZES
from hdrkit.reproduction import run_keys


@pytest.fixture
def code():
    """What notebook 4 runs beside what its cells name, where it has exercises."""
    found = run_keys._found_by_number(Path("04_baseline.ipynb"), ["from hdrkit.exercises import check"])
    return code_key.closure("\n".join(found))


@pytest.mark.parametrize("module", ["exercises.notebook_04", "exercises.judging", "exercises.calling"])
def test_a_notebook_runs_again_when_what_judges_its_exercises_changes(code, module):
    assert f"hdrkit.{module}" in code.modules
    assert "hdrkit.exercises.notebook_03" not in code.modules


def test_a_notebook_runs_again_when_its_own_quiz_changes(code):
    assert {path for path in code.files if QUIZZES in [path, *path.parents]} == {QUIZZES / "04.json"}


def test_a_notebook_without_exercises_has_no_judges():
    assert run_keys._found_by_number(Path("04_baseline.ipynb"), ["1 + 1"]) == []
