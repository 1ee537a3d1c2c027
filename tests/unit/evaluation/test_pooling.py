"""Pooled PSNR against what Keras does, against Jensen's inequality, and against orders whose scores are known."""

import keras
import numpy as np
import pytest

from hdrkit.evaluation import metrics, pooling

GOOD_AND_BAD = np.repeat([10.0, 30.0], 32)
OF_TWO = -10 * np.log10((0.1 + 0.001) / 2)  # dB, of a batch with as many of the ones as of the others


@pytest.fixture
def psnr_db():
    """PSNR of 100 pictures of ten scenes, from nearly black to nearly white: in dB."""
    return np.random.default_rng(0).normal(16, 5, 100)


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def test_all_at_once_is_the_psnr_of_the_stack():
    pictures, renders = np.random.default_rng(2).random((2, 5, 8, 8, 3))
    each = np.array([metrics.psnr(*pair, data_range=1) for pair in zip(pictures, renders, strict=True)])
    assert pooling.at_once(each) == pytest.approx(metrics.psnr_pooled(pictures, renders, data_range=1))


def test_batches_depend_on_the_order():
    assert pooling.in_batches(GOOD_AND_BAD) == pytest.approx(20)
    assert pooling.in_batches(GOOD_AND_BAD.reshape(2, 32).T.ravel()) == pytest.approx(OF_TWO)


def test_a_last_batch_counts_by_its_pictures():
    """As in Keras's `evaluate`, whose mean is weighed by the size of the batch."""
    psnr_db = np.repeat([10.0, 30.0], [32, 12])
    weighed = keras.metrics.Mean()
    weighed.update_state([10.0, 30.0], sample_weight=[32, 12])
    assert pooling.in_batches(psnr_db) == pytest.approx(float(weighed.result()), abs=1e-4)


def test_every_order_lies_between_one_logarithm_and_the_mean(psnr_db, rng):
    orders = pooling.in_random_batches(psnr_db, rng)
    assert len(orders) == pooling.ORDERS and np.ptp(orders) > 0.05
    assert (pooling.at_once(psnr_db) < orders).all() and (orders < psnr_db.mean()).all()


def test_pictures_of_one_batch_have_one_score_in_any_order(psnr_db, rng):
    orders = pooling.in_random_batches(psnr_db[: pooling.BATCH], rng)
    assert orders == pytest.approx(pooling.at_once(psnr_db[: pooling.BATCH]))


def test_an_estimate_is_the_mean_over_orders_with_its_interval(psnr_db, rng):
    scenes = np.repeat(list("abcdefghij"), 10)
    value, low, high = pooling.estimate_in_random_batches(psnr_db, scenes, 500, rng)
    assert value == pytest.approx(pooling.in_random_batches(psnr_db, rng).mean(), abs=0.02)
    assert low < value < high


def test_an_interval_is_over_scenes(rng):
    """Scenes that differ, each of equal pictures: as wide as that of the scenes alone."""
    of_scene = np.repeat([10.0, 30.0], 50)  # a hundred scenes
    scenes = np.repeat(np.arange(100), 32)
    _, low, high = pooling.estimate_in_random_batches(np.repeat(of_scene, 32), scenes, 400, rng)
    bad = np.quantile(rng.binomial(100, 0.5, 10_000) / 100, [0.975, 0.025])  # shares of bad pictures in a resample
    assert (low, high) == pytest.approx(-10 * np.log10(0.1 * bad + 0.001 * (1 - bad)), abs=0.25)


def test_the_order_of_the_rows_does_not_matter(psnr_db):
    scenes = np.repeat(np.arange(10), 10)
    one, other = (
        pooling.estimate_in_random_batches(psnr_db[rows], scenes[rows], 50, np.random.default_rng(3))
        for rows in (np.arange(100), np.arange(100)[::-1])
    )
    assert one == other


def test_one_scene_has_no_interval(psnr_db, rng):
    assert np.isnan(pooling.estimate_in_random_batches(psnr_db, np.zeros(100), 10, rng)[1:]).all()
