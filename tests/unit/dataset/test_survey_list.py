"""A survey's own list of scenes: from any spreadsheet, or a line that says what is wrong with it."""

import pytest
from helpers.brackets import write_bracket

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.survey import Survey


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    for i in (1, 2):
        write_bracket(folder / f"Café ({i})", seed=i)
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_list_with_and_without_a_mark(folder, encoding):
    (folder / "survey.csv").write_text("scene,place,split\r\nCafé (1),Bar,dev\r\n", encoding=encoding, newline="")
    (scene,) = Survey(folder).scenes
    assert (scene.name, scene.place, scene.split) == ("Café (1)", "Bar", "dev")


def test_a_list_without_splits_is_split_by_place(folder):
    (folder / "survey.csv").write_text("scene,place\nCafé (1),A\nCafé (2),B\n", encoding="utf-8")
    assert [scene.place for scene in Survey(folder).scenes] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("scene;place;split\nA;B;dev\n", "survey.csv: its columns are 'scene;place;split'; it needs `scene`, "),
        ("scene,split\nA,validation\n", "survey.csv: line 2 has the split 'validation'; name one of train, dev, test"),
        ("scene,split\nA,dev\nB,\n", "survey.csv: line 3 has the split ''; name one of train, dev, test"),
        ("scene,split\nA\n", "survey.csv: line 2 has the split ''; "),
        ("scène,split\nA,dev\n", r"survey.csv: cannot be read as a table \(not in UTF-8\); save it as CSV in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(folder, text, line):
    (folder / "survey.csv").write_text(text, encoding="cp1252")
    with pytest.raises(HdrkitError, match=line):
        Survey(folder)
