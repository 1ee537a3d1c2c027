"""The report's 14 pairs, exactly, and the 8 symmetries of the square."""

import numpy as np
import pytest
import tensorflow as tf
from helpers.scenes import make_scene

from hdrkit.dataset import augmentation
from hdrkit.dataset.augmentation import SYMMETRIES, evaluation_pairs, training_pairs, turn
from hdrkit.dataset.crops import Crops, cut


def test_published_symmetries_are_tensorflows_in_the_authors_order():
    picture = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    both = tf.image.flip_left_right(tf.image.flip_up_down(picture))
    wanted = [picture, tf.image.flip_left_right(picture), tf.image.flip_up_down(picture), both]
    wanted += [tf.image.rot90(picture, k) for k in (1, 2, 3)]
    turned = [turn(picture, symmetry) for symmetry in SYMMETRIES["report7"]]
    np.testing.assert_array_equal(turned, np.stack(wanted))


@pytest.mark.parametrize(("setting", "distinct"), [("report7", 6), ("dihedral8", 8)])
def test_distinct_pictures_a_crop(setting, distinct):
    picture = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    assert len({turn(picture, symmetry).tobytes() for symmetry in SYMMETRIES[setting]}) == distinct


def test_fourteen_pairs_a_frame_make_table_1():
    assert [augmentation.count_pairs(n, "report7") for n in (737, 90, 90)] == [10318, 1260, 1260]


@pytest.mark.parametrize("setting", ["report7", "dihedral8"])
def test_an_epoch_is_every_crop_in_every_symmetry_once(scene, setting):
    crops = cut([scene], 12)
    dataset = training_pairs(crops, setting, batch=5, rng=np.random.default_rng(1))
    seen = sorted(np.round(x * 255).astype(np.uint8).tobytes() for x, _ in dataset.unbatch().as_numpy_iterator())
    wanted = sorted(turn(x, s).tobytes() for x in crops.x for s in SYMMETRIES[setting])
    assert len(seen) == augmentation.count_pairs(9, setting)
    assert seen == wanted


def test_x_and_y_are_turned_alike(scene):
    crops = cut([scene], 12)
    same = Crops(crops.y, crops.y, np.arange(len(crops.y)), *[np.zeros(len(crops.y))] * 5)
    for x, y in training_pairs(same, "dihedral8", batch=4, rng=np.random.default_rng(0)):
        np.testing.assert_array_equal(x, y)


def test_the_order_comes_from_the_generator_alone(scene):
    crops = cut([scene], 12)

    def epoch(seed):
        batches = training_pairs(crops, "dihedral8", 4, np.random.default_rng(seed), pairs=12)
        return np.concatenate([x for x, _ in batches])

    np.testing.assert_array_equal(epoch(3), epoch(3))
    assert len(epoch(3)) == 12
    assert not np.array_equal(epoch(3), epoch(4))


def test_evaluation_pairs_keep_order_and_split():
    crops = cut([make_scene("a", "train"), make_scene("b", "test", seed=1)], 12).of("test")
    x, y = next(iter(evaluation_pairs(crops, batch=100)))
    np.testing.assert_allclose(x, crops.x / 255, atol=1e-6)
    np.testing.assert_allclose(y, crops.y[crops.target] / 255, atol=1e-6)
    assert set(crops.scene) == {"b"} and len(x) == 18
