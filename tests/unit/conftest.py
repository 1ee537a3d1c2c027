import pytest
from helpers.scenes import make_scene
from hypothesis import HealthCheck, settings

# No test is on the clock: a busy machine is no defect.
settings.register_profile("hdrkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hdrkit")


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def mixed_precision():
    """A function that sets a Keras dtype policy until the test is over."""
    import keras

    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy("float32")
