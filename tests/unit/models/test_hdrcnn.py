"""A decoder of logarithms that begins as bilinear upsampling and addition."""

import keras
import numpy as np
import pytest
from helpers.networks import assert_float32_at_the_end, assert_same_from_a_file, vgg16_with_biases

from hdrkit.core.errors import HdrkitError
from hdrkit.models import hdrcnn


@pytest.fixture
def narrow():
    keras.utils.set_random_seed(1)
    return hdrcnn.build(None, weights=None, width=1 / 16)


def pictures(height=64, width=64, n=2):
    return np.random.default_rng(1).uniform(size=(n, height, width, 3)).astype(np.float32)


def test_parameters_are_the_published_ones():
    model = hdrcnn.build(320, weights=None)
    parts = {
        "block": 14_714_688,  # VGG-16
        "latent": 2_359_808 + 4 * 512,  # batch normalisation has four numbers a channel
        "raise": 11_142_592 + 4 * (512 + 512 + 256 + 128 + 64),
        "fuse": 2 * 524_800 + 131_328 + 32_896 + 8_256 + 21,
        "colour": 195 + 4 * 3,
    }
    for name, count in parts.items():
        assert sum(layer.count_params() for layer in model.layers if layer.name.startswith(name)) == count, name
    assert model.count_params() == sum(parts.values()) == 29_447_332
    assert sum(int(np.prod(w.shape)) for w in model.trainable_weights) == 29_447_332 - 3_974
    raised = [model.get_layer(f"raise_{level}").output.shape[1:] for level in (5, 4, 3, 2, 1)]
    assert raised == [(20, 20, 512), (40, 40, 512), (80, 80, 256), (160, 160, 128), (320, 320, 64)]


@pytest.mark.parametrize("size", [(32, 32), (64, 96), (160, 32)])
def test_pictures_keep_their_size_and_range(narrow, size):
    out = narrow.predict(pictures(*size), verbose=0)
    assert out.shape == (2, *size, 3)
    assert 0 < out.min() < out.max() < 1
    with pytest.raises(HdrkitError, match="multiple of 32, not 100"):
        hdrcnn.build(100, weights=None)


def upsampled(picture, channels=1):
    layer = keras.layers.Conv2DTranspose(channels, 4, strides=2, padding="same", kernel_initializer=hdrcnn.Bilinear())
    return layer(picture[None])[0].numpy()


def test_a_transposed_convolution_begins_as_bilinear_upsampling():
    """Pixel i of the larger picture lies at (i + 0.5) / 2 - 0.5 of the smaller one."""
    y, x = np.mgrid[:8, :9].astype(np.float32)
    ramp = (2 * y + 3 * x + 1)[..., None]
    y, x = (np.mgrid[:16, :18] + 0.5) / 2 - 0.5
    inner = (slice(1, -1), slice(1, -1))  # the outermost pixels see the padding
    np.testing.assert_allclose(upsampled(ramp)[inner][..., 0], (2 * y + 3 * x + 1)[inner], rtol=1e-6)
    np.testing.assert_allclose(upsampled(np.full((8, 9, 1), 0.7, np.float32))[inner], 0.7, rtol=1e-6)


@pytest.mark.parametrize(("old", "new"), [(4, 4), (8, 4), (5, 3)])
def test_upsampling_takes_the_mean_of_channels_that_become_one(old, new):
    levels = np.random.default_rng(1).uniform(size=old).astype(np.float32)
    found = upsampled(np.broadcast_to(levels, (6, 6, old)), new)[3, 3]
    np.testing.assert_allclose(found, [levels[i::new].mean() for i in range(new)], rtol=1e-6)


@pytest.mark.parametrize("level", [5, 3, 1])
def test_a_fused_skip_begins_as_the_addition_of_its_logarithm(narrow, level):
    decoded, skip = (layer.output for layer in (
        narrow.get_layer(f"raise_{level}_relu"),
        narrow.get_layer(f"block{level}_conv{2 if level < 3 else 3}"),
    ))  # fmt: skip
    fused = narrow.get_layer(f"fuse_{level}").output
    decoded, skip, fused = (a.numpy() for a in keras.Model(narrow.input, [decoded, skip, fused])(pictures()))
    assert skip.std() > 0
    np.testing.assert_allclose(fused, decoded + np.log(skip**2 + 1 / 255), atol=1e-4)


def test_the_logarithm_of_the_picture_is_what_the_output_begins_with(narrow):
    """The sigmoid of z is L / (1 + L), with L = exp(z)."""
    colour = keras.Model(narrow.input, narrow.get_layer("colour_normalised").output)(pictures()).numpy()
    radiance = np.exp(colour) * (pictures() ** 2 + 1 / 255)
    np.testing.assert_allclose(narrow(pictures()), radiance / (1 + radiance), atol=1e-5)


def test_skips_see_the_features_of_vgg16_as_the_original_transforms_them(tmp_path):
    theirs, weights = vgg16_with_biases(32, tmp_path / "vgg16.npz")
    mine = hdrcnn.build(32, weights=weights)
    picture, names = pictures(32, 32), ("block1_conv2", "block5_conv3")
    features = keras.Model(theirs.input, [theirs.get_layer(name).output for name in names])
    logs = keras.Model(mine.input, [mine.get_layer(name).output for name in ("log_1", "log_5")])
    for h, log in zip(features(keras.applications.vgg16.preprocess_input(picture * 255)), logs(picture), strict=True):
        np.testing.assert_allclose(log, np.log((h.numpy() / 255) ** 2 + 1 / 255), atol=1e-3)


def test_a_saved_network_loads_in_safe_mode(narrow, tmp_path):
    assert_same_from_a_file(narrow, pictures(), tmp_path)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_ends_in_float32(narrow, mixed_precision, policy):
    mixed_precision(policy)
    assert_float32_at_the_end(hdrcnn.build(64, weights=None, width=1 / 16), narrow, pictures(), "latent", policy)
