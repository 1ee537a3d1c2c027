"""Each test has a folder of its own, so that the progress of exercises lies nowhere else."""

import pytest


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
