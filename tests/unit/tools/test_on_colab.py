import importlib.metadata
import json
import os
import runpy
import subprocess
import sys
import types

import on_colab
import pytest
from packaging.requirements import Requirement

from hdrkit.jupyter.course import course_notebooks


@pytest.fixture
def commands(monkeypatch):
    """Let nothing be installed; return the commands that would have been run."""
    ran = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(list(map(str, command))))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(os.getcwd())  # to be there again afterwards
    return ran


def cell_for_colab():
    cells = json.loads(course_notebooks()[0].read_text(encoding="utf-8"))["cells"]
    return next("".join(cell["source"]) for cell in cells if "colab" in cell["metadata"].get("tags", []))


def test_colab_keeps_its_tensorflow_and_what_its_notebooks_run_on():
    asked = {one.name: one for one in map(Requirement, on_colab.requirements())}
    assert asked["tensorflow"].marker is None and "numpy" in asked and "onnx" in asked
    assert not asked.keys() & {"tensorflow-cpu", "ipykernel", "papermill", "nbconvert", "jupyterlab"}


def test_afterwards_the_notebook_is_where_its_paths_begin(commands, capsys):
    on_colab.main()
    assert os.path.samefile(os.getcwd(), course_notebooks()[0].parent)
    assert sys.path[0] == str(on_colab.ROOT)
    assert [command[3] for command in commands] == ["uninstall", "install", "install"]
    assert capsys.readouterr().out == ""


def test_a_library_that_was_in_use_asks_for_a_restart(commands, monkeypatch, capsys):
    version, before = importlib.metadata.version, iter(["2.0.2", "2.4.6"])
    monkeypatch.setattr(importlib.metadata, "version", lambda name: next(before) if name == "numpy" else version(name))
    on_colab.main()
    assert "New versions of numpy: choose Runtime > Restart session" in capsys.readouterr().out


def test_the_cell_does_nothing_anywhere_else(commands):
    exec(cell_for_colab(), {})
    assert commands == []


def test_on_colab_the_cell_fetches_and_installs(commands, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setenv("HDRKIT_REPOSITORY", "https://example.org/kit")
    run = []
    monkeypatch.setattr(runpy, "run_path", lambda path, run_name: run.append((path, run_name)))
    exec(cell_for_colab(), {})
    assert commands == [["git", "clone", "--quiet", "--depth=1", "https://example.org/kit", "/content/hdrkit"]]
    assert run == [("/content/hdrkit/tools/on_colab.py", "__main__")]
