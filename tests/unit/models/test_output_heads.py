"""Every way to answer starts near the metered picture, learns, and is as large as it says."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.networks import saved_and_loaded

from hdrkit.models import gain_grid, grid_spec, output_heads

PICTURES = np.random.default_rng(0).random((2, 128, 128, 3), np.float32) ** 2


@pytest.fixture(params=output_heads.OUTPUT_HEADS)
def model(request):
    keras.utils.set_random_seed(1)
    return output_heads.build(request.param, width=0.25)


def test_it_answers_for_every_second_pixel_and_every_weight_learns(model):
    with tf.GradientTape() as tape:
        found = model(PICTURES)
        loss = tf.reduce_mean((found - 0.3) ** 2)
    assert found.shape == (2, 64, 64, 3)
    assert np.allclose(model.predict(PICTURES, verbose=0), found, atol=1e-4)
    gradients = tape.gradient(loss, model.trainable_variables)
    assert all(g is not None and np.isfinite(g).all() for g in gradients)


def test_it_starts_from_the_metered_picture(model):
    """All but the painter, who starts from nothing, and the one that is not told how dark the picture is."""
    metered = gain_grid.build(0.25)(PICTURES)
    difference = np.abs(model(PICTURES) - metered).mean()
    assert (difference < 0.04) == (model.name not in ("direct", "gain_grid_unmetered"))


def test_it_is_saved_and_loaded(model, tmp_path):
    assert np.array_equal(model(PICTURES), saved_and_loaded(model, tmp_path / "model.keras")(PICTURES))


def test_places_and_brightnesses_are_what_sets_them_apart():
    """Painting a curve and a map onto the answers: each can say only what its name says."""
    curve, gain_map = (output_heads.build(name, 0.25) for name in ("curve", "gain_map"))
    assert curve.get_layer("gains").output.shape[1:] == (1, 1, grid_spec.LEVELS)
    assert gain_map.get_layer("gains").output.shape[1:] == (16, 16, 1)
