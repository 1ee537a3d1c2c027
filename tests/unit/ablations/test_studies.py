"""Studies compare like with like, resume, and name what is missing."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from hdrkit.ablations import analysis, studies
from hdrkit.core.errors import HdrkitError
from hdrkit.simulation import embedded_survey, embedded_views
from hdrkit.training import losses, recipes


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """Four views of each of two test places, and three scenes of each other split, captured."""
    rows = [(v.scene, v.place, v.split) for v in embedded_views.read_views()]
    views = pd.DataFrame(rows, columns=["scene", "place", "split"])
    places = views.groupby("split").place.unique()
    test = views[views.place.isin(places["test"][:2])].groupby("place").head(4)
    others = views[views.split != "test"].groupby("split").head(3)
    return embedded_survey.capture(tmp_path_factory.mktemp("surveys") / "small", scenes=[*test.scene, *others.scene])


def setting(study, name):
    return next(one for one in studies.STUDIES[study] if one.id == name)


def test_every_setting_of_every_study_can_be_built():
    for name, settings in studies.STUDIES.items():
        assert len({one.id for one in settings}) == len({one.label for one in settings}) == len(settings) > 1, name
        for setting in settings:
            assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", setting.id)
            config = studies.load_config("smoke")
            recipes.TrainingBudget(**dataclasses.asdict(config.budget(1)))
            assert setting.recipe.architecture in recipes.ARCHITECTURES
            assert setting.recipe.loss in losses.WEIGHTS


def test_all_systems_see_the_pairs_that_the_reports_network_sees():
    first, *others = studies.STUDIES["systems"]
    for other in others:
        assert (other.recipe.decoding, other.recipe.symmetries) == (first.recipe.decoding, first.recipe.symmetries)
        assert other == dataclasses.replace(first, id=other.id, label=other.label, recipe=other.recipe)


def test_the_first_setting_is_the_reports_final_model():
    for name, settings in studies.STUDIES.items():
        assert name == "leak" or settings[0] == studies.Setting(settings[0].id, settings[0].label), name


@pytest.mark.parametrize("name", studies.STUDIES)
def test_the_kept_results_are_those_of_the_settings(name):
    table, facts = analysis.read(name)
    assert facts["settings"] == {one.id: one.label for one in studies.STUDIES[name]}
    assert list(table.setting.unique()) == list(facts["settings"])


@pytest.mark.slow
def test_a_study_runs_resumes_and_repeats(survey, tmp_path, monkeypatch):
    path = studies.run("leak", "smoke", survey, tmp_path / "out", tmp_path / "into")
    table, facts = analysis.read("leak", tmp_path / "into")
    assert list(table.columns) == [*analysis.KEYS, *analysis.LABELS]
    assert set(table.setting) == {one.id for one in studies.STUDIES["leak"]} and len(table) == 6 * len(
        studies.STUDIES["leak"]
    )
    assert facts["settings"]["by_scene"] == "split by scene"
    assert (table.groupby("setting").train_psnr_db.nunique() == 1).all()
    assert facts["profile"] == "smoke" and facts["seeds"] == 1 and facts["seconds"] > 0
    assert table.psnr_db.between(5, 30).all() and table.edge_sharpness.notna().all()
    written = path.read_bytes()
    path.unlink()
    for cell in (tmp_path / "out" / "cells").iterdir():
        (tmp_path / "out" / "training" / cell.stem).mkdir()  # as a kill may leave it
    monkeypatch.setattr(recipes, "fit", lambda *_: pytest.fail("trained again"))
    studies.run("leak", "smoke", survey, tmp_path / "out", tmp_path / "into")
    assert path.read_bytes() == written
    assert not list((tmp_path / "out" / "training").iterdir())


def test_unregistered_frames_are_learned_from_but_not_scored_on(survey, tmp_path):
    scenes = studies.Survey(survey).scenes
    pictures = studies._Pictures(scenes, tmp_path, 32)
    as_it_is, stretched = (pictures.of(setting("repairs", name), 1) for name in ("as_published", "not_registered"))
    assert np.array_equal(as_it_is.of("test").x, stretched.of("test").x)
    assert not np.array_equal(as_it_is.of("train").x, stretched.of("train").x)
    assert np.array_equal(as_it_is.y, stretched.y)


def test_unknown_names_are_refused(tmp_path):
    with pytest.raises(HdrkitError, match="losses: no such study; choose one of loss, activation"):
        studies.run("losses", "smoke", tmp_path, tmp_path, tmp_path)
    with pytest.raises(HdrkitError, match="tiny: no such profile of studies; choose one of full, quick, smoke"):
        studies.run("loss", "tiny", tmp_path, tmp_path, tmp_path)
