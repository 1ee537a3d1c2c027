"""Notebook 11's exercises take what is right, and refuse what students get wrong."""

import keras
import numpy as np
import pandas as pd
import pytest
from helpers.answers import NONSENSE, accepts, judged, refuses
from skimage.metrics import peak_signal_noise_ratio

from hdrkit.enhancement import api
from hdrkit.evaluation import interpretation
from hdrkit.exercises import check
from hdrkit.widgets import compare


def by_keras(height, width, kernel, channels_in, channels_out, stride):
    picture = keras.Input((height, width, channels_in))
    layer = keras.layers.Conv2D(channels_out, kernel, strides=stride, padding="same")
    return interpretation.multiply_adds(keras.Model(picture, layer(picture)))


def by_counting(height, width, kernel, channels_in, channels_out, stride):
    total = 0
    for _ in range(0, height, stride):
        for _ in range(0, width, stride):
            total += kernel * kernel * channels_in * channels_out
    return float(total)


def work(height, width, kernel, channels_in, channels_out, stride):
    return height / stride * width / stride * kernel**2 * channels_in * channels_out


def halfway_by_loop(frame, enhanced, strength):
    light = np.zeros_like(frame)
    for at in np.ndindex(frame.shape):
        light[at] = 2 ** ((1 - strength) * np.log2(frame[at]) + strength * np.log2(enhanced[at]))
    return light


TABLE = pd.DataFrame(
    [
        ("hdrkit", "radiometric", 26.201),
        ("hdrkit", "libraw_default", 22.814),
        ("published", "libraw_default", 16.252),
        ("mertens", "radiometric", 18.0),
        ("input", "libraw_default", 14.0),
    ],
    columns=["method", "frames", "psnr_db"],
)
GIVEN = {"11.1": {"table": TABLE}}

RIGHT = {
    "11.1": [22.814 - 16.252, 6.6, 6.5, np.float32(6.56)],
    "11.2": ["c", "C", "c)"],
    "11.4": [work, by_keras, by_counting, lambda h, w, k, i, o, s: np.prod([h // s, w // s, k, k, i, o])],
    "11.5": [
        lambda f, e, s: f * (e / f) ** s,
        lambda f, e, s: f * 2 ** (s * np.log2(e / f)),
        lambda f, e, s: f ** (1 - s) * e**s,
        lambda f, e, s: np.exp(np.log(f) + s * (np.log(e) - np.log(f))),
        halfway_by_loop,
    ],
    "11.6": [[3.09, -0.91], np.log2([8.5, 17 / 32]), (3.1, -0.9), (np.log2(17) - 1, np.log2(1 + 1 / 16) - 1)],
}
WRONG = {
    "11.1": [-6.56, 26.2 - 16.25, 16.25 - 26.2, 26.2 - 22.81, 26.2, 22.81, 16.25, 22.81 - 14, 22.81 - 18, 0, "6.6"],
    "11.2": ["a", "b", "d", "e", "red", 3, (255, 40, 10)],
    "11.4": [
        lambda h, w, k, i, o, s: h * w * k * k * i * o,
        lambda h, w, k, i, o, s: h * w * k * k * i * o / s,
        lambda h, w, k, i, o, s: h * w // s**2 * k * i * o,
        lambda h, w, k, i, o, s: h * w // s**2 * k * k * o,
        lambda h, w, k, i, o, s: h * w // s**2 * k * k * i,
        lambda h, w, k, i, o, s: k * k * i * o,
        lambda h, w, k, i, o, s: k * k * i * o + o,
        lambda h, w, k, i, o, s: h * w // s**2 * i * o,
        lambda h, w, k, i, o, s: h * w // s**2 * (k * k * i + 1) * o,
        lambda h, w, k, i, o, s: 2 * h * w // s**2 * k * k * i * o,
        lambda h, w, k, i, o, s: ((h - k) // s + 1) * ((w - k) // s + 1) * k * k * i * o,
        lambda h, w, k, i, o, s: h * w // s**2 * k * k * (i + o),
        6488064,
    ],
    "11.5": [
        lambda f, e, s: (1 - s) * f + s * e,
        lambda f, e, s: f**s * e ** (1 - s),
        lambda f, e, s: s * e,
        lambda f, e, s: (e / f) ** s,
        lambda f, e, s: s * np.log2(e / f),
        lambda f, e, s: f * s * np.log2(e / f),
        lambda f, e, s: f + s * np.log2(e / f),
        lambda f, e, s: f * np.exp(s * np.log2(e / f)),
        lambda f, e, s: f * 2 ** (s * np.log(e / f)),
        lambda f, e, s: f * 2 ** (s * np.log2(f / e)),
        lambda f, e, s: f * 2**s,
        lambda f, e, s: f * 2 ** (s * np.log2(e / f).mean()),
        lambda f, e, s: f * np.sqrt(e / f),  # the half, whatever the strength
        lambda f, e, s: f * 2 ** (s * np.log2(e.mean(axis=-1) / f.mean(axis=-1)))[..., None],
        0.5,
    ],
    "11.6": [[2, -2], [8.5, 17 / 32], np.log([8.5, 17 / 32]), np.log10([8.5, 17 / 32]), [-0.91, 3.09], [-3.09, 0.91],
             [3.09, 0.91], [3, -5], [4, -4], np.log2([17, 17 / 16]), 3.09, [3.09, -0.91, 0], ["3.09", "-0.91"]],
}  # fmt: skip


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG, GIVEN)


def test_without_the_rival_there_is_no_answer(capsys):
    for table in (TABLE[TABLE.method != "published"], TABLE[:1], TABLE[:0]):
        check("11.1", 6.56, table=table)
        assert "no answer on these data" in capsys.readouterr().out
    only_these = TABLE[TABLE.frames == "libraw_default"]
    accepts("11.1", 6.56, capsys, table=only_these)
    refuses("11.1", 9.95, table=only_these)


def test_the_pixel_of_the_prediction_is_the_one_that_the_kit_distrusts():
    pixels = np.array([[[0, 0, 0], [240, 240, 240], [255, 40, 10], [128, 128, 128]]], np.uint8)
    assert api.confidence(pixels).tolist() == [[1, 1, 0, 1]]


def picture(seed, low=20, high=230):
    return np.random.default_rng(seed).integers(low, high, (40, 60, 3), dtype=np.uint8)


@pytest.fixture
def table():
    """A frame whose right half is clipped, in one channel or in all."""
    frame = picture(0)
    frame[:, 30:, 0] = 255
    frame[20:, 30:] = 252
    pictures = {"frame": frame, "enhanced": picture(1, 90, 200), "all frames, fused": picture(2), "render": picture(3)}
    return compare(pictures, reference="render", control="frame")


def lead(table, name="enhanced", part=np.s_[:, :]):
    psnr = [peak_signal_noise_ratio(table.arrays["render"][part], table.arrays[one][part]) for one in (name, "frame")]
    return psnr[0] - psnr[1]


@pytest.mark.parametrize("rectangle", [[30, 0, 30, 40], [45, 5, 10, 10], [29, 10, 20, 25]])
def test_any_rectangle_over_what_is_clipped_counts(table, capsys, rectangle):
    x, y, width, height = rectangle
    part = np.s_[y : y + height, x : x + width]
    table.rectangle, table.left = rectangle, "enhanced"
    row = table.numbers(with_ssim=False).set_index("what").loc["rectangle"]
    right = lead(table, part=part)
    for answer in (right, row.psnr - row.control_psnr, round(right, 1), np.float32(right)):
        accepts("11.3", answer, capsys, table=table)
    mistakes = [-right, lead(table), -lead(table), lead(table, "all frames, fused", part), row.psnr, row.control_psnr]
    for wrong in (*mistakes, right + 3, float("inf"), table, rectangle, *NONSENSE.values()):
        refuses("11.3", wrong, table=table)
    assert "sign" in refuses("11.3", -right, table=table)
    assert "whole picture" in refuses("11.3", lead(table), table=table)


@pytest.mark.parametrize(
    ("rectangle", "words"),
    [
        ([], "there is no rectangle"),
        ([0, 0, 20, 20], "only 0%"),
        ([20, 0, 20, 20], "only 50%"),
        ([0, 0, 60, 40], "only 50%"),
        ([40, 10, 9, 11], "9 × 11 pixels"),
    ],
)
def test_other_rectangles_do_not(table, rectangle, words):
    table.rectangle = rectangle
    x, y, width, height = rectangle or (0, 0, 60, 40)
    answer = lead(table, part=np.s_[y : y + height, x : x + width])
    assert words in refuses("11.3", answer, table=table)


def test_where_nothing_is_clipped_there_is_no_answer(table, capsys):
    for frame in (picture(5), np.where(np.indices((40, 60, 3))[1] % 3 == 0, 255, 90).astype(np.uint8)):
        table.replace("frame", frame)
        check("11.3", 1.0, table=table)
        assert "no answer on these data" in capsys.readouterr().out


def test_a_picture_without_any_error_is_sent_back(table):
    table.replace("frame", np.full((40, 60, 3), 255, np.uint8))
    table.replace("render", np.full((40, 60, 3), 255, np.uint8))
    table.rectangle = [0, 0, 20, 20]
    assert "equal to the render" in refuses("11.3", 3.0, table=table)


def test_known_mistakes_are_named():
    assert "different frames" in refuses("11.1", 26.2 - 16.25, table=TABLE)
    assert "one network" in refuses("11.1", 26.2 - 22.81, table=TABLE)
    assert "both edges" in refuses("11.4", WRONG["11.4"][1])
    assert "bias" in refuses("11.4", WRONG["11.4"][8])
    assert "padded" in refuses("11.4", WRONG["11.4"][10])
    assert "mixes" in refuses("11.5", WRONG["11.5"][0])
    assert "share of the factor" in refuses("11.5", WRONG["11.5"][2])
    assert "strength 0.5 does" in refuses("11.6", [2, -2])
