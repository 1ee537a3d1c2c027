"""Networks with weights whose effect shows, and their way through a file."""

import keras
import numpy as np

from hdrkit.models.pretrained import Weights


def vgg16_with_biases(size, path):
    """Keras's VGG-16 for pictures of a size, with biases of the size of its features, so that they count; and a file
    of its tensors, as the weights that our networks load."""
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
    model.save(path)
    return keras.saving.load_model(path, safe_mode=True)


def assert_same_from_a_file(model, pictures, folder):
    """Its predictions are the same, bit for bit, once it was saved and loaded."""
    again = saved_and_loaded(model, folder / "m.keras")
    assert np.array_equal(again.predict(pictures, verbose=0), model.predict(pictures, verbose=0))


def assert_float32_at_the_end(mixed, model, pictures, layer, policy):
    """A network that was built in mixed precision answers in float32, and about what it answers in float32 alone."""
    mixed.set_weights(model.get_weights())
    out = mixed(pictures)
    assert out.dtype == "float32" and mixed.get_layer(layer).compute_dtype == policy.removeprefix("mixed_")
    np.testing.assert_allclose(out, model(pictures), atol=0.05)
