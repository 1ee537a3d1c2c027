"""A run says beside the scores of the kit's own network where it has learned from the places that are scored."""

import pandas as pd

from hdrkit.core import learned_places

ROWS = pd.DataFrame(
    {
        "survey": ["mine", "mine", "mine", "mine", "embedded"],
        "method": ["hdrkit", "hdrkit", "hdrkit", "input", "hdrkit"],
        "split": ["train", "dev", "test", "test", "test"],
    }
)
SCORED = [("train", "A"), ("train", "A"), ("train", "B"), ("dev", "C"), ("test", "D")]


def test_new_places_leave_tables_as_they_are_and_need_no_note(tmp_path):
    for kept in (False, True):
        if kept:
            learned_places.keep(tmp_path, "mine", set(), SCORED)
        assert learned_places.note(tmp_path) == "" and learned_places.mark(tmp_path, ROWS) is ROWS
        assert learned_places.name(tmp_path, "test") == "hdrkit's network"


def test_its_own_rows_of_that_survey_are_marked_split_by_split(tmp_path):
    learned_places.keep(tmp_path, "mine", {"A", "D", "elsewhere"}, SCORED)
    marked = learned_places.mark(tmp_path, ROWS)
    assert list(marked.learned) == [
        "has learned from 1 of these 2 places", "", "has learned from these places", "", ""
    ]  # fmt: skip
    assert learned_places.name(tmp_path, "test") == "hdrkit's network (has learned from these places)"
    assert learned_places.name(tmp_path, "dev") == "hdrkit's network"
    assert learned_places.aside(tmp_path, "test") == "(The kit's network has learned from these places.)"
    assert learned_places.aside(tmp_path, "dev") == ""


def test_the_note_counts_places_of_each_split_and_says_what_follows(tmp_path):
    learned_places.keep(tmp_path, "mine", {"A", "D"}, SCORED)
    assert learned_places.note(tmp_path) == (
        "The kit's own network has learned from places of the survey mine (test: 1 of 1; train: 1 of 2). "
        "Its scores on them do not say how well it does on new places."
    )


def test_a_table_without_methods_or_splits_is_left_alone(tmp_path):
    learned_places.keep(tmp_path, "mine", {"D"}, SCORED)
    rows = ROWS.drop(columns="split")
    assert learned_places.mark(tmp_path, rows) is rows
