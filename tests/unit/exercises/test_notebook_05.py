"""Notebook 5's exercises take what is right, and refuse what students get wrong."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.answers import accepts, judged, refuses

from hdrkit.ablations import analysis
from hdrkit.evaluation import interpretation
from hdrkit.evaluation.intervals import Estimate
from hdrkit.models import report_net, vgg16

MEAN = np.array([103.939, 116.779, 123.68])


def field_with_steps(kernels, strides):
    steps = np.cumprod([1, *strides[:-1]])
    return 1 + np.dot(np.array(kernels) - 1, steps)


def field_backwards(kernels, strides):
    """Return how many values of each layer are needed, from the last one back to the picture."""
    needed = 1
    for kernel, stride in zip(reversed(kernels), reversed(strides), strict=True):
        needed = (needed - 1) * stride + kernel
    return needed


def field_by_loop(kernels, strides):
    size = step = 1
    for i in range(len(kernels)):
        size += (kernels[i] - 1) * step
        step *= strides[i]
    return float(size)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def pixel_by_pixel(features, picture, kernel, bias):
    out = np.empty(picture.shape)
    for i in np.ndindex(picture.shape[:2]):
        out[i] = [sigmoid(sum(v * k for v, k in zip([*features[i], *picture[i]], kernel[:, c], strict=True)) + bias[c])
                  for c in range(3)]  # fmt: skip
    return out


def by_keras(features, picture, kernel, bias):
    layer = keras.layers.Conv2D(3, 1, activation="sigmoid")
    stacked = tf.concat([features, picture], axis=-1)[None]
    layer.build(stacked.shape)
    layer.set_weights([kernel[None, None], bias])
    return layer(stacked)[0]


def channels_as_vgg_wants_them(picture):
    red, green, blue = np.moveaxis(255 * picture, -1, 0)
    return np.stack([blue - 103.939, green - 116.779, red - 123.68], axis=-1)


RIGHT = {
    "05.1": [131328, 131328.0, 1 * 1 * (256 + 256) * 256 + 256, np.int32(131328)],
    "05.2": ["c", "C", " c)"],
    "05.3": [field_with_steps, field_backwards, field_by_loop],
    "05.4": ["d", "D", "(d)"],
    "05.5": [
        lambda f, p, k, b: sigmoid(np.concatenate([f, p], axis=-1) @ k + b),
        lambda f, p, k, b: 0.5 * (1 + np.tanh((np.einsum("hwi,io->hwo", np.dstack([f, p]), k) + b) / 2)),
        pixel_by_pixel,
        by_keras,
    ],
    "05.6": [sigmoid(-2), 0.12, np.float32(0.1192), tf.sigmoid(-2.0)],
    "05.7": [
        lambda p: 255 * p[..., ::-1] - [103.939, 116.779, 123.68],
        channels_as_vgg_wants_them,
        lambda p: (255 * p - MEAN[::-1])[:, :, [2, 1, 0]].astype(np.float32),
        lambda p: keras.applications.vgg16.preprocess_input(255 * p.astype(np.float64)),
        lambda p: vgg16.ImageNetInput()(tf.constant(p)) / vgg16.SCALE,
    ],
    "05.8": ["d", "D", "d)"],
}
WRONG = {
    "05.1": [131072, 65792, 65536, 131584, 1179904, 262656, 131328 * 56**2, 524800, 32896, "131328", 22467992],
    "05.2": ["a", "b", "d", "e", 3],
    "05.3": [
        lambda k, s: field_with_steps(k, [1] * len(k)),  # strides forgotten
        lambda k, s: 1 + np.dot(np.array(k) - 1, np.cumprod(s)),  # a layer's own stride counted
        lambda k, s: 1 + np.dot(k, np.cumprod([1, *s[:-1]])),
        lambda k, s: 1 + np.dot(np.array(k) - 1, [1, *s[:-1]]),  # strides that do not multiply
        lambda k, s: np.dot(np.array(k) - 1, np.cumprod([1, *s[:-1]])),  # off by one
        lambda k, s: np.prod(k),
        lambda k, s: sum(k),
        lambda k, s: field_backwards(k, s) ** 2,
        lambda k, s: np.prod(s),
        lambda k, s: field_backwards(k[::-1], s[::-1]),
        lambda k, s: field_backwards(s, k),  # swapped
        14,
    ],
    "05.4": ["a", "b", "c", "none", 4],
    "05.5": [
        lambda f, p, k, b: sigmoid(np.concatenate([p, f], axis=-1) @ k + b),  # swapped
        lambda f, p, k, b: np.concatenate([f, p], axis=-1) @ k + b,
        lambda f, p, k, b: sigmoid(np.concatenate([f, p], axis=-1) @ k),
        lambda f, p, k, b: sigmoid(np.concatenate([f, p], axis=-1) @ k) + b,
        lambda f, p, k, b: 1 / (1 + np.exp(np.concatenate([f, p], axis=-1) @ k + b)),
        lambda f, p, k, b: tf.nn.softmax(np.concatenate([f, p], axis=-1) @ k + b),
        lambda f, p, k, b: np.tanh(np.concatenate([f, p], axis=-1) @ k + b),
        lambda f, p, k, b: np.clip(np.concatenate([f, p], axis=-1) @ k + b, 0, 1),
        lambda f, p, k, b: sigmoid((f + p) @ k[:3] + b),
        lambda f, p, k, b: sigmoid(f @ k[:3] + b),
        lambda f, p, k, b: sigmoid(f @ k[:3] + b) + p,
        lambda f, p, k, b: sigmoid(np.dstack([f, p]).reshape(-1, 6) @ k + b),
        lambda f, p, k, b: sigmoid(np.concatenate([f, p], axis=0) @ k[:3] + b),
        lambda f, p, k, b: sigmoid(np.concatenate([f, p], axis=-1) @ k + b).transpose(1, 0, 2),
    ],
    "05.6": [0, 0.5, sigmoid(2), sigmoid(-4), -2, 255 * sigmoid(-2), np.exp(-2), 1 / 101, 1, "0.119"],
    "05.7": [
        lambda p: 255 * p - MEAN[::-1],  # still RGB
        lambda p: 255 * p - MEAN,
        lambda p: 255 * p[..., ::-1] - MEAN[::-1],
        lambda p: p[..., ::-1] - MEAN,
        lambda p: p[..., ::-1] - MEAN / 255,  # as the kit's own layer, with biases to match
        lambda p: 255 * p[..., ::-1],
        lambda p: 255 * p[..., ::-1] + MEAN,
        lambda p: 255 * (p[..., ::-1] - MEAN),
        lambda p: (255 * p[..., ::-1] - MEAN) / [57.375, 57.12, 58.395],
        lambda p: 255 * p[::-1] - MEAN,  # swapped axes
        lambda p: 255 * p[:, ::-1] - MEAN,
        lambda p: 255 * (2 * p[..., ::-1] - 1),
        lambda p: np.moveaxis(255 * p[..., ::-1] - MEAN, -1, 0),
        lambda p: (255 * p[..., ::-1] - MEAN).astype(np.uint8),
        lambda p: 255 * p[..., ::-1] - 116.779,
    ],
    "05.8": ["a", "b", "c", "e", 4, True],
}


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


@pytest.fixture(scope="module")
def network():
    return report_net.build(224, weights=None)


def test_the_answers_are_those_of_the_network(network, capsys):
    accepts("05.1", network.get_layer("fuse_3").count_params(), capsys)
    fields = interpretation.receptive_fields(network).set_index("layer").receptive_field
    assert field_by_loop([3, 3, 2, 3, 3], [1, 1, 2, 1, 1]) == fields["block2_conv2"]
    shares = interpretation.layer_table(network).groupby("scale")[["parameters", "macs_per_pixel"]].sum()
    shares /= shares.sum()
    assert shares.parameters[shares.index <= 1 / 8].sum() > 0.75 and shares.macs_per_pixel[1.0] > 0.1


def test_the_last_layer_is_that_of_the_network(network):
    """What an exercise asks for is what the network does, skip and all."""
    output = network.get_layer("output")
    last = keras.Model(network.input, [network.get_layer("colour_leaky").output, output.output])
    picture = np.random.default_rng(2).random((1, 224, 224, 3), dtype=np.float32)
    features, wanted = last.predict(picture, verbose=0)
    mine = RIGHT["05.5"][0](features[0], picture[0], output.kernel.numpy()[0, 0], output.bias.numpy())
    np.testing.assert_allclose(mine, wanted[0], atol=1e-5)


@pytest.mark.parametrize(
    ("slope", "freezing", "letter"),
    [((-1, 1), (-1, 1), "b"), ((-2, -1), (1, 2), "a"), ((1, 2), (-1, 1), "c"), ((-1, 1), (-2, -1), "d")],
)
def test_what_is_decided_follows_from_the_kept_tables(monkeypatch, capsys, slope, freezing, letter):
    """Kept tables change; the right answer then changes with them."""
    intervals = {"activation": slope, "trainable_layers": freezing}
    monkeypatch.setattr(analysis, "read", lambda name: (name, {}))
    monkeypatch.setattr(analysis, "difference", lambda name, *_: Estimate(0.0, *intervals[name]))
    accepts("05.8", letter, capsys)
    for other in set("abcd") - {letter}:
        assert "look again" in refuses("05.8", other)


def test_known_mistakes_are_named():
    assert "bias" in refuses("05.1", 131072)
    assert "the skip" in refuses("05.1", 65792)
    assert "own stride" in refuses("05.3", WRONG["05.3"][1])
    assert "product" in refuses("05.3", WRONG["05.3"][3])
    assert "features come first" in refuses("05.5", WRONG["05.5"][0])
    assert "blue, green, red" in refuses("05.7", WRONG["05.7"][0])
    assert "`activation`" in refuses("05.8", "a")
