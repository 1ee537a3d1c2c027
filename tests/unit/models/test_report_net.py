import keras
import numpy as np
import pytest
from helpers.networks import saved_and_loaded, vgg16_with_biases

from hdrkit.core.errors import HdrkitError
from hdrkit.evaluation import interpretation
from hdrkit.models import pretrained, report_net, vgg16, vgg16_spec
from hdrkit.models.report_net import Design


@pytest.fixture(scope="module")
def full():
    """The network at its published size; random, since only its structure is looked at."""
    return report_net.build(224, weights=None)


def pictures(n=2, size=64):
    return np.random.default_rng(1).uniform(size=(n, size, size, 3)).astype(np.float32)


def test_parameters_are_the_published_ones(full):
    trainable = sum(int(np.prod(w.shape)) for w in full.trainable_weights)
    assert full.count_params() == report_net.PARAMETERS == 22_467_992
    assert trainable == report_net.TRAINABLE == 13_247_512
    assert interpretation.layer_table(full)["parameters"].sum() == report_net.PARAMETERS
    encoder = keras.applications.VGG16(include_top=False, weights=None)
    for layer in encoder.layers:
        if layer.weights:
            mine = full.get_layer(layer.name)
            assert mine.count_params() == layer.count_params()
            assert mine.trainable == (layer.name in report_net.SKIPS)


def test_the_decoder_is_the_one_of_figure_2(full):
    table = interpretation.layer_table(full)
    decoder = table[~table["layer"].str.startswith("block")]
    up = "3x3 transposed, stride 2"
    assert list(zip(decoder["kind"], decoder["output"], strict=True)) == [
        ("1x1", "7 x 7 x 512"),
        (up, "14 x 14 x 512"),
        ("1x1", "14 x 14 x 512"),
        (up, "28 x 28 x 512"),
        ("1x1", "28 x 28 x 512"),
        (up, "56 x 56 x 256"),
        ("1x1", "56 x 56 x 256"),
        (up, "112 x 112 x 128"),
        ("1x1", "112 x 112 x 128"),
        (up, "224 x 224 x 64"),
        ("1x1", "224 x 224 x 64"),
        ("1x1", "224 x 224 x 3"),
        ("1x1", "224 x 224 x 3"),
    ]
    leaky = [layer for layer in full.layers if isinstance(layer, keras.layers.LeakyReLU)]
    assert len(leaky) == len(decoder) - 1
    assert {layer.negative_slope for layer in leaky} == {0.4}


def test_the_imagenet_encoder_computes_a_255th_of_what_keras_vgg16_does(tmp_path):
    theirs, weights = vgg16_with_biases(64, tmp_path / "vgg16.npz")
    mine = report_net.build(64, weights=weights, design=Design(preprocessing="imagenet"))
    expected = theirs(keras.applications.vgg16.preprocess_input(pictures() * 255)).numpy()
    found = keras.Model(mine.input, mine.get_layer("block5_pool").output)(pictures()).numpy()
    assert expected.std() > 10
    np.testing.assert_allclose(found * 255, expected, atol=1e-4 * expected.max())


def test_weight_decay_covers_the_decoder_but_not_the_output(full):
    decayed = {w.path for layer in full.layers for w in layer.weights if getattr(w, "regularizer", None)}
    decoder = [layer for layer in full.layers if layer.weights and not layer.name.startswith("block")]
    assert decayed == {w.path for layer in decoder if layer.name != "output" for w in layer.weights}
    assert full.get_layer("fuse_3").kernel.regularizer.l2 == pytest.approx(1e-4)


def test_the_range_is_kept_and_any_multiple_of_32_is_accepted():
    model = report_net.build(None, weights=None, width=1 / 16)
    out = model.predict(pictures(1, 96)[:, :64], verbose=0)
    assert out.shape == (1, 64, 96, 3)
    assert 0 < out.min() < out.max() < 1
    with pytest.raises(HdrkitError, match="multiple of 32, not 100"):
        report_net.build(100, weights=None)


def test_imagenet_preprocessing_is_what_keras_does_and_the_last_skip_stays_plain():
    model = report_net.build(64, weights=None, width=1 / 16, design=Design(preprocessing="imagenet"))
    prepared = keras.Model(model.input, model.get_layer("imagenet_input").output)(pictures())
    expected = keras.applications.vgg16.preprocess_input(pictures() * 255)
    np.testing.assert_allclose(prepared * np.float32(255), expected, atol=1e-3)
    assert model.get_layer("skip_picture").input[1] is model.input
    assert model.count_params() == report_net.build(64, weights=None, width=1 / 16).count_params()
    with pytest.raises(HdrkitError, match="preprocessing"):
        report_net.build(64, weights=None, design=Design(preprocessing="caffe"))


def test_weights_reach_the_right_layers_and_a_narrow_network_refuses_them(tmp_path, full):
    rng = np.random.default_rng(2)
    tensors = {
        f"{layer.name}/{part}": rng.normal(size=w.shape).astype(np.float32)
        for layer in full.layers
        if layer.name in vgg16_spec.ALL_LAYERS
        for part, w in zip(("kernel", "bias"), layer.weights, strict=True)
    }
    np.savez(tmp_path / "vgg16.npz", source="test", **tensors)
    weights = pretrained.Weights(tmp_path / "vgg16.npz", "test")
    vgg16.load(full, weights)
    for name, tensor in tensors.items():
        layer, part = name.split("/")
        assert np.array_equal(getattr(full.get_layer(layer), part).numpy(), tensor)
    with pytest.raises(HdrkitError, match="width 1 only"):
        report_net.build(64, weights=weights, width=0.5)


@pytest.mark.parametrize("preprocessing", ["unit_rgb", "imagenet"])
def test_a_saved_network_loads_in_safe_mode(tmp_path, preprocessing):
    model = report_net.build(64, weights=None, width=1 / 16, design=Design(preprocessing=preprocessing))
    again = saved_and_loaded(model, tmp_path / "m.keras")
    assert np.array_equal(again.predict(pictures(), verbose=0), model.predict(pictures(), verbose=0))


def designed(**design):
    return report_net.build(64, weights=None, width=1 / 16, design=Design(**design))


@pytest.mark.parametrize("count", range(7))
def test_skips_are_taken_away_from_the_finest(count):
    model = designed(skips=count)
    skips = [layer.name for layer in model.layers if isinstance(layer, keras.layers.Concatenate)]
    assert skips == ["skip_5", "skip_4", "skip_3", "skip_2", "skip_1", "skip_picture"][:count]
    assert model.predict(pictures(), verbose=0).shape == (2, 64, 64, 3)


def test_a_network_without_skips_sees_no_detail():
    """Its latent has 2 x 2 values of one pixel's reach each: what is finer than that cannot come out."""
    blind, whole = designed(skips=0), designed()
    picture = pictures(1)
    other = picture.copy()
    other[0, :8, :8] = 0
    for model, moves in ((blind, False), (whole, True)):
        change = np.abs(model.predict(other, verbose=0) - model.predict(picture, verbose=0))[0].mean(axis=-1)
        inside, outside = change[:8, :8].mean(), change[24:, 24:].mean()
        assert (inside > 20 * outside + 1e-6) == moves


@pytest.mark.parametrize(
    ("trained", "layers"),
    [("none", 0), ("last", 3), ("skips", 5), ("all", 13)],
)
def test_the_trained_encoder_layers_are_those_asked_for(trained, layers):
    model = designed(trained=trained)
    assert sum(layer.trainable for layer in model.layers if layer.name.startswith("block") and layer.weights) == layers


def test_upsampling_of_either_kind_has_the_same_parameters():
    transposed, bilinear, wide = designed(), designed(upsampling="bilinear"), designed(filter_size=5)
    assert bilinear.count_params() == transposed.count_params() < wide.count_params()
    assert {layer.kernel_size for layer in wide.layers if layer.name.startswith("raise") and layer.weights} == {(5, 5)}
    assert sum(isinstance(layer, keras.layers.UpSampling2D) for layer in bilinear.layers) == 5


def test_regularisation_is_where_it_was_asked_for():
    plain, dropping, normalised = designed(decay_weight=0), designed(dropout=0.2), designed(normalisation=True)
    assert float(sum(plain.losses)) == 0 < float(sum(designed(decay="l1").losses))
    assert [layer.rate for layer in dropping.layers if isinstance(layer, keras.layers.Dropout)] == [0.2] * 12
    count = sum(isinstance(layer, keras.layers.BatchNormalization) for layer in normalised.layers)
    assert count == sum(isinstance(layer, keras.layers.LeakyReLU) for layer in normalised.layers) == 12
    assert designed(output="relu").get_layer("output").activation is keras.activations.relu


@pytest.mark.parametrize("design", [{"skips": 7}, {"output": "tanh"}, {"upsampling": "nearest"}, {"trained": "most"}])
def test_an_unknown_design_is_refused(design):
    with pytest.raises(HdrkitError, match=f"{next(iter(design))} must be one of"):
        designed(**design)
