"""Generator and discriminator are trained as one model, each by its own loss, and kept in one file."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from hdrkit.models import patchgan
from hdrkit.training import loop, losses
from hdrkit.training.adversarial import Adversarial, discriminator_loss, generator_loss

pytestmark = pytest.mark.slow  # it trains

PLAIN = None  # the weight of a generator without discriminator


def generator():
    layers = [keras.Input((32, 32, 3)), keras.layers.Conv2D(8, 3, padding="same", kernel_regularizer="l2")]
    return keras.Sequential([*layers, keras.layers.Conv2D(3, 1, activation="sigmoid", dtype="float32")])


def frames(seed, n=8):
    return np.random.default_rng(seed).uniform(size=(n, 32, 32, 3)).astype(np.float32)


def pairs(seed):
    x = frames(seed)
    return tf.data.Dataset.from_tensor_slices((x, x**0.5)).batch(2)


def fit(folder, weight, seed=1, epochs=1, make_epoch=pairs, **options):
    def build():
        return Adversarial(generator(), patchgan.build(32, width=1 / 16), weight)

    options = {"precision": "float32", "learning_rate": 0.01, "made_from": {"weight": weight}} | options
    return loop.fit(build, make_epoch, pairs(99), folder, epochs=epochs, seed=seed, **options)


def same_weights(a, b):
    return all(np.array_equal(v, w) for v, w in zip(a.get_weights(), b.get_weights(), strict=True))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A training of two epochs that nothing disturbed."""
    return fit(tmp_path_factory.mktemp("whole"), 0.5, epochs=2)


def test_losses_of_verdicts_computed_by_hand():
    real, fake = np.array([1.0, 0.5], np.float32), np.array([0.0, 0.5, 1.0], np.float32)
    assert float(discriminator_loss(real, fake)) == pytest.approx((0.25 / 2 + 1.25 / 3) / 2)
    assert float(generator_loss(fake)) == pytest.approx(1.25 / 3 / 2)


@pytest.mark.parametrize("eagerly", [True, False])
def test_without_weight_the_generator_becomes_what_it_would_have_alone(eagerly):
    """Bit for bit where TensorFlow computes what is written; it rewrites a graph's arithmetic, which costs a bit."""

    def trained(weight):
        keras.utils.set_random_seed(1)
        alone = model = generator()
        if weight is not PLAIN:
            model = Adversarial(alone, patchgan.build(32, width=1 / 16), weight)
        model.compile(keras.optimizers.Adam(0.01), loss=losses.get("l1_tv"), run_eagerly=eagerly)
        model.fit(pairs(1), shuffle=False, verbose=0)
        return alone.get_weights()

    alone, ignoring, heeding = (trained(weight) for weight in (PLAIN, 0.0, 0.5))
    for ours, theirs, others in zip(alone, ignoring, heeding, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=0 if eagerly else 1e-6)
        assert np.abs(ours - others).max() > 1e-4


def test_the_same_seed_gives_the_same_weights_also_where_a_training_was_stopped(whole, tmp_path):
    def stop(epoch):
        if epoch == 1:
            raise InterruptedError
        return pairs(epoch)

    with pytest.raises(InterruptedError):
        fit(tmp_path, 0.5, epochs=2, make_epoch=stop)
    assert same_weights(fit(tmp_path, 0.5, epochs=2).model, whole.model)


def test_another_seed_gives_other_weights(whole, tmp_path):
    assert not same_weights(whole.model, fit(tmp_path, 0.5, epochs=2, seed=2).model)


def test_both_networks_are_kept_and_loaded_in_safe_mode(whole, tmp_path):
    whole.model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
    assert same_weights(again, whole.model) and again.weight == 0.5
    x = frames(5)
    assert np.array_equal(again.predict(x, verbose=0), whole.model.generator.predict(x, verbose=0))
    assert np.array_equal(again.discriminator([x, x]), whole.model.discriminator([x, x]))


def test_mixed_precision_trains_too(tmp_path):
    trained = fit(tmp_path, 0.5, precision="mixed_bfloat16")
    assert np.isfinite(trained.history.loss).all()
    assert {w.dtype for w in trained.model.weights} == {"float32"}


def test_the_discriminator_learns_to_tell_renders_from_a_frozen_generators_pictures():
    keras.utils.set_random_seed(1)
    made = generator()
    made.trainable = False
    model = Adversarial(made, patchgan.build(None, width=1 / 16), 1.0)
    model.compile(keras.optimizers.Adam(0.002), loss="mae")
    x, before = frames(7), made.get_weights()

    def verdicts():
        return model.discriminator([x, x**0.5]), model.discriminator([x, made(x).numpy()])

    untrained = float(discriminator_loss(*verdicts()))
    model.fit(pairs(3).repeat(15), shuffle=False, verbose=0)
    real, fake = verdicts()
    assert (
        float(discriminator_loss(real, fake)) < min(untrained, 0.25) / 2
    )  # a quarter is what a verdict of a half costs
    assert np.mean(real) > 0.7 and np.mean(fake) < 0.3
    assert all(np.array_equal(v, w) for v, w in zip(made.get_weights(), before, strict=True))


def test_the_discriminator_pulls_the_generator_towards_renders():
    """The compiled loss is switched off: what moves the generator is the verdict alone."""
    keras.utils.set_random_seed(1)
    made = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Conv2D(3, 1, activation="sigmoid")])
    model = Adversarial(made, patchgan.build(32, width=1 / 16), 1.0)
    model.compile(keras.optimizers.Adam(0.01), loss="mae", loss_weights=[0.0])
    x = frames(7)

    def away():
        return abs(float(np.mean(made(x))) - float(np.mean(x**0.5)))

    before = away()
    model.fit(pairs(3).repeat(20), shuffle=False, verbose=0)
    assert away() < before / 2


def test_a_verdict_sees_a_patch_of_34_pixels_of_the_frame_and_of_the_picture():
    model = patchgan.build(64)
    assert model.count_params() == 6_208 + 131_200 + 524_544 + 4_097 == 666_049
    model = patchgan.build(64, width=1 / 16)
    assert model.output_shape == (None, 16, 16, 1)
    seen = [tf.Variable(np.random.default_rng(s).uniform(size=(1, 64, 64, 3)).astype(np.float32)) for s in (1, 2)]
    with tf.GradientTape() as tape:
        verdict = model(seen)[0, 8, 8, 0]
    for gradient in tape.gradient(verdict, seen):
        rows = np.flatnonzero(np.abs(gradient[0]).max(axis=(1, 2)))
        assert rows[-1] - rows[0] + 1 == 34
