"""Numbers of the light table: those of `hdrkit.evaluation.metrics`, computed in bands."""

import numpy as np
import pytest

from hdrkit.evaluation import metrics
from hdrkit.evaluation.scoring import region_masks
from hdrkit.images import srgb
from hdrkit.widgets import analysis
from hdrkit.widgets.analysis import Analyst, Question


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    smooth = np.kron(rng.uniform(0.05, 0.95, (10, 12, 3)), np.ones((9, 7, 1)))
    noisy = np.clip(smooth + rng.normal(0, 0.05, smooth.shape), 0, 1)
    pictures = {"render": smooth, "frame": noisy, "dark": noisy / 3}
    integers = {name: np.round(picture * 255).astype(np.uint8) for name, picture in pictures.items()}
    deep = np.round(noisy * 65535).astype(np.uint16)
    return integers | {"deep": deep, "light": srgb.decode(noisy) * np.float32(1.5)}


@pytest.fixture
def narrow_bands(monkeypatch):
    monkeypatch.setattr(analysis, "BAND", 84 * 13)  # 13 of 90 rows


def test_numbers_of_8_bit_pictures_are_those_of_metrics(arrays, narrow_bands):
    (row,) = Analyst(arrays).numbers(Question("frame", "render", "dark"))
    pairs = {"": "frame", "control_": "dark"}
    for prefix, name in pairs.items():
        assert row[f"{prefix}psnr"] == pytest.approx(metrics.psnr(arrays[name], arrays["render"], 255), abs=1e-9)
        assert row[f"{prefix}ssim"] == pytest.approx(metrics.ssim(arrays[name], arrays["render"], 255), abs=1e-9)


@pytest.mark.parametrize("name", ["deep", "light"])
def test_other_pictures_are_compared_encoded_in_0_to_1(arrays, narrow_bands, name):
    (row,) = Analyst(arrays).numbers(Question(name, "render", "dark"))
    array = arrays[name]
    encoded = srgb.encode(array) if name == "light" else array / np.float32(65535)
    reference = arrays["render"] / np.float32(255)
    assert row["psnr"] == pytest.approx(metrics.psnr(encoded, reference, 1), abs=1e-6)
    assert row["ssim"] == pytest.approx(metrics.ssim(encoded, reference, 1), abs=1e-6)


def test_the_rectangle_has_a_row_of_its_own(arrays):
    rows = Analyst(arrays).numbers(Question("frame", "render", "dark", rectangle=(10, 20, 30, 40)))
    part = np.s_[20:60, 10:40]
    assert [row["what"] for row in rows] == ["whole", "rectangle"]
    assert rows[1]["psnr"] == pytest.approx(metrics.psnr(arrays["frame"][part], arrays["render"][part], 255))
    assert rows[1]["ssim"] == pytest.approx(metrics.ssim(arrays["frame"][part], arrays["render"][part], 255))
    assert rows[0]["psnr"] != rows[1]["psnr"]


def test_a_rectangle_smaller_than_the_window_has_no_ssim(arrays):
    for side, known in ((10, False), (11, True)):
        _, row = Analyst(arrays).numbers(Question("frame", "render", "dark", rectangle=(0, 0, 40, side)))
        assert (row["ssim"] is not None) == (row["control_ssim"] is not None) == known
        assert np.isfinite(row["psnr"])


def test_equal_pictures_have_infinite_psnr(arrays):
    (row,) = Analyst(arrays).numbers(Question("render", "render", "render"))
    assert (row["psnr"], row["ssim"]) == (np.inf, 1)


def test_a_picture_pushed_to_match_is_compared_as_pushed(arrays):
    (row,) = Analyst(arrays).numbers(Question("dark", "render", "dark", push=2.0))
    light = np.clip(srgb.decode(arrays["dark"] / 255) * 4, 0, 1)
    by_hand = np.round(srgb.encode(light) * 255).astype(np.uint8)
    assert row["psnr"] == pytest.approx(metrics.psnr(by_hand, arrays["render"], 255), abs=1e-9)
    assert row["control_psnr"] == pytest.approx(metrics.psnr(arrays["dark"], arrays["render"], 255), abs=1e-9)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_pushing_is_light_times_a_power_of_two_clipped_and_rounded(kind):
    top = np.iinfo(kind).max
    ramp = np.linspace(0, 1, 64, dtype=np.float32)  # linear light
    encoded = np.round(srgb.encode(ramp) * top).astype(kind).reshape(8, 8, 1).repeat(3, 2)
    two_stops = srgb.decode(analysis.pushed(encoded, 2.0) / top)[..., 0].ravel()
    np.testing.assert_allclose(two_stops, np.minimum(ramp * 4, 1), atol=0.02 if kind == np.uint8 else 1e-4)
    np.testing.assert_array_equal(analysis.pushed(encoded, 0.0), encoded)
    tiny = analysis.pushed(encoded, 1e-9)
    np.testing.assert_array_equal(tiny, encoded)


def test_a_push_moves_the_histogram_by_whole_bins_and_piles_up_at_white():
    stops = np.arange(-64, 32) / 8 + 1 / 16  # the middle of each bin
    light = (0.18 * 2**stops).astype(np.float32).reshape(8, 12, 1).repeat(3, 2)
    assert (analysis.in_stops(light) == 1).all()
    pushed = analysis.in_stops(light, 2.0)
    assert pushed[0].tolist() == [0] * 16 + [1] * 79 + [17]
    encoded = np.full((5, 4, 3), [117, 255, 0], np.uint8)  # 117 is nearly 0.18
    histogram = analysis.in_stops(encoded, 2.0)
    assert [int(counts.argmax()) for counts in histogram] == [79, 83, 0] and (histogram.sum(axis=1) == 20).all()


def test_histograms_are_of_the_rectangle_and_of_each_channel(arrays):
    histograms = Analyst(arrays).histograms(Question("frame", "light", "dark", rectangle=(1, 2, 30, 40)))
    assert np.array(histograms["left"]).sum(axis=1).tolist() == [1200] * 3
    light = arrays["light"][2:42, 1:31]
    bins = np.clip(np.floor(np.log2(np.maximum(light, 1e-9) / 0.18) * 8) + 64, 0, 95)
    for channel in range(3):
        counted = [int((bins[..., channel] == i).sum()) for i in range(96)]
        assert histograms["right"][channel] == counted


def test_lost_pixels_are_those_that_are_scored_as_lost(arrays):
    rng = np.random.default_rng(1)
    frame = rng.integers(0, 256, (40, 50, 3)).astype(np.uint8)
    frame[:10], frame[10:15, :, :2] = frame[:10] // 10, 250
    masks = region_masks(frame)
    wanted = (masks["clipped"].mean(), masks["under"].mean())
    assert min(wanted) > 0.1
    assert analysis.lost(frame) == pytest.approx(wanted)
    assert analysis.lost(frame.astype(np.uint16) * 257) == pytest.approx(wanted)
    assert analysis.lost(srgb.decode(frame / 255)) == pytest.approx(wanted)


def test_ssim_can_be_given_up_between_bands(arrays, narrow_bands):
    calls = []

    def check():
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Analyst(arrays).numbers(Question("frame", "render", "dark"), check=check)
    assert len(calls) == 3


def test_answers_are_remembered(arrays, monkeypatch):
    analyst = Analyst(arrays)
    question = Question("frame", "render", "dark")
    first = analyst.numbers(question)
    monkeypatch.setattr(metrics, "ssim", None)
    assert analyst.numbers(question) == first
