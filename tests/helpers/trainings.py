"""A training of seconds, and one that dies on its way."""

import os

import keras
import numpy as np
import tensorflow as tf

from hdrkit.training import loop

EPOCHS = 3
KILLED = 9  # the status of a process that died


def build(size=16):
    """A network small enough to be traced in no time; the report's network takes the tests' minutes."""
    layers = [keras.Input((size, size, 3)), keras.layers.Conv2D(8, 3, padding="same", kernel_regularizer="l2")]
    return keras.Sequential([*layers, keras.layers.Conv2D(3, 1, activation="sigmoid", dtype="float32")])


def pairs(seed, n=12):
    x = np.random.default_rng(seed).uniform(size=(n, 16, 16, 3)).astype(np.float32)
    return tf.data.Dataset.from_tensor_slices((x, x**0.5)).batch(4)


def killing_epoch(epoch):
    """Like `pairs`, but in the third epoch the process dies between two batches, and tidies nothing up."""

    def die(i, batch):
        if i == 1 and epoch == 2:
            os._exit(KILLED)
        return batch

    def step(i, batch):
        x, y = batch
        x = tf.ensure_shape(tf.numpy_function(lambda i, x: die(i, x), (i, x), tf.float32), x.shape)
        return x, y

    return pairs(epoch).enumerate().map(step)


def fit(folder, make_epoch=pairs, **options):
    options = {
        "made_from": {"data": "random"},
        "epochs": EPOCHS,
        "seed": 1,
        "precision": "float32",
        "learning_rate": 0.01,
    } | options
    return loop.fit(build, make_epoch, pairs(99), folder, **options)
