"""Holm's intervals hold all at once: among many differences that do not exist, they seldom see any."""

import numpy as np

from hdrkit.ablations.multiple_comparisons import holm_intervals


def seen(interval):
    return interval[0] > 0 or interval[1] < 0


def draws(mean, rng):
    return rng.normal(mean + rng.normal(), 1, 4000)  # an estimate that is off by its own standard error


def test_of_many_differences_that_do_not_exist_hardly_one_is_seen():
    rng = np.random.default_rng(1)
    studies = [{str(i): draws(0, rng) for i in range(20)} for _ in range(60)]
    holm = [any(map(seen, holm_intervals(study).values())) for study in studies]
    alone = [any(seen(np.quantile(d, [0.025, 0.975])) for d in study.values()) for study in studies]
    assert np.mean(holm) < 0.15 < 0.4 < np.mean(alone)  # 5 % and 64 % are expected


def test_a_difference_that_is_large_is_still_seen_and_no_interval_is_narrower_than_its_own():
    rng = np.random.default_rng(2)
    study = {"large": draws(8, rng)} | {str(i): draws(0, rng) for i in range(9)}
    found = holm_intervals(study)
    assert seen(found["large"]) and list(found) == list(study)
    for name, means in study.items():
        low, high = np.quantile(means, [0.025, 0.975])
        assert found[name][0] <= low and high <= found[name][1]


def test_one_difference_alone_keeps_its_interval():
    means = np.random.default_rng(3).normal(1, 1, 4000)
    np.testing.assert_allclose(holm_intervals({"a": means})["a"], np.quantile(means, [0.025, 0.975]))
    assert holm_intervals({}) == {}
