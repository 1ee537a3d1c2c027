"""Keys of what a run makes."""

from pathlib import Path

import pytest

from hdrkit.core import code_key
from hdrkit.reproduction import run_keys


@pytest.mark.parametrize("module", ["exercises.notebook_04", "exercises.judging", "exercises.calling"])
def test_a_notebook_runs_again_when_what_judges_its_exercises_changes(module):
    code = code_key.closure(
        "\n".join(run_keys._judges(Path("04_baseline.ipynb"), ["from hdrkit.exercises import check"]))
    )
    assert f"hdrkit.{module}" in code.modules
    assert "hdrkit.exercises.notebook_03" not in code.modules


def test_a_notebook_without_exercises_has_no_judges():
    assert run_keys._judges(Path("04_baseline.ipynb"), ["1 + 1"]) == []
