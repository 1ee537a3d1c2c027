import pytest
from helpers.scenes import make_scene


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def mixed_precision():
    """A function that sets a Keras dtype policy until the test is over."""
    import keras

    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy("float32")
