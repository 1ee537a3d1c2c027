"""All notebooks, with the profile `smoke`, on three scenes of a user's: a camera's JPEG frames, without any render.

They are too few to train on, and there is no list of splits. Not all frames state their exposure.
"""

import html
import json
import re

import pytest
from helpers.cameras import write_survey

from hdrkit.core import references
from hdrkit.reproduction import store
from hdrkit.reproduction.runner import reproduce


@pytest.fixture(scope="module")
def three_scenes(tmp_path_factory):
    """The folder of the run, and its page."""
    survey, out = tmp_path_factory.mktemp("mine") / "my_brackets", tmp_path_factory.mktemp("smoke") / "out"
    write_survey(survey)
    return out, reproduce("smoke", survey, out, ["also=[]"])  # the other networks are trained in test_notebooks


def test_it_is_scored_by_a_network_of_the_embedded_survey(three_scenes):
    out, _ = three_scenes
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert facts["trained_on"] == "embedded" and facts["survey"] == "my_brackets"
    scored = store.read_tables(out)["table2"].query("survey == 'my_brackets'")
    assert set(scored.split) == {"test"}
    assert {"published", "hdrkit", "best_gamma", "mertens"} <= set(scored.method)


def test_the_page_says_so(three_scenes):
    _, page = three_scenes
    text = " ".join(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8")).split())
    assert "too few scenes to train on: what this run trained has learned from the embedded survey" in text


def test_every_table_and_picture_says_that_its_references_were_made(three_scenes):
    out, page = three_scenes
    note = references.note(out)
    assert note == "Survey my_brackets: reference made by hdrkit's local operator, not a photographer's render."
    assert note in html.unescape(page.read_text(encoding="utf-8"))
    captions = list((out / "figures").glob("*.txt"))
    assert captions and all(caption.read_text(encoding="utf-8").endswith(f"{note}\n") for caption in captions)
    of_survey = [table[table.survey == "my_brackets"] for table in store.read_tables(out).values() if "survey" in table]
    assert all(set(rows.reference) == {"local operator"} for rows in of_survey if len(rows))
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))["references"]
    assert facts["made"] == facts["scenes"] == 2  # of three scenes, the profile takes two
