"""Sentences of README, docs/, the model card, CITATION.cff and data/README.md that state a fact or result: all hold."""

import json
import re
from collections.abc import Callable

import keep_results
import pandas as pd
import pytest

from hdrkit.core.files import DATA
from hdrkit.core.profiles import load_profile
from hdrkit.enhancement.api import WEIGHTS
from hdrkit.fusion import baselines
from hdrkit.jupyter.course import course_notebooks
from hdrkit.models import gain_grid, grid_spec
from hdrkit.reproduction import claims
from hdrkit.simulation import embedded_views, panorama

WRITTEN = (keep_results.README, keep_results.RESULTS_PAGE, keep_results.MODEL_CARD)
README, RESULTS, CARD = (path.read_text(encoding="utf-8") for path in WRITTEN)
RUNNING, PHOTOGRAPHS = (
    (DATA.parent / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("running", "photographs")
)
CITATION = (DATA.parent / "CITATION.cff").read_text(encoding="utf-8")
OF_DATA = (DATA / "README.md").read_text(encoding="utf-8")
TABLES = keep_results.tables_in(keep_results.KEPT)
VIEWS = pd.DataFrame(embedded_views.read_views())
SCORE = TABLES["table2"].query("profile == 'quick'").set_index(["method", "frames", "arithmetic", "split"]).psnr_db


def training_has_the_stated_size():
    quick = load_profile("quick")
    return (quick["size"], quick["epochs"] * quick["pairs"]) == (96, 3200)


def haze_and_sky_are_found():
    verdicts = TABLES["claims"].set_index("id").verdict
    return verdicts["hazy"] == verdicts["sky_filler"] == claims.REPRODUCED


def wrapping_scores_what_the_report_has():
    wrapped = SCORE.xs("uint8_wraparound", level="arithmetic")
    return len(wrapped) == 3 and (wrapped - 27.8).abs().max() < 0.3


def one_frame_beats_all_frames():
    own = SCORE["hdrkit", "radiometric", "correct", "test"]
    return all(own > SCORE[method, "radiometric", "correct", "test"] for method in baselines.METHODS)


def the_reports_network_is_surpassed():
    """On the same frames, scored in the same way."""
    return (
        SCORE["hdrkit", "libraw_default", "correct", "test"] > SCORE["published", "libraw_default", "correct", "test"]
    )


def only_train_places_are_learned_from():
    learned = json.loads(WEIGHTS.with_suffix(".json").read_text(encoding="utf-8"))["panoramas"]
    places = VIEWS.drop_duplicates("place").set_index("panorama").split
    return {places[name] for name in places.index if name in learned} == {"train"}


def panoramas_have_the_stated_size():
    return panorama.load_panorama(DATA / "panoramas" / "city.exr").shape == (512, 1024, 3)


def the_grid_has_the_stated_size():
    shape = gain_grid.to_grid(gain_grid.build(1 / 16)).output["grid"].shape
    return shape[1:] == (16, 16, 12) and grid_spec.LEVELS == 12


def the_network_is_of_the_stated_profile():
    return json.loads(WEIGHTS.with_suffix(".json").read_text(encoding="utf-8"))["config"]["profile"] == "full"


@pytest.mark.parametrize(
    ("text", "sentence", "holds"),
    [
        (README, "in eleven notebooks", lambda: len(course_notebooks()) == 11),
        (RESULTS, "Haze, and sky-blue where there is no sky: the report names both", haze_and_sky_are_found),
        (RESULTS, "96-pixel pictures, 3200 training pairs", training_has_the_stated_size),
        (RESULTS, "come from three places", lambda: VIEWS[VIEWS.split == "test"].place.nunique() == 3),
        (README, "27.8 dB, is about what its arithmetic returns", wrapping_scores_what_the_report_has),
        (RESULTS, "27.8 dB, is about what its arithmetic returns", wrapping_scores_what_the_report_has),
        (README, "the twelve findings", lambda: len(pd.read_csv(claims.FINDINGS)) == 12),
        (README, "gets from one frame what the baselines do not get from all", one_frame_beats_all_frames),
        (CITATION, "reproduces, audits and surpasses the report", the_reports_network_is_surpassed),
        (CARD, "The train places of the embedded survey are among them", only_train_places_are_learned_from),
        (CARD, "16 x 16 places, 12 brightnesses one stop apart", the_grid_has_the_stated_size),
        (CARD, "`hdrkit train --profile full --panoramas DIR`", the_network_is_of_the_stated_profile),
        (CARD, "96-pixel pictures", training_has_the_stated_size),
        (OF_DATA, "Fifteen panoramas of real places", lambda: VIEWS.panorama.nunique() == 15),
        (
            OF_DATA,
            "1024 x 512 pixels",
            panoramas_have_the_stated_size,
        ),
        (OF_DATA, "seven views of each place", lambda: set(VIEWS.groupby("place").size()) == {7}),
        (OF_DATA, "the 102 scenes", lambda: len(pd.read_csv(DATA / "fairchild" / "scenes.csv")) == 102),
        (OF_DATA, "the twelve findings", lambda: len(pd.read_csv(claims.FINDINGS)) == 12),
    ],
    ids=lambda value: value.replace(" ", "-")[:40] if isinstance(value, str) and len(value) < 100 else "",
)
def test_what_the_texts_say_holds(text: str, sentence: str, holds: Callable[[], bool]):
    assert sentence in " ".join(text.split())
    assert holds()


@pytest.mark.parametrize("name", ["smoke", "quick", "full", "paper"])
def test_the_profiles_are_as_described(name):
    row, profile = re.search(rf"^\| `{name}` \|.*$", RUNNING, re.M)[0], load_profile(name)
    numbers = {"px": profile["size"], "epoch": profile["epochs"], "batch": profile["batch"]}
    said = {"px": r"(\d+) px", "epoch": r"(\d+) epoch", "batch": r"batch (\d+)"}
    for key, pattern in said.items():
        assert [int(found) for found in re.findall(pattern, row)] in ([], [numbers[key]]), key
    assert "px" in row


@pytest.mark.parametrize(
    "text",
    [README, RESULTS, RUNNING, PHOTOGRAPHS, CARD, CITATION, OF_DATA],
    ids=["README", "results", "running", "photographs", "model card", "CITATION", "data"],
)
def test_no_score_and_no_time_of_training_is_typed(text):
    typed = re.sub(r"<!-- results: .*?<!-- end -->", "", text, flags=re.S)
    assert set(re.findall(r"[\d.]+ dB", typed)) <= {"27.8 dB"}  # the report's own
    assert not re.search(r"quarter of an hour|in a second|well under a minute", typed)
