"""From aligned scenes to pairs of pictures that a network trains on.

The report cut two squares from each 3:2 frame and turned each seven ways: 14 pairs (`report7`).
Two of its seven are the same picture (both flips are a turn by 180 degrees), and two of the square's eight symmetries
are missing; `dihedral8` has all eight, once.
"""

import math

import numpy as np
import tensorflow as tf

from hdrkit.core.workers import DEFAULT
from hdrkit.dataset.crops import Crops
from hdrkit.images import jpeg

# A symmetry of the square is three switches: transpose, then flip left-right, then flip upside down.
IDENTITY, FLIP_X, FLIP_Y, HALF_TURN = (0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1)
TRANSPOSE, QUARTER_TURN, THREE_QUARTER_TURN, ANTITRANSPOSE = (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)

SYMMETRIES = {
    # In the authors' order: the flips (both flips last), then the turns by 90, 180 and 270 degrees.
    "report7": (IDENTITY, FLIP_X, FLIP_Y, HALF_TURN, QUARTER_TURN, HALF_TURN, THREE_QUARTER_TURN),
    "dihedral8": (
        IDENTITY, FLIP_X, FLIP_Y, HALF_TURN, TRANSPOSE, QUARTER_TURN, THREE_QUARTER_TURN, ANTITRANSPOSE,
    ),
}  # fmt: skip


def count_pairs(frames: int, setting: str, crops: int = 2) -> int:
    """Return the number of pairs that `frames` frames give: 14 per frame as published, 16 with all symmetries."""
    return frames * crops * len(SYMMETRIES[setting])


def turn(picture: np.ndarray, symmetry: tuple[int, int, int]) -> np.ndarray:
    """Apply a symmetry of the square to a picture (size x size x channels)."""
    transpose, flip_x, flip_y = symmetry
    picture = picture.transpose(1, 0, 2) if transpose else picture
    picture = picture[:, ::-1] if flip_x else picture
    return picture[::-1] if flip_y else picture


def through_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """Return a picture (uint8, h x w x 3, RGB) as it is after it was saved as JPEG, as the authors' pairs were."""
    return jpeg.decode(jpeg.encode(picture, quality))


def shuffled(distinct: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return `count` of the numbers below `distinct`, shuffled; all come before any comes again."""
    rounds = math.ceil(count / distinct)
    return np.concatenate([rng.permutation(distinct) for _ in range(rounds)])[:count]


def training_pairs(crops: Crops, setting: str, batch: int, rng: np.random.Generator, pairs: int = 0) -> tf.data.Dataset:
    """Return one epoch of shuffled, turned pairs as batches (x, y), float32 in [0, 1].

    An epoch holds every crop in every symmetry of the setting once; `pairs` > 0 takes that many of them, and begins
    again where there are fewer.
    The order comes from `rng` alone, so that a resumed run sees what the killed one would have seen.
    """
    symmetries = np.array(SYMMETRIES[setting], dtype=bool)
    distinct = len(crops.x) * len(symmetries)
    order = shuffled(distinct, pairs or distinct, rng)
    which, how = np.divmod(order, len(symmetries))
    # Shuffling happens in the index above: turning one batch of pictures at a time then costs next to nothing.
    index = tf.data.Dataset.from_tensor_slices((which, crops.target[which], symmetries[how]))
    x, y = tf.constant(crops.x), tf.constant(crops.y)

    def pair(i: tf.Tensor, j: tf.Tensor, symmetry: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return _turned(x[i], symmetry), _turned(y[j], symmetry)

    return index.map(pair, num_parallel_calls=DEFAULT, deterministic=True).batch(batch).prefetch(2)


def evaluation_pairs(crops: Crops, batch: int) -> tf.data.Dataset:
    """Return every crop once, unturned and in order, as batches (x, y), float32 in [0, 1]."""
    x, y = tf.constant(crops.x), tf.constant(crops.y)
    index = tf.data.Dataset.from_tensor_slices((np.arange(len(crops.x)), crops.target))
    return index.batch(batch).map(lambda i, j: (_unit(tf.gather(x, i)), _unit(tf.gather(y, j)))).prefetch(2)


def _turned(picture: tf.Tensor, symmetry: tf.Tensor) -> tf.Tensor:
    picture = tf.cond(symmetry[0], lambda: tf.transpose(picture, (1, 0, 2)), lambda: picture)
    picture = tf.cond(symmetry[1], lambda: picture[:, ::-1], lambda: picture)
    picture = tf.cond(symmetry[2], lambda: picture[::-1], lambda: picture)
    return _unit(picture)


def _unit(picture: tf.Tensor) -> tf.Tensor:
    return tf.cast(picture, tf.float32) / 255
