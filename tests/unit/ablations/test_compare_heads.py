"""Output heads compared: time is equal, a killed run goes on, and the scores are those of the dev frames."""

from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from helpers.scenes import make_scene

from hdrkit.ablations import compare_heads
from hdrkit.enhancement import synthetic_pairs, trainer
from hdrkit.models import output_heads

# It trains; and TensorFlow warns that pictures are still prepared by a traced function.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*run_functions_eagerly")]

SMOKE = trainer.load("smoke")


@pytest.fixture(autouse=True)
def few_pairs(monkeypatch):
    """To draw millions of pairs out of a handful of views takes longer than the comparison."""
    monkeypatch.setattr(compare_heads, "PAIRS", 1000)


@pytest.fixture
def few(monkeypatch):
    """Two heads alone, whose few steps are not traced before, which would take longer than they do."""
    tf.config.run_functions_eagerly(True)
    for name in set(output_heads.OUTPUT_HEADS) - {"curve", "gain_grid"}:
        monkeypatch.delitem(output_heads.OUTPUT_HEADS, name)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def views(tmp_path_factory):
    return trainer.learned_views(SMOKE, synthetic_pairs.training_panoramas(), tmp_path_factory.mktemp("views"))


def test_each_gets_its_row_a_frame_and_a_killed_run_goes_on(few, views, tmp_path):
    dev = [make_scene(split="dev")]
    target = compare_heads.run(SMOKE, 0.01, dev, views, tmp_path)
    table = pd.read_csv(target)
    assert list(table.columns) == compare_heads.COLUMNS
    assert set(table["head"]) == {"curve", "gain_grid"}
    assert np.isfinite(table.psnr_db).all() and (table.steps >= 1).all()
    table[table["head"] == "curve"].assign(steps=-1).to_csv(target, index=False)
    again = pd.read_csv(compare_heads.run(SMOKE, 0.01, dev, views, tmp_path))
    assert (again[again["head"] == "curve"].steps == -1).all()
    assert set(again["head"]) == {"curve", "gain_grid"}


def test_rows_of_another_contest_are_not_taken_over(few, views, tmp_path, monkeypatch):
    monkeypatch.delitem(output_heads.OUTPUT_HEADS, "gain_grid")
    dev = [make_scene(split="dev")]
    compare_heads.run(SMOKE, 0.01, dev, views, tmp_path)
    assert set(pd.read_csv(compare_heads.run(SMOKE, 0.02, dev, views, tmp_path)).seconds) == {0.02}
    longer = replace(SMOKE, seed=SMOKE.seed + 1)
    before = pd.read_csv(tmp_path / "output_heads.csv")
    after = pd.read_csv(compare_heads.run(longer, 0.02, dev, views, tmp_path))
    assert not before.psnr_db.equals(after.psnr_db)


def test_more_time_is_more_steps_and_a_better_network(views, monkeypatch):
    """By a clock that goes on half a second at every look; a step looks twice, before it and after."""
    monkeypatch.setattr(compare_heads, "time", SimpleNamespace(monotonic=count(step=0.5).__next__))
    x, y = next(iter(synthetic_pairs.pairs(views, 8, np.random.default_rng(9), 8)))
    errors = {}
    for seconds in (2, 60):
        keras.utils.set_random_seed(1)
        model = output_heads.build("curve", SMOKE.width)
        assert compare_heads.train_for(model, seconds, views, SMOKE) == pytest.approx(seconds, abs=1)
        assert float(model.optimizer.learning_rate) < SMOKE.learning_rate * 0.02  # with the time it has come to its end
        errors[seconds] = np.mean((model(x) - y) ** 2)
    assert errors[60] < errors[2]
