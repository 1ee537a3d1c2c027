"""What a channel was made for is what it responds to, and where a network looks is where it reads."""

import keras
import numpy as np
import pytest

from hdrkit.evaluation import interpretation


@pytest.fixture
def red_detector():
    """Its first channel sums red over 3 x 3 pixels of every second one; its second sees nothing."""
    picture = keras.Input((16, 16, 3))
    seen = keras.layers.Conv2D(2, 3, strides=2, padding="same", use_bias=False, name="seen")(picture)
    model = keras.Model(picture, keras.layers.UpSampling2D(2)(seen))
    kernel = np.zeros((3, 3, 3, 2), np.float32)
    kernel[:, :, 0, 0] = 1
    model.get_layer("seen").set_weights([kernel])
    return model


def test_the_patch_with_the_planted_colour_is_found(red_detector):
    pictures = np.full((4, 16, 16, 3), 0.2, np.float32)
    pictures[2, 5:8, 9:12, 0] = 1
    (patches,) = interpretation.strongest_patches(red_detector, "seen", pictures, channels=1, patches=2, field=5)
    assert patches.shape == (2, 5, 5, 3) and patches.dtype == np.uint8
    assert (patches[0, ..., 0] == 255).sum() >= 4 and (patches[1, ..., 0] == 51).all()


def test_a_network_looks_where_it_reads(red_detector):
    region = np.zeros((16, 16), bool)
    region[8:10, 8:10] = True
    seen = interpretation.looks_at(red_detector, np.full((16, 16, 3), 0.5, np.float32), region)
    assert seen.shape == (16, 16)
    where = np.argwhere(seen > 0)
    assert len(where) == 9 and np.abs(where.mean(axis=0) - 9).max() <= 1


def test_gradients_are_what_calculus_says():
    """y = a b x, L1 against 0: the gradient for a is b |x|, for b a |x|; a layer that is not trained has none."""
    picture = keras.Input((4, 4, 3))
    x = keras.layers.Conv2D(1, 1, use_bias=False, trainable=False, name="grey", kernel_initializer="ones")(picture)
    for name, value in (("a", 2.0), ("b", 5.0)):
        start = keras.initializers.Constant(value)
        x = keras.layers.Conv2D(1, 1, use_bias=False, name=name, kernel_initializer=start)(x)
    pictures = np.random.default_rng(0).random((2, 4, 4, 3), np.float32)
    grey = pictures.sum(axis=-1).mean()
    loss = keras.losses.MeanAbsoluteError()
    sizes = interpretation.gradient_sizes(keras.Model(picture, x), loss, pictures, np.zeros((2, 4, 4, 1), np.float32))
    assert sizes == pytest.approx({"a": 5 * grey, "b": 2 * grey}, rel=1e-5)
    assert list(sizes) == ["a", "b"]
