"""A parameter is known and has the right type, or it is named."""

from dataclasses import dataclass

import pytest

from hdrkit.core import profiles
from hdrkit.core.errors import HdrkitError


@dataclass
class Config:
    epochs: int
    rate: float


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "PROFILES", tmp_path)

    def write(text):
        (tmp_path / "studies").mkdir(exist_ok=True)
        (tmp_path / "studies" / "tiny.yaml").write_text(text, encoding="utf-8")

    return write


def test_a_profile_becomes_a_dataclass(write):
    write("epochs: 2\nrate: 1")
    assert profiles.load_profile_as(Config, "tiny", "studies") == Config(2, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("epochs: 2", "parameter `rate` is missing"),
        ("epoch: 2", "unknown parameter `epoch`; known are epochs, rate"),
        ("epochs: 2\nrate: 1e-3", r"`rate` must be a number, not text \('1e-3'\); write 1.0e-3, not 1e-3"),
        ("epochs: 2.5", r"`epochs` must be a whole number, not a number \(2.5\)"),
        ("epochs: -1", "`epochs` must be from 0 to 4294967295, not -1"),
        ("epochs: 2\nrate: .nan", "`rate` must be from 0 to 4294967295, not nan"),
        ("epochs: 2\nrate: .inf", "`rate` must be from 0 to 4294967295, not inf"),
        ("epochs: yes", r"`epochs` must be a whole number, not true or false \(True\)"),
    ],
)
def test_a_wrong_one_is_named(write, text, why):
    write(text)
    with pytest.raises(HdrkitError, match=f"^profile tiny of studies: .*{why}$"):
        profiles.load_profile_as(Config, "tiny", "studies")


def test_lists_are_checked_item_by_item():
    profiles.check({"also": ["b"]}, {"also": ["a"]}, "p")
    with pytest.raises(HdrkitError, match="`also` must be a list of str, not a list of int"):
        profiles.check({"also": [1]}, {"also": ["a"]}, "p")


def test_names_that_stand_for_more_than_memory_holds_are_not_followed(write):
    """Nine lines are a list of a hundred million items, which the line about it spelt out."""
    lines = [f"- &a{i} [{', '.join([f'*a{i - 1}'] * 10) if i else 'x'}]" for i in range(9)]
    write("\n".join(["epochs:", *lines]))
    with pytest.raises(HdrkitError, match=r"tiny.yaml: not readable as YAML \(line 3: write out what `\*a0`") as caught:
        profiles.load_profile_as(Config, "tiny", "studies")
    assert len(str(caught.value)) < 400
    write(f"epochs: {list(range(500))}")
    with pytest.raises(HdrkitError, match=r"not a list of int \(\[0, 1, 2, .*\.\.\.\]\)") as caught:
        profiles.load_profile_as(Config, "tiny", "studies")
    assert len(str(caught.value)) < 200
