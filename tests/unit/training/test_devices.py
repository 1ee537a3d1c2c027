"""Training on two devices is training on one: they are the halves of the processor, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from helpers import two_devices

from hdrkit.training import devices

pytestmark = pytest.mark.slow  # it trains


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The folder with what two devices made of each case."""
    folder = tmp_path_factory.mktemp("two")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])}
    command = [sys.executable, "-m", "helpers.two_devices", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, cwd=folder)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert "ran out of data" not in done.stderr.decode()
    return folder


def kept(folder, name):
    """Weights and history of a training."""
    with np.load(folder / f"{name}.npz") as weights:
        return list(weights.values()), pd.read_csv(folder / f"{name}.csv").drop(columns="seconds")


@pytest.mark.parametrize("name", two_devices.CASES)
def test_two_devices_train_as_one_but_for_rounding(two, tmp_path, name):
    two_devices.keep(two_devices.fit(name, tmp_path / name), tmp_path, name)
    (ours, history), (weights, expected) = kept(two, name), kept(tmp_path, name)
    for mine, theirs in zip(ours, weights, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=2e-5)
    if name == "adversarial":  # its last picture is on both devices, and counts twice in all but means of batches
        history, expected = (table.filter(regex="psnr_pooled|ssim_published") for table in (history, expected))
    np.testing.assert_allclose(history, expected, rtol=1e-4)


def test_interrupted_on_two_devices_it_goes_on_to_the_same_weights_bit_for_bit(two):
    (weights, history), (others, whole) = kept(two, "interrupted"), kept(two, "adversarial")
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(weights, others, strict=True))
    assert history.equals(whole)


def test_each_device_drops_other_values(two):
    with np.load(two / "dropped.npz") as dropped:
        one, other = dropped.values()
    for part in (one, other):
        assert set(np.unique(part)) == {0, 2} and part.mean() == pytest.approx(1, abs=0.1)
    assert (one != other).mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("pictures", "expected"),
    [
        (8, [[0, 1], [2, 3, 4], [5, 6, 7]]),
        (3, [[0], [1], [2]]),
        (2, [[0], [0], [1, 1]]),
        (1, [[0], [0], [0]]),
    ],
)
def test_a_batch_is_cut_in_its_order_and_no_device_is_without_pictures(pictures, expected):
    batches = tf.data.Dataset.from_tensors((np.arange(pictures), -np.arange(pictures)))
    found = list(devices.cut(batches, tf.distribute.InputContext(num_replicas_in_sync=3)).as_numpy_iterator())
    assert [x.tolist() for x, _ in found] == expected
    assert all((x == -y).all() for x, y in found)


def test_one_device_or_none_is_left_to_keras(monkeypatch):
    for found in ([], ["GPU:0"]):
        monkeypatch.setattr(devices, "gpus", lambda found=found: found)
        with devices.on_all():
            assert not tf.distribute.has_strategy()
