"""Parameters of any text, damaged notebooks and profiles: taken, or named in one line."""

import json

import pytest
from helpers.fuzzing import damaged, drawn, only_documented_errors
from hypothesis import example, given
from hypothesis import strategies as st

from hdrkit.core import profiles
from hdrkit.jupyter import course, parameters

KNOWN = {"epochs": 4, "rate": 0.5, "also": ["a"], "registered": True, "name": "x"}
CELL = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["epochs = 4  # in all\n", "rate = 0.5\n"]}
LITERALS = st.text(st.sampled_from("0123456789.-+e_jx[](){}'\",: \\TrueFalsNone\n\0"), max_size=30)


@drawn(150)
@example("epochs=" + "(" * 3000)
@example("epochs=" + "-" * 100_000 + "1")
@example("epochs=" + "9" * 5000)
@given(st.builds("{}={}".format, st.sampled_from([*KNOWN, "other"]), LITERALS | st.text(max_size=30)) | st.text())
def test_settings_of_any_text(setting):
    with only_documented_errors():
        values = parameters.parse([setting], KNOWN)
        profiles.check(values, KNOWN, "-p")
        assert all(profiles.fits(value, KNOWN[name]) for name, value in values.items())


@drawn(80)
@example(json.dumps({"cells": [{"metadata": CELL["metadata"]}]}).encode())
@given(damaged(json.dumps({"cells": [CELL]}).encode()))
def test_a_damaged_notebook(tmp_path, data):
    path = tmp_path / "01_a.ipynb"
    path.write_bytes(data)
    with only_documented_errors():
        parameters.settable([path])


@pytest.mark.parametrize("start", [b"epochs: 4\nrate: 1.0e-3\nalso: [a, b]\n", b"a: &b [*b]\n"])
def test_a_damaged_profile(tmp_path, start):
    path = tmp_path / "own.yaml"

    @drawn(60)
    @given(damaged(start))
    def load(data):
        path.write_bytes(data)
        with only_documented_errors():
            profiles.check(profiles.load_profile(str(path)), parameters.settable(course.course_notebooks()), str(path))

    load()
