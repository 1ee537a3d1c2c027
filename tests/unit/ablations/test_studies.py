"""Studies compare like with like, resume, and name what is missing."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest
from helpers.scenes import make_scene
from helpers.studies import table_of

from hdrkit.ablations import analysis, pair_changes, studies
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.crops import cut
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


@pytest.fixture
def crops():
    splits = [("a", "train"), ("b", "train"), ("c", "dev")] + [(f"d{i}", "test") for i in range(5)]
    scenes = [make_scene(name, split, (32, 48), seed) for seed, (name, split) in enumerate(splits)]
    made = cut(scenes, 32)
    return dataclasses.replace(made, place=np.char.rstrip(made.scene, "0123456789"))


def setting(study, name):
    return next(one for one in studies.STUDIES[study] if one.id == name)


def scenes_of(crops, split):
    return set(crops.of(split).scene)


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


def test_few_scenes_and_few_crops_are_taken_from_training_alone(crops):
    assert (crops.split == "train").sum() == 36
    eighteen = setting("dataset_size", "crops_18").data(crops)
    assert (eighteen.split == "train").sum() == 18 and scenes_of(eighteen, "train") == {"a", "b"}
    one = pair_changes.few_scenes(1)(crops)
    assert scenes_of(one, "train") == {"a"}
    for changed in (eighteen, one):
        for split in ("dev", "test"):
            np.testing.assert_array_equal(changed.split == split, crops.split == split)


def test_a_split_by_scene_leaks_places_and_learns_from_as_many_scenes(crops):
    honest, leaking = (one.data(crops) for one in studies.STUDIES["leak"])
    assert scenes_of(honest, "test") == scenes_of(leaking, "test") == {"d0", "d1", "d2"}
    assert scenes_of(honest, "train") == {"a", "b"} and scenes_of(leaking, "train") == {"d3", "d4"}
    assert set(leaking.of("train").place) & set(leaking.of("test").place)
    assert not set(honest.of("train").place) & set(honest.of("test").place)


def test_only_what_is_learned_from_goes_through_jpeg(crops):
    changed = setting("repairs", "jpeg").data(crops)
    for split, equal in (("train", False), ("dev", True), ("test", True)):
        ours, theirs = changed.of(split), crops.of(split)
        assert np.array_equal(ours.x, theirs.x) == equal
        assert np.array_equal(ours.y[ours.target], theirs.y[theirs.target]) == equal
    difference = changed.of("train").x.astype(float) - crops.of("train").x
    assert 0 < np.abs(difference).mean() < 5


@pytest.mark.slow
def test_a_study_runs_resumes_and_repeats(survey, tmp_path, monkeypatch):
    path = studies.run("leak", "smoke", survey, tmp_path / "out", tmp_path / "into")
    table, facts = analysis.read("leak", tmp_path / "into")
    assert list(table.columns) == [*analysis.KEYS, *analysis.MEASURES]
    assert set(table.setting) == {"by_place", "by_scene"} and len(table) == 2 * 6
    assert facts["settings"] == {"by_place": "split by place", "by_scene": "split by scene"}
    assert facts["profile"] == "smoke" and facts["seeds"] == 1 and facts["seconds"] > 0
    assert table.psnr_db.between(5, 30).all() and table.edge_sharpness.notna().all()
    written = path.read_bytes()
    path.unlink()
    monkeypatch.setattr(recipes, "fit", lambda *_: pytest.fail("trained again"))
    studies.run("leak", "smoke", survey, tmp_path / "out", tmp_path / "into")
    assert path.read_bytes() == written
    assert not list((tmp_path / "out" / "training").iterdir())


def test_unregistered_frames_are_learned_from_but_not_scored_on(survey, tmp_path):
    scenes = studies.Survey(survey).scenes
    pictures = studies._Pictures(scenes, tmp_path, 32)
    as_it_is, stretched = (pictures.of(setting("repairs", name)) for name in ("as_published", "not_registered"))
    assert np.array_equal(as_it_is.of("test").x, stretched.of("test").x)
    assert not np.array_equal(as_it_is.of("train").x, stretched.of("train").x)
    assert np.array_equal(as_it_is.y, stretched.y)


def test_unknown_names_are_refused(tmp_path):
    with pytest.raises(HdrkitError, match="losses: no such study; choose one of loss, activation"):
        studies.run("losses", "smoke", tmp_path, tmp_path, tmp_path)
    with pytest.raises(HdrkitError, match="tiny: no such profile of studies; choose one of full, quick, smoke"):
        studies.run("loss", "tiny", tmp_path, tmp_path, tmp_path)


def test_differences_are_paired_so_that_hard_scenes_do_not_widen_them():
    found = analysis.summary(table_of("x", {"first": 0, "better": 0.5, "same": 0}), "psnr_db", 500, 1)
    found = found.set_index("setting")
    assert found.loc["first", ["difference", "ci_low", "ci_high"]].tolist() == [0, 0, 0]
    assert 0.3 < found.ci_low["better"] < found.ci_high["better"] < 0.7
    assert found.ci_low["same"] < 0 < found.ci_high["same"]


def test_the_mean_of_a_setting_varies_with_its_scenes():
    table = table_of("x", {"first": 0, "better": 2})
    value, low, high = analysis.mean(table, "better", "psnr_db", 500, 1)
    assert value == pytest.approx(table[table.setting == "better"].psnr_db.mean())
    assert low < value - 0.5 and high > value + 0.5  # scenes differ by 3 dB


def test_the_last_block_of_the_kept_study_hardly_moves():
    table, _ = analysis.read("trainable_layers")  # as claims.csv says of `train_last`
    assert max(map(abs, analysis.difference(table, "last_block", "none", "psnr_db"))) < 1e-3


def test_seeds_that_disagree_widen_the_interval():
    table = table_of("x", {"first": 0, "other": 0}, noise=0.0)
    table.loc[table.setting == "other", "psnr_db"] += table.seed.map({1: -1.0, 2: 0.0, 3: 1.0})
    low, high = analysis.summary(table, "psnr_db", 500, 1).iloc[1][["ci_low", "ci_high"]]
    assert low < -0.5 and high > 0.5


def test_a_missing_cell_says_which_command_fills_it(tmp_path):
    with pytest.raises(HdrkitError, match=r"upsampling\.csv: not there, or not finished; `hdrkit study upsampling`"):
        analysis.read("upsampling", tmp_path)
    labels = {one.id: one.label for one in studies.STUDIES["upsampling"]}
    table = table_of("upsampling", dict.fromkeys(labels, 0.0))
    gap = (table.setting == "bilinear_3") & (table.seed == 2)
    table[~gap].to_csv(tmp_path / "upsampling.csv", index=False)
    (tmp_path / "upsampling.json").write_text(json.dumps({"seeds": 3, "settings": labels}))
    with pytest.raises(HdrkitError, match="setting `bilinear_3`, seed 2, is missing; `hdrkit study upsampling`"):
        analysis.read("upsampling", tmp_path)
