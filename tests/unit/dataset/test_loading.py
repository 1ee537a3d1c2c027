"""Which survey a network learns from, and which scenes it is scored on."""

from dataclasses import replace

import pytest
from helpers.cameras import write_bracket
from helpers.scenes import make_scene

from hdrkit.core import references
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import loading
from hdrkit.dataset.survey import Scene, Survey
from hdrkit.simulation import embedded_survey


def survey_of(**counts):
    """A survey without files: this many scenes with a render per split."""
    survey = Survey.__new__(Survey)
    survey.name = "mine"
    survey.scenes = tuple(
        Scene(f"{split} {i}", f"{split} {i}", split, (), "render.jpg") for split, n in counts.items() for i in range(n)
    )
    return survey


@pytest.mark.parametrize(
    ("counts", "scenes", "good"),
    [
        ({"train": 20, "dev": 1, "test": 1}, 0, True),
        ({"train": 19, "dev": 1, "test": 1}, 0, False),
        ({"train": 2, "dev": 1, "test": 1}, 2, True),  # as many as were asked for
        ({"train": 30, "test": 5}, 0, False),
        ({"train": 30, "dev": 5}, 0, False),
        ({"test": 30}, 0, False),
    ],
)
def test_a_survey_is_trained_on_when_it_is_large_enough(counts, scenes, good):
    assert loading.is_trainable(survey_of(**counts), scenes) == good


def test_a_run_is_told_what_its_frames_are_held_against(tmp_path, monkeypatch, capsys):
    survey = survey_of(train=3)
    survey.scenes = (replace(survey.scenes[0], render=None), *survey.scenes[1:])
    monkeypatch.setattr(loading, "Survey", lambda folder, cache: survey)
    loading.open_survey("mine", out=tmp_path)
    assert references.note(tmp_path).startswith("Survey mine, 1 of 3 scenes: reference made by hdrkit's local operator")
    assert references.note(tmp_path) in capsys.readouterr().out


def test_a_small_survey_opens_with_test_scenes_only(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "Survey", lambda folder, cache: survey_of(train=3, dev=1, test=1))
    assert {scene.split for scene in loading.open_survey(tmp_path / "mine").scenes} == {"test"}
    assert {scene.split for scene in loading.open_survey(tmp_path / "mine", 2).scenes} == {"train", "dev", "test"}


def test_the_embedded_survey_is_made_and_lent_where_it_is_needed(tmp_path, monkeypatch):
    captured = []
    monkeypatch.setattr(embedded_survey, "capture", captured.append)
    monkeypatch.setattr(loading, "Survey", lambda folder, cache: survey_of(train=20, dev=1, test=1))
    loading.open_survey(tmp_path / "mine")
    assert captured == []
    small, large = survey_of(train=3, test=1), survey_of(train=20, dev=1, test=1)
    assert loading.training_survey(large) is large and captured == []
    assert loading.training_survey(small) is not small and captured == [loading.EMBEDDED]


def test_the_first_usable_scene_is_not_the_first_one_where_that_cannot_be_used(tmp_path):
    write_bracket(tmp_path / "hill")
    write_bracket(tmp_path / "yard", place="courtyard")
    (tmp_path / "hill" / "hillRendered.jpg").write_bytes(b"no picture")
    scenes = Survey(tmp_path).scenes
    assert loading.first_usable(scenes, tmp_path / "cache").name == "yard"
    with pytest.raises(HdrkitError, match="no frame of any scene could be aligned"):
        loading.first_usable(scenes[:1], tmp_path / "cache")


def test_every_third_train_scene_is_scored_and_all_others(tmp_path, monkeypatch):
    names = [f"train {i}" for i in range(7)] + ["dev 0", "test 0"]
    made = [make_scene(name, name.split()[0]) for name in names]
    monkeypatch.setattr(loading, "align", lambda *arguments: made)
    data = loading.load(survey_of(train=7, dev=1, test=1), 7, 24, tmp_path)
    assert set(data.training.scene) == set(names) and data.trained_on == "mine"
    assert set(data.scored.scene) == {"train 0", "train 3", "train 6", "dev 0", "test 0"}
