"""The contest: time is equal, a killed run goes on, and the scores are those of the dev frames."""

import numpy as np
import pandas as pd
import pytest
from conftest import make_scene

from hdrkit import contest, practice, simulation
from hdrkit.models import parametrisations


@pytest.fixture
def few(monkeypatch):
    for name in set(parametrisations.PARAMETRISATIONS) - {"curve", "gain_grid"}:
        monkeypatch.delitem(parametrisations.PARAMETRISATIONS, name)


def test_each_gets_its_row_a_frame_and_a_killed_run_goes_on(few, tmp_path):
    smoke = practice.load("smoke")
    target = contest.run(smoke, 0.01, [make_scene(split="dev")], tmp_path)
    table = pd.read_csv(target)
    assert list(table.columns) == contest.COLUMNS
    assert set(table.parametrisation) == {"curve", "gain_grid"}
    assert np.isfinite(table.psnr_db).all() and (table.steps >= 1).all()
    table[table.parametrisation == "curve"].to_csv(target, index=False)
    again = pd.read_csv(contest.run(smoke, 0.01, [make_scene(split="dev")], tmp_path))
    assert again[again.parametrisation == "curve"].equals(table[table.parametrisation == "curve"])
    assert set(again.parametrisation) == {"curve", "gain_grid"}


def test_more_time_is_more_steps_and_a_better_network(tmp_path):
    smoke = practice.load("smoke")
    views = practice.learned_views(smoke, tmp_path)
    x, y = next(iter(simulation.pairs(views, 8, np.random.default_rng(9), 8)))
    steps, errors = [], []
    for seconds in (0.01, 4):
        model = parametrisations.build("curve", smoke.width)
        steps.append(contest.train_for(model, seconds, views, smoke))
        errors.append(np.mean((model(x) - y) ** 2))
    assert steps[1] > 5 * steps[0]
    assert errors[1] < errors[0]
