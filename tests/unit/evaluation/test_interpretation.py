"""What a layer costs and sees, what a channel was made for, and where a network looks."""

import keras
import numpy as np
import pytest

from hdrkit.evaluation import interpretation
from hdrkit.models import report_net


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


@pytest.fixture
def narrow():
    keras.utils.set_random_seed(1)
    return report_net.build(64, weights=None, width=1 / 16)


def pictures(n=2, size=64):
    return np.random.default_rng(1).uniform(size=(n, size, size, 3)).astype(np.float32)


def test_the_multiply_adds_of_the_encoder_are_those_known_for_vgg16():
    table = interpretation.layer_table(report_net.build(224, weights=None)).set_index("layer")
    macs = table["macs_per_pixel"] * 224**2
    assert macs[table.index.str.startswith("block")].sum() == pytest.approx(15.35e9, rel=0.001)
    assert macs["raise_6"] == 7 * 7 * 9 * 512 * 512  # a transposed convolution works on its input's pixels
    assert macs["output"] == 224 * 224 * 6 * 3


def test_multiply_adds_are_those_counted_by_hand():
    picture = keras.Input((8, 6, 3))
    x = keras.layers.Conv2D(5, 3, strides=2, padding="same")(picture)  # 4 x 3 places
    x = keras.layers.Conv2DTranspose(2, 2, strides=2)(x)  # at the 4 x 3 places that come in
    x = keras.layers.Dense(7)(keras.layers.GlobalAveragePooling2D()(x))
    assert interpretation.multiply_adds(keras.Model(picture, x)) == 12 * 9 * 3 * 5 + 12 * 4 * 5 * 2 + 2 * 7


def test_receptive_fields_agree_with_what_moves_the_output():
    """With positive weights nothing cancels; over many pictures each pixel wins its pooling some time."""
    model = report_net.build(256, weights=None, width=1 / 64)
    for layer in model.layers:
        layer.set_weights([np.abs(w) + 0.01 for w in layer.get_weights()])
    table = interpretation.receptive_fields(model).set_index("layer")["receptive_field"]
    assert dict(table) == {
        "block1_conv2": 5,
        "block2_conv2": 14,
        "block3_conv3": 40,
        "block4_conv3": 92,
        "block5_conv3": 196,
        "latent": 212,
    }
    for name, expected in table.items():
        seen = interpretation.influence(model, name, pictures(4, 256)) > 0
        for axis in (0, 1):
            where = np.flatnonzero(seen.any(axis=axis))
            assert where[-1] - where[0] + 1 == expected, name


def test_features_and_skips_can_be_looked_at_and_taken_away(narrow):
    found = interpretation.features(narrow, pictures())
    assert found["block1_conv2"].shape == (2, 64, 64, 4)
    assert found["latent_leaky"].shape == (2, 2, 2, 32)
    before = narrow.predict(pictures(), verbose=0)
    blind = interpretation.without_skip(narrow, "picture")
    assert not np.allclose(blind.predict(pictures(), verbose=0), before)
    assert np.array_equal(narrow.predict(pictures(), verbose=0), before)  # the original is as it was
    assert np.all(blind.get_layer("output").kernel.numpy()[:, :, 3:] == 0)
    assert np.all(blind.get_layer("output").kernel.numpy()[:, :, :3] != 0)


def test_the_numbers_that_the_report_states_are_counted():
    design = report_net.Design(leaky_slope=0.25, normalisation=True, trained="none")
    model = report_net.build(64, weights=None, width=1 / 16, design=design)
    numbers = interpretation.stated_numbers(model)
    assert numbers["parameters_total"] == model.count_params()
    frozen = sum(layer.count_params() for layer in model.layers if layer.name.startswith("block"))
    moving = sum(2 * layer.output.shape[-1] for layer in model.layers if layer.name.endswith("_normalised"))
    share = 1 - (frozen + moving) / numbers["parameters_total"]  # Keras counts moving averages, which are not trained
    assert numbers["trainable_percent"] == pytest.approx(100 * share, abs=0.005)
    assert (numbers["latent_values"], numbers["leaky_slope"]) == (2 * 2 * 32, 0.25)
    assert numbers["batch_normalisations"] == 12
