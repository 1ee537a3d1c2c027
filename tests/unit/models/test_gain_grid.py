"""The kit's network: what it is trained with is what photographs get."""

import keras
import numpy as np
import pytest
from helpers.networks import saved_and_loaded

from hdrkit.enhancement import bilateral_slicing
from hdrkit.images import srgb
from hdrkit.models import gain_grid, grid_spec


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(1)
    return gain_grid.build(width=0.25)


def photographs(count=2):
    rng = np.random.default_rng(0)
    return rng.random((count, 128, 128, 3), np.float32) ** 2


def test_an_untrained_network_brings_the_key_to_the_middle(model):
    dark, bright = photographs()[:1] * 0.2, photographs()[:1]
    for picture in (dark, bright):
        light = srgb.decode(picture)[:, ::2, ::2]
        gain = 2 ** (gain_grid.MIDDLE - np.log2(srgb.luminance(srgb.decode(picture)) + 2.0**-10).mean())
        wanted = srgb.encode(gain * light)
        assert np.abs(np.clip(model(picture), 0, 1) - wanted).max() < 0.03


def test_training_sees_what_slicing_does():
    """The layer that is trained through and the code that runs on photographs agree on the same grid."""
    pictures = photographs()
    rng = np.random.default_rng(1)
    grid, tint = (rng.normal(0, 0.5, (2, 4, 4, last)).astype(np.float32) for last in (grid_spec.LEVELS, 3))
    grid, tint = (np.repeat(np.repeat(part, 4, axis=1), 4, axis=2) for part in (grid, tint))
    keys = gain_grid.Key()(pictures)
    trained = np.clip(gain_grid.SliceAndApply()([pictures, keys, grid, tint]), 0, 1)
    for picture, key, gains, colours, found in zip(pictures, np.ravel(keys), grid, tint, trained, strict=True):
        wanted = bilateral_slicing.apply(picture, key, gains, colours)[::2, ::2]
        beyond = wanted >= 1  # above white, training keeps a little slope
        assert np.abs(found - wanted)[~beyond].max() < 3 / 255
        assert np.abs(found - wanted)[~beyond].mean() < 0.2 / 255


def test_the_grid_comes_out_alone(model):
    found = gain_grid.to_grid(model)(photographs())
    assert found["key"].shape == (2, 1, 1)
    assert found["grid"].shape == (2, 16, 16, grid_spec.LEVELS)
    assert found["tint"].shape == (2, 16, 16, 3)


def test_the_whole_network_is_small():
    assert gain_grid.build().count_params() < 1_000_000


def test_every_weight_learns(model):
    import tensorflow as tf

    pictures = photographs()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(pictures) - 0.5) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    assert all(g is not None and np.isfinite(g).all() for g in gradients)
    assert np.abs(gradients[-2]).max() > 0


def test_a_saved_network_is_the_same(model, tmp_path):
    again = saved_and_loaded(model, tmp_path / "model.keras")
    assert np.array_equal(model(photographs()), again(photographs()))
