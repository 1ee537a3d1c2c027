"""A run says of its survey whether photographers or the kit made what its pictures are held against."""

import pandas as pd

from hdrkit.core import references

ROWS = pd.DataFrame({"survey": ["mine", "embedded"], "psnr_db": [20.0, 21.0]})


def test_renders_leave_tables_and_captions_as_they_are(tmp_path):
    assert references.note(tmp_path) == "" and references.mark(tmp_path, ROWS) is ROWS
    references.keep(tmp_path, "mine", made=0, scenes=5)
    assert references.note(tmp_path) == "" and references.mark(tmp_path, ROWS) is ROWS


def test_made_references_are_marked_in_the_rows_of_their_survey(tmp_path):
    references.keep(tmp_path, "mine", made=5, scenes=5)
    wanted = "Survey mine: reference made by hdrkit's local operator, not a photographer's render."
    assert references.note(tmp_path) == wanted
    assert list(references.mark(tmp_path, ROWS).reference) == ["local operator", ""]


def test_of_some_scenes_the_share_is_said(tmp_path):
    references.keep(tmp_path, "mine", made=2, scenes=5)
    assert references.note(tmp_path).startswith("Survey mine, 2 of 5 scenes: reference made by")
    assert references.mark(tmp_path, ROWS).reference[0] == "local operator in 2 of 5 scenes"
