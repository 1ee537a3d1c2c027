"""A run's memory of itself comes back as it was, or empty."""

import pytest

from hdrkit.reproduction.run_state import Done, State


def test_it_comes_back(tmp_path):
    done = {"01_first.ipynb": Done("key", "page key", {"scores/a.csv": "0f"})}
    state = State("status", "digest", "glossary", done, {"survey": 1.5}, 900)
    state.write(tmp_path / "state.json")
    assert State.read(tmp_path / "state.json") == state


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"notebooks": []}',
        b'{"notebooks": {"01_first.ipynb": {"key": "k"}}}',
        b'{"notebooks": {}, "of_another_version": 1}',
    ],
)
def test_damage_costs_a_rerun_and_no_more(tmp_path, content):
    (tmp_path / "state.json").write_bytes(content)
    assert State.read(tmp_path / "state.json") == State()


def test_a_new_run_has_none(tmp_path):
    assert State.read(tmp_path / "state.json") == State()
