"""Oracles: what a way to answer could reach if it knew the truth. How far a network is from its own limit."""

import keras
import numpy as np
import tensorflow as tf

from hdrkit.core.progress_bar import bar
from hdrkit.images import srgb
from hdrkit.models.gain_grid import MIDDLE, Key, SliceAndApply
from hdrkit.models.grid_spec import LEVELS
from hdrkit.simulation import local_laplacian
from hdrkit.training.losses import log_l2


def best_grids(pictures: np.ndarray, truths: np.ndarray, cells: int = 16, steps: int = 150) -> np.ndarray:
    """Return what the best grid of gains makes of each picture: every second pixel of every second row.

    pictures: encoded float32 (n, 128, 128, 3) in [0, 1]; truths: (n, 64, 64, 3). Found by gradient descent on the
    gains and tints themselves, from the metered picture; a limit that no network with such a grid gets past, up
    to the accuracy of `steps` gradient steps.
    """
    key, layer, optimizer = Key()(pictures), SliceAndApply(), keras.optimizers.Adam(0.1)
    shape = (len(pictures), cells, cells)
    grid = keras.Variable(np.broadcast_to((MIDDLE - key)[..., None], (*shape, LEVELS)).astype(np.float32))
    tint = keras.Variable(np.zeros((*shape, 3), np.float32))

    @tf.function
    def step() -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(log_l2(truths, layer([pictures, key, grid, tint])))
        optimizer.apply(tape.gradient(loss, [grid.value, tint.value]), [grid, tint])

    for i in bar(range(steps), "fitting grids", unit="step"):
        optimizer.learning_rate = 0.1 * (1 - i / steps)
        step()
    return np.clip(layer([pictures, key, grid, tint]), 0, 1)


def best_grid_of_grey(frame: np.ndarray, render: np.ndarray) -> np.ndarray:
    """Return what the best grid makes of a grey frame: encoded values in [0, 1], (64, 64) each, to float32 (64, 64)."""
    twice = np.kron(frame, np.ones((2, 2)))  # of which every second pixel is looked at
    picture, truth = (np.dstack([grey] * 3)[None].astype(np.float32) for grey in (twice, render))
    return best_grids(picture, truth)[0, ..., 1]


def own_operator(frame: np.ndarray) -> np.ndarray:
    """Return what the operator that made the embedded survey's renders makes of one frame: uint8 (h, w, 3) to the same.

    It knows the style, and sees no more than the frame shows: noise and clipping are all that is left.
    """
    linear = srgb.decode_integers(frame) + np.float32(1e-5)  # black has no logarithm
    return local_laplacian.tone_map_to_bytes(linear)
