"""From aligned scenes to pairs of pictures that a network trains on.

The report cut two squares from each 3:2 frame and turned each seven ways: 14 pairs (setting `published`).
Two of its seven are the same picture (both flips are a turn by 180 degrees), and two of the square's eight symmetries
are missing; setting `corrected` has all eight, once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import tensorflow as tf

from hdrkit.prepare import PreparedScene

# A symmetry of the square is three switches: transpose, then flip left-right, then flip upside down.
IDENTITY, FLIP_X, FLIP_Y, HALF_TURN = (0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1)
TRANSPOSE, QUARTER_TURN, THREE_QUARTER_TURN, ANTITRANSPOSE = (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)

SYMMETRIES = {
    # In the authors' order: the flips (both flips last), then the turns by 90, 180 and 270 degrees.
    "published": (IDENTITY, FLIP_X, FLIP_Y, HALF_TURN, QUARTER_TURN, HALF_TURN, THREE_QUARTER_TURN),
    "corrected": (
        IDENTITY, FLIP_X, FLIP_Y, HALF_TURN, TRANSPOSE, QUARTER_TURN, THREE_QUARTER_TURN, ANTITRANSPOSE,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Crops:
    """Square crops of aligned frames, each with the crop of its scene's render.

    `x`: uint8, crops x size x size x 3. `y`: uint8, distinct render crops x size x size x 3;
    crop i's target is `y[target[i]]`. `scene`, `place`, `split`, `ev` and `crop` (0, 1 ... along the long edge)
    say where each crop comes from.
    """

    x: np.ndarray
    y: np.ndarray
    target: np.ndarray
    scene: np.ndarray
    place: np.ndarray
    split: np.ndarray
    ev: np.ndarray
    crop: np.ndarray

    def of(self, split: str) -> "Crops":
        """Return the crops of one split."""
        keep = self.split == split
        columns = (self.scene, self.place, self.split, self.ev, self.crop)
        return Crops(self.x[keep], self.y, self.target[keep], *(column[keep] for column in columns))


def crop_offsets(long_edge: int, size: int) -> list[int]:
    """Return where the authors cut squares of `size` from a picture whose short edge is `size`.

    They tile the long edge as far as whole squares fit; the last one lies flush with the far end.
    336 x 224 gives [0, 112]: the two crops of a 3:2 frame, which share half of their pixels.
    """
    return [*range(0, long_edge - size, size), long_edge - size]


def squares(picture: np.ndarray, size: int) -> np.ndarray:
    """Scale a picture so that its short edge is `size`, and cut it into squares.

    uint8, height x width x 3, to uint8, squares x size x size x 3.
    """
    height, width = picture.shape[:2]
    short = min(height, width)
    scaled = (math.ceil(width * size / short), math.ceil(height * size / short))
    # Area averaging: the authors' bilinear sampling skips pixels when it shrinks, which turns detail into noise.
    picture = cv2.resize(picture, scaled, interpolation=cv2.INTER_AREA)
    if height <= width:
        return np.stack([picture[:, at : at + size] for at in crop_offsets(scaled[0], size)])
    return np.stack([picture[at : at + size] for at in crop_offsets(scaled[1], size)])


def cut(scenes: Sequence[PreparedScene], size: int) -> Crops:
    """Cut every aligned frame of `scenes`, and their renders, into squares of `size` pixels."""
    x, y, rows = [], [], []
    for scene in scenes:
        targets = squares(scene.render, size)
        for frame, ev in zip(scene.frames, scene.evs, strict=True):
            x.append(squares(frame, size))
            rows += [(len(y) + i, scene.name, scene.place, scene.split, ev, i) for i in range(len(targets))]
        y.extend(targets)
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Crops(np.concatenate(x), np.stack(y), *columns)


def count_pairs(frames: int, setting: str, crops: int = 2) -> int:
    """Return the number of pairs that so many frames give: 14 a frame as published, 16 with all symmetries."""
    return frames * crops * len(SYMMETRIES[setting])


def turn(picture: np.ndarray, symmetry: tuple[int, int, int]) -> np.ndarray:
    """Apply a symmetry of the square to a picture (size x size x channels)."""
    transpose, flip_x, flip_y = symmetry
    picture = picture.transpose(1, 0, 2) if transpose else picture
    picture = picture[:, ::-1] if flip_x else picture
    return picture[::-1] if flip_y else picture


def training_pairs(crops: Crops, setting: str, batch: int, rng: np.random.Generator, pairs: int = 0) -> tf.data.Dataset:
    """Return one epoch of shuffled, turned pairs as batches (x, y), float32 in [0, 1].

    An epoch holds every crop in every symmetry of the setting once; `pairs` > 0 takes that many of them.
    The order comes from `rng` alone, so that a resumed run sees what the killed one would have seen.
    """
    symmetries = np.array(SYMMETRIES[setting], dtype=bool)
    order = rng.permutation(len(crops.x) * len(symmetries))[: pairs or None]
    which, how = np.divmod(order, len(symmetries))
    # Shuffling happens in the index above: turning one batch of pictures at a time then costs next to nothing.
    index = tf.data.Dataset.from_tensor_slices((which, crops.target[which], symmetries[how]))
    x, y = tf.constant(crops.x), tf.constant(crops.y)

    def pair(i, j, symmetry):
        return _turned(x[i], symmetry), _turned(y[j], symmetry)

    return index.map(pair, num_parallel_calls=2, deterministic=True).batch(batch).prefetch(2)


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
