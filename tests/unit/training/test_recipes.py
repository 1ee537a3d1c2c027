"""A recipe is trained once, its predictions are kept, and a changed budget starts anew."""

import dataclasses
import shutil

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.dataset.crops import cut
from hdrkit.training import loop, losses, recipes

pytestmark = pytest.mark.slow  # it trains

BUDGET = recipes.TrainingBudget(epochs=1, batch=4, learning_rate=1e-3, pairs=8, width=1 / 64, seed=1)


@pytest.fixture(scope="module")
def crops():
    splits = zip("abc", ("train", "dev", "test"), strict=True)
    return cut([make_scene(name, split, (32, 48), seed) for seed, (name, split) in enumerate(splits)], 32)


@pytest.fixture(scope="module")
def first(crops, tmp_path_factory):
    out = tmp_path_factory.mktemp("first")
    return recipes.train("published", crops, out, BUDGET), out


def test_predictions_are_kept_in_8_bits(crops, first, monkeypatch):
    trained, out = first
    predicted = recipes.predict("published", trained, crops, out)
    assert predicted.dtype == np.uint8 and predicted.shape == crops.x.shape
    monkeypatch.setattr(type(trained.model), "predict", lambda *_, **__: pytest.fail("predicted again"))
    np.testing.assert_array_equal(recipes.predict("published", trained, crops, out), predicted)


def test_a_retrained_network_is_not_scored_with_the_pictures_of_the_old_one(crops, first, tmp_path):
    trained, out = first
    old = recipes.predict("published", trained, crops, out)
    shutil.copytree(out, tmp_path / "one")
    retrained = recipes.train("published", crops, tmp_path / "one", dataclasses.replace(BUDGET, seed=2))
    new = recipes.predict("published", retrained, crops, tmp_path / "one")
    assert not retrained.reused and not np.array_equal(old, new)
    np.testing.assert_array_equal(new, recipes.applied(retrained.model, crops))
    assert len(list((tmp_path / "one" / "training" / "published").glob("predictions-*.npz"))) == 1


def test_an_equal_training_is_used_again(crops, first):
    trained, out = first
    assert not trained.reused and recipes.train("published", crops, out, BUDGET).reused


def test_test_pictures_do_not_reach_the_training(crops, first, tmp_path):
    black = np.where((crops.split == "test")[:, None, None, None], 0, crops.x).astype(np.uint8)
    other = recipes.train("published", dataclasses.replace(crops, x=black), tmp_path, BUDGET)
    for ours, theirs in zip(first[0].model.get_weights(), other.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_another_recipe_is_another_training(crops, first, tmp_path):
    repaired = recipes.train("published_repaired", crops, tmp_path, BUDGET)
    assert not repaired.reused
    assert repaired.history.loss[0] != first[0].history.loss[0]


@pytest.mark.parametrize("name", ["expandnet", "hdrcnn"])
def test_a_system_is_trained_and_applied_like_the_reports_network(crops, tmp_path, name):
    trained = recipes.train(name, crops, tmp_path, BUDGET)
    assert trained.model.name == name and np.isfinite(trained.history.loss).all()
    predicted = recipes.predict(name, trained, crops, tmp_path)
    assert predicted.dtype == np.uint8 and predicted.shape == crops.x.shape
    assert recipes.train(name, crops, tmp_path, BUDGET).reused


def test_an_adversarial_training_returns_the_generator_and_is_used_again(crops, first, tmp_path):
    recipe = recipes.Recipe(adversarial=0.1)
    trained, again = (recipes.fit(recipe, crops, tmp_path, BUDGET) for _ in range(2))
    assert trained.model.name == first[0].model.name == "report_net" and again.reused
    for ours, theirs, plain in zip(*(t.model.get_weights() for t in (trained, again, first[0])), strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.shape == plain.shape
    assert trained.history.loss[0] != first[0].history.loss[0]


@pytest.mark.parametrize("loss", losses.WEIGHTS)
def test_only_a_loss_that_asks_for_them_gets_weights_of_pixels(crops, tmp_path, monkeypatch, loss):
    found = []
    monkeypatch.setattr(loop, "fit", lambda build, make_epoch, dev, *_, **__: found.extend([make_epoch(0), dev]))
    recipes.fit(recipes.Recipe(loss=loss), crops, tmp_path, BUDGET)
    for pairs in found:
        x, _, *weights = next(iter(pairs))
        assert len(weights) == (loss == "hdrcnn")
        if weights:
            np.testing.assert_array_equal(weights[0], losses.highlight_weights(x))
            assert weights[0].shape == x.shape[:3]
