"""Notebook 4's exercises take what is right, and refuse what students get wrong."""

import numpy as np
import pytest
from helpers.answers import NONSENSE, accepts, judged, refuses

from hdrkit.dataset.crops import Crops
from hdrkit.evaluation import metrics
from hdrkit.exercises import check, show_progress


def weighted(f):
    return np.prod([np.exp(-0.5 * ((f[..., c] - 0.5) / 0.2) ** 2) for c in range(3)], axis=0)


def debevec(value, pixel, seconds, pixels):
    weight = value if value <= 127 else 255 - value
    row = [0.0] * (256 + pixels)
    row[value] = weight
    row[256 + pixel] = -weight
    return np.array([*row, weight * np.log(seconds)])


def debevec_with(value, pixel, seconds, pixels, *, weight=None, side=None, sign=-1, start=256):
    weight = min(value, 255 - value) if weight is None else weight(value)
    row = np.zeros(256 + pixels + 1)
    row[value], row[start + pixel] = weight, sign * weight
    row[-1] = weight * np.log(seconds) if side is None else side(weight, seconds)
    return row


def a_test(psnr):
    assert abs(psnr(np.array([10], np.uint8), np.array([20], np.uint8), 255) - 28.13) < 0.01
    assert psnr(np.zeros((2, 2), np.uint8), np.full((2, 2), 200, np.uint8), 255) < 3


def asserts(condition):
    """Return a student's test that asserts a condition on `psnr`."""

    def test(psnr):
        assert eval(condition, {"psnr": psnr, "np": np})

    return test


def db(error, data_range):
    return 10 * np.log10(data_range**2 / error)


RIGHT = {
    "04.1": [58, 58.0, np.array([10, 200], np.uint8).__sub__(np.array([20, 100], np.uint8)).__pow__(2).mean()],
    "04.2": [
        lambda a, b, r: db(np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2), r),
        lambda a, b, r: 20 * np.log10(r) - 10 * np.log10(np.square(np.subtract(a, b, dtype=float)).sum() / a.size),
        lambda a, b, r: np.float32(-10 * np.log10(np.mean(((1.0 * a - 1.0 * b) / r) ** 2))),
        lambda image, reference, data_range: metrics.psnr(image, reference, data_range=data_range),
    ],
    "04.3": ["c", "C", " c) "],
    "04.4": ["b", "B", "(b)"],
    "04.5": [
        a_test,
        asserts("psnr(np.zeros((4, 4), np.uint8), np.full((4, 4), 255, np.uint8), 255) < 1"),
        lambda psnr: np.testing.assert_allclose(psnr(np.uint8([[0]]), np.uint8([[255]]), 255), 0, atol=1e-9),
    ],
    "04.6": [
        weighted,
        lambda f: np.exp(-((f.astype(np.float64) - 0.5) ** 2).sum(axis=2) / 0.08),
        lambda f: np.exp(-12.5 * np.square(f - 0.5)).prod(axis=-1).astype(np.float32),
    ],
    "04.7": [
        debevec,
        debevec_with,
        lambda *case: debevec(*case).astype(np.float32),
    ],
}  # fmt: skip
WRONG = {
    "04.1": [5050, 116, 10100, 177.5, 8, 63, -58, [58, 58], "58"],
    "04.2": [
        lambda a, b, r: db(np.mean((a - b) ** 2), r),  # wraps
        lambda a, b, r: 10 * np.log(r**2 / np.mean((a.astype(float) - b) ** 2)),
        lambda a, b, r: db(np.mean((a.astype(float) - b) ** 2), 255),
        lambda a, b, r: db(np.mean(np.abs(a.astype(float) - b)), r),
        lambda a, b, r: 20 * np.log10(r**2 / np.mean((a.astype(float) - b) ** 2)),
        lambda a, b, r: -db(np.mean((a.astype(float) - b) ** 2), r),
        lambda a, b, r: db(np.mean((a.astype(float) - b) ** 2, axis=(0, 1)), r).mean(),  # a mean of PSNRs
        lambda a, b, r: db(np.mean((a.astype(float) - b) ** 2), r) + 0.01,
        lambda a, b: 0,
        28.13,
    ],
    "04.3": ["a", "b", "d", "e", 3, True],
    "04.4": ["a", "c", "d", "x", 2],
    "04.5": [
        lambda psnr: None,  # asserts nothing
        asserts("psnr(np.uint8([[9]]), np.uint8([[10]]), 255) > 40"),  # no wrap
        asserts("psnr(np.array([[.1]]), np.array([[.2]]), 1) < 21"),  # floats
        asserts("psnr(np.uint8([[0]]), np.uint8([[16]]), 255) > 99"),  # what the wrong one gives
        asserts("False"),
    ],
    "04.6": [
        lambda f: np.exp(-((f - 0.5) ** 2) / 0.08).sum(axis=-1),
        lambda f: np.exp(-((f - 0.5) ** 2) / 0.08).mean(axis=-1),
        lambda f: np.exp(-((f.mean(axis=-1) - 0.5) ** 2) / 0.08),
        lambda f: np.exp(-((f - 0.5) ** 2) / 0.04).prod(axis=-1),
        lambda f: np.exp(-((f - 0.5) ** 2) / 0.4).prod(axis=-1),
        lambda f: np.exp(-((f - 0.5) ** 2) / 0.08),
        lambda f: weighted(f).T,  # swapped axes
        lambda f: np.exp(-((f * 255 - 127.5) ** 2) / 0.08).prod(axis=-1),
    ],
    "04.7": [
        lambda *case: debevec_with(*case, weight=lambda z: 1),
        lambda *case: debevec_with(*case, side=lambda w, t: w * np.log2(t)),
        lambda *case: debevec_with(*case, side=lambda w, t: np.log(t)),
        lambda *case: debevec_with(*case, side=lambda w, t: w * t),
        lambda *case: debevec_with(*case, sign=1),
        lambda *case: debevec_with(*case, start=255),
        lambda *case: debevec_with(*case, weight=lambda z: min(z, 256 - z)),
        lambda *case: debevec(*case)[:-1],
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def crops():
    rng = np.random.default_rng(3)
    y = np.clip(rng.normal(rng.uniform(40, 200, (6, 1, 1, 3)), 30, (6, 8, 8, 3)), 0, 255).astype(np.uint8)
    target = np.repeat(np.arange(6), 3)
    names = np.array([f"scene{i}" for i in target])
    split = np.where(target < 3, "train", "test")
    return Crops(y[target], y, target, names, names, split, np.tile([-1.0, 0.0, 1.0], 6), np.zeros(18, int))


def losses(crops, pixels_of=lambda y: y.astype(float)):
    train, test = crops.of("train"), crops.of("test")
    renders = pixels_of(test.y[test.target])
    flat = {
        "own": renders.mean(axis=(1, 2), keepdims=True),
        "train": pixels_of(train.y[train.target]).mean(axis=(0, 1, 2)),
    }
    errors = {name: ((colour - renders) ** 2).mean(axis=(1, 2, 3)) for name, colour in flat.items()}
    return {name: db(error, 255).mean() for name, error in errors.items()}, errors


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


def test_the_mean_colour_of_training(crops, capsys):
    scores, errors = losses(crops)
    lost = scores["own"] - scores["train"]
    for right in (lost, np.float32(lost), np.array([lost + 0.01])):
        accepts("04.8", right, capsys, crops=crops)
    pooled = db(errors["own"].mean(), 255) - db(errors["train"].mean(), 255)
    for wrong in (-lost, pooled, scores["own"], scores["train"], 0, lost + 1):
        refuses("04.8", wrong, crops=crops)
    for nonsense in NONSENSE.values():
        refuses("04.8", nonsense, crops=crops)


def test_without_train_scenes_there_is_no_answer(crops, capsys):
    check("04.8", float("nan"), crops=crops.of("test"))
    assert capsys.readouterr().out.startswith("04.8 has no answer on these data: ")
    assert show_progress("04").set_index("exercise").loc["04.8"].tries == 0


def test_known_mistakes_are_named():
    assert "wraps" in refuses("04.2", WRONG["04.2"][0])
    assert "base 10" in refuses("04.2", WRONG["04.2"][1])
    assert "natural" in refuses("04.7", WRONG["04.7"][1])
