"""What notebooks declare, and what the command line may set."""

import json

import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.jupyter.parameters import RUNNER, declared, parse, settable


@pytest.fixture
def write(tmp_path):
    def write(name, *sources):
        cells = [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": [text]} for text in sources]
        path = tmp_path / f"{name}.ipynb"
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return path

    return write


def test_literals_are_declared(write):
    path = write("01_a", 'out = "o"\nepochs = 3  # of them\nalso = ["x"]')
    assert declared(path) == {"out": "o", "epochs": 3, "also": ["x"]}


@pytest.mark.parametrize("source", ["a = b", "a = 1 + 1", "a, b = 1, 2", "a = None", "import os", "a ="])
def test_what_is_no_literal_is_refused(write, source):
    with pytest.raises(HdrkitError, match="01_a.ipynb: its parameters must be plain literals, one per line"):
        declared(write("01_a", source))


def test_a_notebook_has_one_cell_of_parameters(write):
    with pytest.raises(HdrkitError, match="0 cells are tagged"):
        declared(write("01_a"))
    with pytest.raises(HdrkitError, match="2 cells are tagged"):
        declared(write("01_a", "a = 1", "b = 1"))


def test_what_the_runner_gives_cannot_be_set(write):
    known = settable(
        [write("01_a", 'profile = "p"\nsurvey = "s"\nout = "o"\nepochs = 3'), write("02_b", "width = 1.0")]
    )
    assert known == RUNNER | {"epochs": 3, "width": 1.0}


def test_two_notebooks_agree_on_types(write):
    assert settable([write("01_a", "rate = 1.0"), write("02_b", "rate = 1")])["rate"] == 1.0
    with pytest.raises(HdrkitError, match="02_b.ipynb: parameter `rate` is text here and a number elsewhere"):
        settable([write("01_a", "rate = 1.0"), write("02_b", 'rate = "high"')])


def test_settings_are_read_as_their_defaults_are():
    known = {"epochs": 1, "name": "x", "also": [], "fast": False}
    given = ["epochs=2", "name=2", 'also=["a"]', "fast=true"]
    assert parse(given, known) == {"epochs": 2, "name": "2", "also": ["a"], "fast": True}
