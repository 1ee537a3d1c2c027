import keras
import numpy as np
import pytest

from hdrkit import losses
from hdrkit.errors import HdrkitError


def test_total_variation_of_a_picture_computed_by_hand():
    """Forward differences of [[0, 3, 0], [4, 0, 0]] / 10: the pixels (0, 0) and (0, 1) have both neighbours."""
    picture = np.array([[0, 0.3, 0], [0.4, 0, 0]], np.float32)[None, :, :, None]
    first = (0.3**2 + 0.4**2) ** 1.25  # dx = 0.3, dy = 0.4
    second = (0.3**2 + 0.3**2) ** 1.25  # dx = -0.3, dy = -0.3
    np.testing.assert_allclose(losses.total_variation(picture), [(first + second) / 2], rtol=1e-6)


def test_terms_and_their_sum():
    rng = np.random.default_rng(1)
    y_true, y_pred = rng.uniform(size=(2, 3, 8, 9, 3)).astype(np.float32)
    l1, l2 = np.abs(y_true - y_pred).mean(), ((y_true - y_pred) ** 2).mean()
    tv = float(np.mean(losses.total_variation(y_pred)))
    for name, value in {"l1": l1, "l2": l2, "tv": tv, "l1_tv": l1 + tv, "l1_l2_tv": l1 + l2 + tv}.items():
        assert float(losses.get(name)(y_true, y_pred)) == pytest.approx(value, rel=1e-5), name


def test_the_gradient_of_a_flat_picture_is_finite():
    import tensorflow as tf

    picture = tf.Variable(tf.fill((1, 8, 8, 3), 0.5))
    with tf.GradientTape() as tape:
        loss = losses.get("tv")(picture * 0, picture)
    assert np.all(tape.gradient(loss, picture).numpy() == 0)


def test_losses_survive_safe_serialisation():
    loss = losses.get("l1_tv")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss), safe_mode=True)
    assert again.weights == loss.weights == {"l1": 1, "l2": 0, "tv": 1}


def test_unknown_loss_names_the_known_ones():
    with pytest.raises(HdrkitError, match=r"'mse'.*l1_tv"):
        losses.get("mse")
