"""Trainings on two devices, which are two halves of the processor; TensorFlow is told before it starts.

`python -m helpers.two_devices FOLDER` keeps weights and history of each of `CASES`, and of one that was interrupted.
"""

import sys
from contextlib import suppress
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from hdrkit.models import patchgan, report_net
from hdrkit.models.dropout import Dropout
from hdrkit.training import devices, loop
from hdrkit.training.adversarial import Adversarial

NAMES = ["CPU:0", "CPU:1"]


def pairs(seed, n=15, weighed=False):
    """Batches of 4, 4, 4 and 3 pictures: the devices' parts of the last differ."""
    x = np.random.default_rng(seed).uniform(size=(n, 32, 32, 3)).astype(np.float32)
    parts = (x, x**0.5, x[..., 0]) if weighed else (x, x**0.5)
    return tf.data.Dataset.from_tensor_slices(parts).batch(4)


def weighed_pairs(seed):
    return pairs(seed, weighed=True)


def lonely_pairs(seed):
    """The last batch is one picture."""
    return pairs(seed, n=13)


def plain():
    layers = [keras.Input((32, 32, 3)), keras.layers.Conv2D(8, 3, padding="same", kernel_regularizer="l2")]
    return keras.Sequential([*layers, keras.layers.Conv2D(3, 1, activation="sigmoid", dtype="float32")])


def normalised():
    """Without biases below the normalisation: they have no gradient but rounding, and Adam makes whole steps of it."""
    layers = [keras.Input((32, 32, 3)), keras.layers.Conv2D(8, 3, use_bias=False), report_net.normalise("normalised")]
    return keras.Sequential([*layers, keras.layers.Conv2DTranspose(3, 3, activation="sigmoid", dtype="float32")])


def adversarial():
    return Adversarial(plain(), patchgan.build(32, width=1 / 16), 0.5)


# How a network is built, what it is fed with, and the options of its training.
CASES = {
    "adversarial": (adversarial, lonely_pairs, {"epochs": 2}),
    "normalised and weighed": (normalised, weighed_pairs, {"epochs": 1, "loss": "hdrcnn", "schedule": "cosine"}),
}


def fit(name, folder, watch=loop.nobody):
    build, feed, options = CASES[name]
    options = {"made_from": {}, "seed": 1, "precision": "float32", "learning_rate": 0.01} | options
    return loop.fit(build, feed, feed(99), folder, watch=watch, **options)


def keep(training, folder, name):
    training.history.to_csv(folder / f"{name}.csv", index=False)
    np.savez(folder / f"{name}.npz", *training.model.get_weights())


def interrupted(folder):
    """Train one epoch, watched, stop after its checkpoint, and go on from there."""

    def watch(progress):
        progress.model(np.full((1, 32, 32, 3), 0.5, np.float32), training=False)  # as a picture of a training does
        if progress.now == 1 and not progress.running:
            raise InterruptedError

    with suppress(InterruptedError):
        fit("adversarial", folder, watch=watch)
    return fit("adversarial", folder)


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
