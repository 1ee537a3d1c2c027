"""A small prepared scene, made without a camera, for tests of what comes after preparation."""

import numpy as np
import pytest

from hdrkit import srgb
from hdrkit.prepare import PreparedScene

EVS = np.arange(-4, 5, dtype=np.float32)


def make_scene(name="barn", split="train", size=(24, 36), seed=0):
    """A scene of smooth random radiance, exposed at nine values; the render is its gamma 1/3."""
    rng = np.random.default_rng(seed)
    coarse = rng.lognormal(-2, 1, (4, 6, 3)).astype(np.float32)
    radiance = np.kron(coarse, np.ones((size[0] // 4, size[1] // 6, 1), np.float32))
    frames = [np.round(srgb.encode(radiance * 2**ev) * 255).astype(np.uint8) for ev in EVS]
    render = np.round(np.clip(radiance ** (1 / 3), 0, 1) * 255).astype(np.uint8)
    return PreparedScene(
        name=name, place=name, split=split, frames=np.stack(frames), render=render,
        files=np.array([f"{i}.DNG" for i in range(9)]), evs=EVS, times=2.0**EVS / 60,
        maps=np.tile(np.eye(2, 3, dtype=np.float32), (9, 1, 1)), coefficients=np.ones(9), left_out=np.array([], str),
    )  # fmt: skip


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def mixed_precision():
    """A function that sets a Keras dtype policy until the test is over."""
    import keras

    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy("float32")


def vgg16_with_biases(size, path):
    """Keras's VGG-16 for pictures of a size, with biases of the size of its features, so that they count; and a file
    of its tensors, as the weights that our networks load."""
    import keras

    from hdrkit.download import Weights

    model = keras.applications.VGG16(include_top=False, weights=None, input_shape=(size, size, 3))
    rng, tensors = np.random.default_rng(3), {}
    for layer in model.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            bias = rng.normal(scale=30, size=bias.shape).astype(np.float32)
            layer.set_weights([kernel, bias])
            tensors |= {f"{layer.name}/kernel": kernel, f"{layer.name}/bias": bias}
    np.savez(path, source="test", **tensors)
    return model, Weights(path, "test")


def saved_and_loaded(model, path):
    """A network after it was written to a .keras file and read again in safe mode, which runs no code of the file."""
    import keras

    model.save(path)
    return keras.saving.load_model(path, safe_mode=True)
