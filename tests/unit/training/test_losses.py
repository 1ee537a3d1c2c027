import keras
import numpy as np
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.training import losses


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


def test_the_cosine_is_that_of_the_colours():
    """One picture of two pixels: the same colour at half the light, and red for green."""
    y_true = np.array([[[0.2, 0.4, 0.6], [0, 1, 0]]], np.float32)[None]
    y_pred = np.array([[[0.1, 0.2, 0.3], [1, 0, 0]]], np.float32)[None]
    a, b = y_true[0, 0] + 1 / 255, y_pred[0, 0] + 1 / 255
    cosines = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosines == pytest.approx([1, 0], abs=0.01)
    np.testing.assert_allclose(losses.cosine(y_true, y_pred), [(1 - cosines).mean()], rtol=1e-5)
    expected = np.abs(y_true - y_pred).mean() + 5 * (1 - cosines).mean()
    assert float(losses.get("expandnet")(y_true, y_pred)) == pytest.approx(expected, rel=1e-5)


def logarithms(y):
    """Log luminance, blurred with zeros around it, and log channels, of one picture (h, w, 3); in NumPy."""
    taps = np.exp(-(np.arange(-6, 7) ** 2) / 8)
    taps /= taps.sum()
    luminance = np.log(y**2 @ [0.213, 0.715, 0.072] + 1 / 255)
    for axis in (0, 1):
        luminance = np.apply_along_axis(lambda line: np.convolve(line, taps)[6:-6], axis, luminance)
    return luminance, np.log(y**2 + 1 / 255)


def test_illumination_and_reflectance_of_a_picture_computed_in_numpy():
    rng = np.random.default_rng(2)
    x, y_true, y_pred = rng.uniform(size=(3, 2, 16, 18, 3)).astype(np.float32)
    pairs = [[logarithms(picture) for picture in pair] for pair in zip(y_true, y_pred, strict=True)]
    illumination = np.stack([(p[0] - t[0]) ** 2 for t, p in pairs])
    reflectance = np.stack([((p[1] - p[0][..., None] - t[1] + t[0][..., None]) ** 2).mean(axis=-1) for t, p in pairs])
    np.testing.assert_allclose(losses.illumination(y_true, y_pred), illumination, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(losses.reflectance(y_true, y_pred), reflectance, rtol=1e-4, atol=1e-6)
    weights = losses.PIXEL_WEIGHTS["hdrcnn"](x)
    expected = ((illumination + reflectance) / 2 * np.array(weights)).mean()
    assert float(losses.get("hdrcnn")(y_true, y_pred, sample_weight=weights)) == pytest.approx(expected, rel=1e-4)


def test_only_light_is_an_error_of_illumination():
    """Where all of a picture is a third as bright, only its surroundings, taken for equal, leave a reflectance."""
    y_true = np.random.default_rng(3).uniform(0.6, 1, (1, 40, 40, 3)).astype(np.float32)
    inner = (slice(None), slice(12, -12), slice(12, -12))
    light, rest = (np.array(f(y_true, y_true / 3**0.5))[inner] for f in (losses.illumination, losses.reflectance))
    assert light == pytest.approx(np.log(3) ** 2, rel=0.03)
    assert rest.max() < 1e-3


def test_clipped_pixels_weigh_most_and_none_weighs_nothing():
    frames = np.array([[0.5, 0.95, 0.3], [0.975, 0, 0], [1, 0.2, 1]], np.float32)[None, None]
    np.testing.assert_allclose(losses.highlight_weights(frames), [[[0.1, 0.55, 1]]], rtol=1e-4)


@pytest.mark.parametrize("name", losses.WEIGHTS)
@pytest.mark.parametrize("shade", [0.0, 1.0])
@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0])
def test_gradients_are_finite_and_moderate_at_black_and_white(name, shade, truth):
    import tensorflow as tf

    picture = tf.Variable(tf.fill((1, 16, 16, 3), shade))
    with tf.GradientTape() as tape:
        loss = losses.get(name)(tf.fill(picture.shape, truth), picture)
    assert np.abs(tape.gradient(loss, picture).numpy()).max() * 16 * 16 * 3 < 1000


def test_the_gradient_of_a_flat_picture_is_finite():
    import tensorflow as tf

    picture = tf.Variable(tf.fill((1, 8, 8, 3), 0.5))
    with tf.GradientTape() as tape:
        loss = losses.get("tv")(picture * 0, picture)
    assert np.all(tape.gradient(loss, picture).numpy() == 0)


def test_losses_survive_safe_serialisation():
    loss = losses.get("l1_tv")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss), safe_mode=True)
    assert again.weights == loss.weights == {"l1": 1, "tv": 1}


def test_unknown_loss_names_the_known_ones():
    with pytest.raises(HdrkitError, match=r"'mse'.*l1_tv"):
        losses.get("mse")


def test_a_decibel_is_worth_the_same_everywhere():
    """Ten times the squared error costs log(10), for good pictures and bad ones."""
    truth = np.full((3, 4, 4, 3), 0.5, np.float32)
    errors = 0.1 * np.sqrt([1, 10, 100], dtype=np.float32) / 3
    found = np.array(losses.log_l2(truth, truth + errors[:, None, None, None]))
    assert np.diff(found) == pytest.approx(np.log(10), rel=0.1)
