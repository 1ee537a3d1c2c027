"""Three branches: what each costs, and how far each sees."""

import keras
import numpy as np
import pytest
from helpers.networks import assert_float32_at_the_end, assert_same_from_a_file

from hdrkit.models import expandnet

REACH = 8  # how far the dilation branch sees to either side: four convolutions, dilated by 2


@pytest.fixture
def narrow():
    keras.utils.set_random_seed(1)
    return expandnet.build(None, width=1 / 8)


def pictures(height=64, width=64, n=2):
    return np.random.default_rng(1).uniform(size=(n, height, width, 3)).astype(np.float32)


def test_parameters_are_the_published_ones():
    model = expandnet.build(256)
    branches = {"local": 75_648, "dilation": 112_576, "global": 252_032, "fuse": 16_448, "output": 195}
    for name, count in branches.items():
        assert sum(layer.count_params() for layer in model.layers if layer.name.startswith(name)) == count
    assert model.count_params() == sum(branches.values()) == 456_899
    assert model.get_layer("branches").output.shape == (None, 256, 256, 256)
    assert model.get_layer("global_7").output.shape == (None, 1, 1, 64)


def test_every_convolution_but_the_last_has_a_selu():
    layers = [layer for layer in expandnet.build(64).layers if layer.weights]
    assert {layer.activation for layer in layers if layer.name != "output"} == {keras.activations.selu}
    assert layers[-1].activation is keras.activations.sigmoid


def test_kernels_start_as_pytorchs_do():
    """Uniform between -1 and 1, divided by the square root of the values that a kernel reads."""
    for layer in expandnet.build(64).layers:
        if layer.weights:
            kernel = layer.kernel.numpy()
            bound = np.prod(kernel.shape[:-1]) ** -0.5
            assert 0.9 * bound < np.abs(kernel).max() <= bound * 1.001, layer.name
            assert not layer.bias.numpy().any()


@pytest.mark.parametrize("size", [(32, 32), (50, 71), (300, 20)])
def test_pictures_of_any_size_keep_it_and_their_range(narrow, size):
    out = narrow.predict(pictures(*size), verbose=0)
    assert out.shape == (2, *size, 3)
    assert 0 < out.min() < out.max() < 1


def test_the_global_branch_sees_the_whole_picture_and_the_others_their_surroundings(narrow):
    picture = pictures(n=1)
    other = picture.copy()
    other[0, :4, :4] = 1 - other[0, :4, :4]

    def changed():
        return np.abs(narrow.predict(other, verbose=0) - narrow.predict(picture, verbose=0))[0].max(axis=-1) > 1e-7

    assert changed()[-8:, -8:].all()
    layer = narrow.get_layer("global_7")
    layer.set_weights([np.zeros_like(w) for w in layer.get_weights()])
    y, x = np.nonzero(changed())
    assert max(y) == max(x) == 3 + REACH


def test_a_saved_network_loads_in_safe_mode(narrow, tmp_path):
    assert_same_from_a_file(narrow, pictures(), tmp_path)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_ends_in_float32(narrow, mixed_precision, policy):
    mixed_precision(policy)
    assert_float32_at_the_end(expandnet.build(64, width=1 / 8), narrow, pictures(), "fuse", policy)
