"""Notebook 6's exercises take what is right, and refuse what students get wrong."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from helpers.answers import accepts, judged, refuses

from hdrkit.ablations import analysis
from hdrkit.evaluation import metrics
from hdrkit.evaluation.intervals import Estimate
from hdrkit.training import losses

HISTORY = pd.DataFrame({"epoch": [1, 2, 3], "psnr_pooled": [14.1, 16.0, 18.9], "dev_psnr_pooled": [15.2, 16.4, 17.5]})
HISTORY = HISTORY.assign(dev_psnr=[15.9, 17.2, 18.6], dev_ssim=[0.6, 0.7, 0.75])
UNTOUCHED = {"psnr_pooled": 14.0, "ssim": 0.7}
# Means over the test crops: network 18 dB, flat colour 15 dB, input 13 dB, best gamma 19 dB.
SCORES = pd.DataFrame({"method": "published", "split": ["train", "test", "test"], "psnr_db": [25.0, 17.0, 19.0]})
CONTROLS = pd.concat(
    pd.DataFrame({"method": name, "split": ["train", "test", "test"], "psnr_db": [20.0, *of_test]})
    for name, of_test in {"input": (9, 17), "best_constant": (14, 16), "best_gamma": (18, 20)}.items()
)
GIVEN = {
    "06.4": {"history": HISTORY, "untouched": UNTOUCHED},
    "06.5": {"scores": SCORES, "controls": CONTROLS},
}


def differences(picture):
    return np.diff(picture, axis=1)[:-1], np.diff(picture, axis=0)[:, :-1]


def variation_by_loops(picture):
    height, width, channels = picture.shape
    total = 0.0
    for i, j, c in np.ndindex(height - 1, width - 1, channels):
        dx = float(picture[i, j + 1, c]) - float(picture[i, j, c])
        dy = float(picture[i + 1, j, c]) - float(picture[i, j, c])
        total += (dx**2 + dy**2) ** 1.25
    return total / ((height - 1) * (width - 1) * channels)


def variation_by_lengths(picture):
    return np.mean(np.hypot(*differences(picture)) ** 2.5)


def variation_by_rolling(picture):
    dx, dy = (np.roll(picture, -1, axis) - picture for axis in (1, 0))
    return ((dx**2 + dy**2) ** 1.25)[:-1, :-1].mean()


def coded_ssim():
    """Return what the authors' function makes of a picture with mean 0.4 and deviation 0.3, and itself."""
    picture = np.tile([0.1, 0.7], (1, 12, 8))[..., None].repeat(3, axis=-1)
    return metrics.ssim_published(picture, picture)


def of_loss(setting, other, measure="psnr_db"):
    return analysis.difference(analysis.read("loss")[0], setting, other, measure).value


RIGHT = {
    "06.1": ["b", "B", " b)"],
    "06.2": [12.97, 13.0, -10 * np.log10((0.1 + 0.001) / 2), np.float32(12.967), 20 * np.log10(1 / np.sqrt(0.0505))],
    "06.3": [0.6, 0.5995, np.float32(0.6), coded_ssim(), tf.constant(0.6)],
    "06.4": [3.5, 3.6, HISTORY.dev_psnr_pooled.iloc[-1] - UNTOUCHED["psnr_pooled"], np.array([3.4])],
    "06.5": [10**0.3, 2.0, np.exp(0.3 * np.log(10)), np.float32(1.995)],
    "06.6": [
        lambda p: (sum(d**2 for d in differences(p)) ** 1.25).mean(),
        variation_by_loops,
        variation_by_lengths,
        variation_by_rolling,
        lambda p: losses.total_variation(p[None])[0],
        lambda p: losses.total_variation(tf.constant(p)[None]).numpy(),
    ],
    "06.7": [15.17, 15.2, 63.3 - 48.13, 63.3 - 20 * np.log10(255), 10 * np.log10(10**6.33 / 255**2)],
    "06.8": [of_loss("l1_tv", "l1"), round(of_loss("l1_tv", "l1"), 3), np.float32(of_loss("l1_tv", "l1"))],
}
WRONG = {
    "06.1": ["a", "c", "d", "e", 2],
    "06.2": [20, -12.967, 9.957, 15.19, 29.86, 25.93, 6.48, 40, 10, 30, 0.0505, "12.97", 17.03],
    "06.3": [1, 0.3, 0.18, 0.09, 140.454, 3.333, 0.24, 0.8, 1.095, 0, 0.95, "0.6"],
    "06.4": [-3.5, 17.5, 14, 4.9, 4.6, 0.05, 1.2, 2.3, 3, 2],
    "06.5": [10**-0.3, 3, 10**0.15, 10**0.6, np.exp(0.3), np.exp(3), 18 / 15, 199.5, 10**0.5, 10**-0.1, 50],
    "06.6": [
        lambda p: sum(d**2 for d in differences(p)).mean(),
        lambda p: (sum(d**2 for d in differences(p)) ** 2.5).mean(),
        lambda p: np.hypot(*differences(p)).mean(),
        lambda p: sum(d**2 for d in differences(p)).mean() ** 1.25,
        lambda p: sum((np.abs(d) ** 2.5).mean() for d in differences(p)),
        lambda p: (np.abs(np.diff(p, axis=0)) ** 2.5).mean() + (np.abs(np.diff(p, axis=1)) ** 2.5).mean(),
        lambda p: (sum(d**2 for d in differences(p)) ** 1.25).sum(),
        lambda p: (sum(d**2 for d in differences(p)) ** 1.25).sum(axis=-1).mean(),
        lambda p: (sum(d**2 for d in differences(p.mean(axis=-1))) ** 1.25).mean(),
        lambda p: (np.abs(differences(p)[0]) ** 2.5).mean(),
        lambda p: (np.abs(differences(p)[1]) ** 2.5).mean(),
        lambda p: ((np.abs(differences(p)[0]) + np.abs(differences(p)[1])) ** 1.25).mean(),
        lambda p: ((differences(p)[0] + differences(p)[1]) ** 2).mean(),
        lambda p: (sum((np.roll(p, -1, axis) - p) ** 2 for axis in (0, 1)) ** 1.25).mean(),  # around the edge
        lambda p: (sum((np.roll(p, -1, axis) - p) ** 2 for axis in (0, 2)) ** 1.25).mean(),  # channels as columns
        lambda p: (sum(d**2 for d in np.gradient(p, axis=(0, 1))) ** 1.25).mean(),
        lambda p: sum(d**2 for d in differences(p)) ** 1.25,
        lambda p: sum(d**2 for d in differences((255 * p).astype(np.uint8))).mean(),
        0.3,
    ],
    "06.7": [63.3, 63.3 - 24.07, 63.3 + 48.13, 63.3 / 255, 63.3 - 20 * np.log(255), 48.13, 63.3 - 55.4, 15, "15.2"],
    "06.8": [
        -of_loss("l1_tv", "l1"),
        of_loss("l1_tv", "l1", "ssim"),
        of_loss("l1_tv", "l2"),
        of_loss("l1_l2_tv", "l1_tv"),
        of_loss("l1_l2_tv", "l1"),
        of_loss("l1_l2_tv", "l2"),
        15.018,
        0,
        analysis.difference(analysis.read("loss")[0], "l1_tv", "l1", "psnr_db"),  # with its interval
    ],
}


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG, GIVEN)


def test_what_is_predicted_is_what_the_kit_computes(capsys):
    """The pooled PSNR of a batch, and a PSNR that is told the wrong range, by the kit's own metric."""
    truth = np.full((2, 16, 16, 3), 0.5)
    batch = truth + np.sqrt([0.1, 0.001]).reshape(2, 1, 1, 1)
    accepts("06.2", metrics.psnr_pooled(batch, truth, data_range=1), capsys)
    off = 255 / 10 ** (63.3 / 20)  # of every pixel, so that the formula with 255 gives 63.3 dB
    accepts("06.7", metrics.psnr(truth + off, truth, data_range=1), capsys)


def test_the_printed_formula_moves_the_curve_and_no_weight():
    truth, answer = np.random.default_rng(1).random((2, 1, 8, 8, 3))
    answer = tf.Variable(answer)
    with tf.GradientTape(persistent=True) as tape:
        alone = tf.reduce_mean(losses.l1(truth, answer))
        printed = alone + tf.reduce_mean(losses.total_variation(truth))
    assert printed > alone
    np.testing.assert_array_equal(tape.gradient(printed, answer), tape.gradient(alone, answer))


def test_a_batch_that_differs_by_10_db():
    """As the solution says: squared errors of 1 and of 0.0025."""
    each = 10 * np.log10(1 / np.array([1, 0.0025]))
    assert each.mean() - 10 * np.log10(1 / np.mean([1, 0.0025])) == pytest.approx(10, abs=0.02)


def test_a_mistake_that_a_reader_of_the_figure_could_not_see(capsys):
    """In a short training, the mean of the PSNRs and the pooled PSNR may be nearly equal; a computed answer is not."""
    given = {"history": HISTORY.assign(dev_psnr=HISTORY.dev_psnr_pooled + 0.09), "untouched": UNTOUCHED}
    accepts("06.4", 3.6, capsys, **given)
    assert "pooled" in refuses("06.4", 3.59, **given)
    accepts("06.4", 3.5, capsys, **{**given, "history": HISTORY.tail(1)})  # one epoch: the first is the last


def test_a_network_that_is_worse_than_nothing(capsys):
    """A short training may end below the dotted line, and below the flat colour."""
    given = {"history": HISTORY, "untouched": {"psnr_pooled": 18.5, "ssim": 0.7}}
    accepts("06.4", -1, capsys, **given)
    assert "sign" in refuses("06.4", 1, **given)
    poor = {"scores": SCORES.assign(psnr_db=SCORES.psnr_db - 8), "controls": CONTROLS}
    accepts("06.5", 0.32, capsys, **poor)
    assert "other way round" in refuses("06.5", 3.16, **poor)


def test_the_worth_of_a_term_follows_from_the_kept_table(monkeypatch, capsys):
    means = {"l1_tv": 15, "l1": 13, "l2": 12, "l1_l2_tv": 17}
    monkeypatch.setattr(analysis, "difference", lambda _, one, other, measure: Estimate(means[one] - means[other]))
    accepts("06.8", 2, capsys)
    assert "differ in the L2 term" in refuses("06.8", 4)


def test_known_mistakes_are_named():
    assert "squared errors" in refuses("06.2", 20)
    assert "base 10" in refuses("06.2", 29.86)
    assert "its square" in refuses("06.3", 0.18)
    assert "second constant" in refuses("06.3", 3.333)
    assert "pooled" in refuses("06.4", 4.6, **GIVEN["06.4"])
    assert "training curve" in refuses("06.4", 4.9, **GIVEN["06.4"])
    assert "*squared*" in refuses("06.5", 10**0.15, **GIVEN["06.5"])
    assert "1.25 is missing" in refuses("06.6", WRONG["06.6"][0])
    assert "np.roll" in refuses("06.6", WRONG["06.6"][13])
    assert "squared" in refuses("06.7", 63.3 - 24.07)
    assert "sign" in refuses("06.8", WRONG["06.8"][0])
