"""All notebooks, with the profile `smoke`, on two scenes of a user's: too few to train on, and no list of splits."""

import json
import re

import pytest

from hdrkit.reproduction import store
from hdrkit.reproduction.runner import reproduce
from hdrkit.simulation import embedded_survey, embedded_views


@pytest.fixture(scope="module")
def two_scenes(tmp_path_factory):
    """The folder of the run, and its page."""
    survey, out = tmp_path_factory.mktemp("mine") / "my_brackets", tmp_path_factory.mktemp("smoke") / "out"
    embedded_survey.capture(survey, scenes=[view.scene for view in embedded_views.read_views()][:2])
    for listed in ("survey.csv", "truth.json"):
        (survey / listed).unlink()
    return out, reproduce("smoke", survey, out, ["also=[]"])  # the other networks are trained in test_notebooks


def test_it_is_scored_by_a_network_of_the_embedded_survey(two_scenes):
    out, _ = two_scenes
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert facts["trained_on"] == "embedded" and facts["survey"] == "my_brackets"
    scored = store.read_tables(out)["table2"].query("survey == 'my_brackets'")
    assert set(scored.split) == {"test"}
    assert {"published", "hdrkit", "best_gamma", "mertens"} <= set(scored.method)


def test_the_page_says_so(two_scenes):
    _, page = two_scenes
    text = " ".join(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8")).split())
    assert "too few scenes to train on: what this run trained has learned from the embedded survey" in text
