"""Trainings on two devices, which are two halves of the processor; TensorFlow is told before it starts.

`python -m helpers.two_devices FOLDER` keeps weights and history of each of `CASES`, and of one that was interrupted.
"""

import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from hdrkit.models import patchgan, report_net
from hdrkit.models.dropout import Dropout
from hdrkit.models.report_net import Design
from hdrkit.training import devices, loop
from hdrkit.training.adversarial import Adversarial
from helpers import trainings

NAMES = ["CPU:0", "CPU:1"]


def pairs(seed, weighed=False):
    """Batches of 4, 4, 4 and 1: of the last, one device has nothing."""
    x = np.random.default_rng(seed).uniform(size=(13, 32, 32, 3)).astype(np.float32)
    parts = (x, x**0.5, x[..., 0]) if weighed else (x, x**0.5)
    return tf.data.Dataset.from_tensor_slices(parts).batch(4)


def weighed_pairs(seed):
    return pairs(seed, weighed=True)


def plain():
    layers = [keras.Input((32, 32, 3)), keras.layers.Conv2D(8, 3, padding="same", kernel_regularizer="l2")]
    return keras.Sequential([*layers, keras.layers.Conv2D(3, 1, activation="sigmoid", dtype="float32")])


def normalised():
    return report_net.build(32, weights=None, width=1 / 32, design=Design(normalisation=True))


def adversarial():
    return Adversarial(plain(), patchgan.build(32, width=1 / 16), 0.5)


CASES = {
    "plain": (plain, pairs, {"epochs": 2}),
    "cosine": (plain, pairs, {"epochs": 1, "schedule": "cosine", "loss": "log_l2"}),
    "weighed": (plain, weighed_pairs, {"epochs": 1, "loss": "hdrcnn"}),
    "normalised": (normalised, pairs, {"epochs": 1}),
    "adversarial": (adversarial, pairs, {"epochs": 1}),
}


def fit(name, folder, make_epoch=None):
    build, pairs, options = CASES[name]
    options = {"made_from": {}, "seed": 1, "precision": "float32", "learning_rate": 0.01} | options
    return loop.fit(build, make_epoch or pairs, pairs(99), folder, **options)


def keep(training, folder, name):
    training.history.to_csv(folder / f"{name}.csv", index=False)
    np.savez(folder / f"{name}.npz", *training.model.get_weights())


def interrupted(folder):
    """Train one epoch, stop, and go on from its checkpoint."""

    def stop(epoch):
        if epoch == 1:
            raise KeyboardInterrupt
        return pairs(epoch)

    try:
        fit("plain", folder, stop)
    except KeyboardInterrupt:
        return fit("plain", folder)


def dropped(inputs):
    """What each device, given the same, drops of it in one step."""
    with devices.on_all():
        network, everywhere = keras.Sequential([Dropout(0.5)]), tf.distribute.get_strategy()
        network(inputs)
    parts = everywhere.run(tf.function(lambda: network(inputs, training=True)))
    return [part.numpy() for part in everywhere.experimental_local_results(parts)]


def main(folder):
    half = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], [half] * len(NAMES))
    devices.gpus = lambda: NAMES
    for name in CASES:
        keep(fit(name, folder / name), folder, name)
    keep(interrupted(folder / "interrupted"), folder, "interrupted")
    np.savez(folder / "dropped.npz", *dropped(np.ones((2, 32, 32, 3), np.float32)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
