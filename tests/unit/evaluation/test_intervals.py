import numpy as np
import pytest

from hdrkit.evaluation.intervals import bootstrap_interval, mean_estimate


def test_two_groups_have_three_possible_means():
    """A resample of two scenes holds the first twice (1/4), each once (1/2) or the second twice (1/4)."""
    values, groups = np.array([0.0, 0.0, 1.0, 1.0]), np.array(["a", "a", "b", "b"])
    assert bootstrap_interval(values, groups, 2000, np.random.default_rng(0)) == (0, 1)
    low, high = bootstrap_interval(values, groups, 2000, np.random.default_rng(0), level=0.4)
    assert (low, high) == (0.5, 0.5)


def test_agrees_with_the_normal_theory_of_cluster_means():
    rng = np.random.default_rng(1)
    scene = rng.normal(20, 3, size=200)
    values, groups = np.repeat(scene, 9), np.repeat(np.arange(200), 9)
    low, high = bootstrap_interval(values, groups, 5000, rng)
    error = scene.std() / np.sqrt(200)
    assert (low, high) == pytest.approx((scene.mean() - 1.96 * error, scene.mean() + 1.96 * error), abs=0.05)


def test_frames_of_one_scene_do_not_count_as_independent():
    """Resampling frames instead of scenes would make this interval three times too narrow."""
    scene = np.random.default_rng(2).normal(size=50)
    once = bootstrap_interval(scene, np.arange(50), 4000, np.random.default_rng(3))
    nine = bootstrap_interval(np.repeat(scene, 9), np.repeat(np.arange(50), 9), 4000, np.random.default_rng(3))
    assert nine == pytest.approx(once)


def test_weighs_scenes_by_their_frames():
    values, groups = np.array([1.0, 1.0, 1.0, 5.0]), np.array([0, 0, 0, 1])
    low, high = bootstrap_interval(values, groups, 1000, np.random.default_rng(0), level=0.3)
    assert (low, high) == (2, 2)


def test_same_generator_same_interval_and_one_group_none():
    values, groups = np.arange(30.0), np.arange(30) // 3
    first, second = (bootstrap_interval(values, groups, 500, np.random.default_rng(7)) for _ in range(2))
    assert first == second
    assert np.isnan(bootstrap_interval(values, np.zeros(30), 500, np.random.default_rng(7))).all()


def test_the_estimate_of_a_mean_leaves_out_what_is_not_known_and_repeats_itself():
    values, scenes = np.array([1.0, np.nan, 3.0, 5.0]), np.array(["a", "a", "b", "c"])
    found = mean_estimate(values, scenes, 500, seed=3)
    interval = bootstrap_interval(values[[0, 2, 3]], scenes[[0, 2, 3]], 500, np.random.default_rng(3))
    assert found == (3, *interval) == mean_estimate(values, scenes, 500, seed=3)
    assert np.isnan(mean_estimate(np.array([np.nan]), np.array(["a"]), 500, seed=3)).all()
