"""Each test has a folder of its own, so that the progress of exercises lies nowhere else, and no hurry."""

import pytest

from hdrkit.exercises import calling


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine is no wrong answer; tests of functions that never return set a limit of their own."""
    monkeypatch.setattr(calling, "SECONDS", 300.0)
