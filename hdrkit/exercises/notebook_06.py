"""Exercises of notebook 6: total variation, PSNR pooled and of a wrong range, SSIM as coded, curves and controls."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from hdrkit.ablations import analysis
from hdrkit.evaluation import metrics
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import exercise
from hdrkit.exercises.judging import Slip

PSNR_OF_TWO = np.array([10.0, 30.0])  # dB, of two pictures in [0, 1] that are one batch
MEAN, DEVIATION = 0.4, 0.3  # of all values of a picture in [0, 1]
PRINTED_DB = 63.3  # by a PSNR with 255 for pictures in [0, 1]
_decibel = partial(metrics.decibel, data_range=1)


@exercise("06.1", "What the printed formula would do")
def printed_formula(answer: object) -> str:
    """L1 plus TV of the truth: another height of the loss curve, and the same gradient as L1 alone."""
    judging.choice(answer, "b", {
        "a": "does the term know what the network paints? Which pictures stand in it?",
        "c": "how large is the term for a truth with edges? The curve shows the sum of both terms.",
        "d": "the loss is a sum of two terms. What is the gradient of the other one?",
    })  # fmt: skip
    return "So a curve that lies higher or lower says nothing, unless you know what is in the loss."


@exercise("06.2", "Predict a pooled PSNR")
def predict_pooled(answer: object) -> str:
    """One logarithm of the mean squared error of two pictures of 10 and 30 dB."""
    errors = 10 ** (-PSNR_OF_TWO / 10)
    right = float(_decibel(errors.mean()))
    slips = [
        Slip(PSNR_OF_TWO.mean(), "this is the mean of both PSNRs. Pooling takes the mean of the squared errors."),
        Slip(-right, "look at the sign: a mean squared error below 1 has a PSNR above 0."),
        Slip(_decibel(errors.sum()), "this is the sum of both squared errors; the mean is wanted."),
        Slip(_decibel(np.sqrt(errors).mean() ** 2), "take the mean of the *squared* errors, not of their roots."),
        Slip(-10 * np.log(errors.mean()), "decibels count with the logarithm to base 10."),
        Slip(2 * right, "20 belongs to the root of the error, 10 to the error itself."),
        Slip(right / 2, "20 belongs to the root of the error, 10 to the error itself."),
        Slip(PSNR_OF_TWO.sum(), "decibels of two pictures do not add up."),
        Slip(10, "nearly, for the worse picture decides. But the mean squared error is less than its own."),
        Slip(30, "this is the better picture. Which one has the larger error?"),
        Slip(errors.mean(), "this is the mean squared error. Now bring it back to decibels."),
    ]
    judging.number(answer, right, 0.06, slips)
    return "The good picture could be perfect, and would add hardly anything: the worst one decides."


@exercise("06.3", "Predict the SSIM as coded")
def predict_coded_ssim(answer: object) -> str:
    """A picture with itself: 2 s C2 / (2 s^2 + C2), about twice its standard deviation."""
    c2 = (0.06 * 255) ** 2
    slips = [
        Slip(1, "so it should be. Put x = y into the second fraction: is the upper half the lower one?"),
        Slip(DEVIATION, "there is a 2 in the upper half of the second fraction."),
        Slip(2 * DEVIATION**2, "the root of s times s is s, not its square."),
        Slip(DEVIATION**2, "the root of s times s is s, not its square, and a 2 stands before it."),
        Slip(2 * DEVIATION * c2, "divide by the lower half of the second fraction, too."),
        Slip(2 * DEVIATION / (2 * DEVIATION**2), "how large is the second constant beside the squares in the sum?"),
        Slip(2 * np.sqrt(DEVIATION), "the root is of a product of two: the root of s times s is s."),
        Slip(2 * DEVIATION * MEAN, "for equal pictures the first fraction is a number divided by itself."),
        Slip(2 * MEAN, "the mean cancels. Which number of the second fraction stays?"),
        Slip(0, "is a factor of the upper half 0? Put the numbers in."),
    ]
    judging.number(answer, 2 * DEVIATION * c2 / (2 * DEVIATION**2 + c2), 0.005, slips)
    return "The more contrast, the more 'similar' a picture is to itself."


@exercise("06.4", "Read the curves: what is the network worth?")
def better_than_nothing(answer: object, history: pd.DataFrame, untouched: Mapping[str, float]) -> str:
    """Pooled PSNR of the dev crops after the last epoch, less that of the dev frames as they are; dB.

    history: see `Training`. untouched: the dotted lines of the figure.
    """
    last, line = history.iloc[-1], untouched["psnr_pooled"]
    right = last.dev_psnr_pooled - line
    slips = [
        Slip(-right, "the sign is the wrong way round: better than the dotted line is positive."),
        Slip(last.dev_psnr_pooled, "this is what the network scores. How much does doing nothing score?"),
        Slip(line, "this is what doing nothing scores. How much does the network score?"),
        Slip(last.psnr_pooled - line, "this is the training curve. Which one has the squares as markers?"),
        Slip(last.dev_psnr - line, "the table has means of the PSNRs, the dotted line is pooled. Read the figure."),
        Slip(last.dev_ssim - untouched["ssim"], "this is the SSIM. Figure 4 shows the PSNR."),
        Slip(history.dev_psnr_pooled.iloc[0] - line, "this is after the first epoch. What is it after the last one?"),
        Slip(
            last.dev_psnr_pooled - history.dev_psnr_pooled.iloc[0],
            "this is what the curve rises by. How far does it end from the dotted line?",
        ),
    ]
    value = judging.as_number(answer)
    mistakes = np.array([slip.wrong for slip in slips], np.float64)
    computed = (np.abs(value - mistakes) < 0.001).any()  # and not read from the figure
    judging.number(answer, right, 0.001 if computed else 0.25, slips)
    return "This is what the training is worth. The height of the curve alone does not say so."


@exercise("06.5", "From decibels to squared errors")
def flat_colour_in_squared_error(answer: object, scores: pd.DataFrame, controls: pd.DataFrame) -> str:
    """How many times the squared error of the best flat colour is the network's, by the mean PSNRs of the test crops.

    scores, controls: a row per crop and method, with `method`, `split` and `psnr_db`.
    """
    network = scores[scores.split == "test"].psnr_db
    of_test = controls[controls.split == "test"].set_index("method").psnr_db
    flat = of_test["best_constant"]
    better = network.mean() - flat.mean()
    pooled = (10 ** (-flat / 10)).mean() / (10 ** (-network / 10)).mean()
    right = 10 ** (better / 10)
    slips = [
        Slip(1 / right, "this is the other way round. Divide the error of the flat colour by that of the network."),
        Slip(better, "this is in decibels. Which factor is it in squared error?"),
        Slip(10 ** (better / 20), "this is the factor in the error. Which one is it in the *squared* error?"),
        Slip(10 ** (better / 5), "10 dB are a factor of ten in squared error. Divide the decibels by 10."),
        Slip(np.exp(better / 10), "decibels count with the logarithm to base 10."),
        Slip(np.exp(better), "decibels count with the logarithm to base 10, and in tenths."),
        Slip(network.mean() / flat.mean(), "logarithms are not divided. Take their difference first."),
        Slip(100 * right, "give a factor, not a percentage."),
        Slip(10 ** ((network.mean() - of_test["input"].mean()) / 10), "this is against the untouched frames."),
        Slip(10 ** ((network.mean() - of_test["best_gamma"].mean()) / 10), "this is against the best gamma."),
        Slip(10 ** ((scores.psnr_db.mean() - flat.mean()) / 10), "take the test crops only."),
        Slip(pooled, "this is the ratio of the pooled errors. Take the mean PSNRs of the table above."),
    ]
    judging.number(answer, right, max(0.006, 0.01 * right), slips)  # two decimals, or the table's PSNRs
    return "Keep two of them in mind: a factor of two is 3 dB, and a factor of ten is 10 dB."


@exercise("06.6", "Implement total variation", points=2)
def implement_total_variation(answer: object) -> str:
    """total_variation(picture): height x width x 3 in [0, 1] to the mean of (dx^2 + dy^2)^1.25."""
    rng = np.random.default_rng(17)
    cases = [(rng.random(shape, dtype=kind),) for shape, kind in (((4, 6, 3), np.float32), ((5, 3, 3), np.float64))]
    cases.append((np.linspace(0, 1, 24).reshape(2, 4, 3),))
    slips = [
        Slip(partial(_variation, power=1), "the exponent of 1.25 is missing."),
        Slip(partial(_variation, power=2.5), "the squares are there already: the exponent is 1.25, not 2.5."),
        Slip(partial(_variation, power=0.5), "the usual total variation has a root. Here the exponent is 1.25."),
        Slip(lambda p: _squares(p).mean() ** 1.25, "first the power at each pixel, then the mean."),
        Slip(
            lambda p: sum((np.abs(step) ** 2.5).mean() for step in _steps(p)),
            "first add both squares, then take the power of the sum.",
        ),
        Slip(
            lambda p: sum((np.abs(np.diff(p, axis=axis)) ** 2.5).mean() for axis in (0, 1)),
            "first add both squares at each pixel, then take the power of the sum.",
        ),
        Slip(lambda p: (_squares(p) ** 1.25).sum(), "the mean is wanted, not the sum."),
        Slip(lambda p: 3 * _variation(p), "take the mean over the channels, too."),
        Slip(lambda p: _variation(p.mean(axis=-1)), "each channel counts by itself; do not make the picture grey."),
        Slip(lambda p: (np.abs(_steps(p)[0]) ** 2.5).mean(), "where are the differences from row to row?"),
        Slip(lambda p: (np.abs(_steps(p)[1]) ** 2.5).mean(), "where are the differences from column to column?"),
        Slip(lambda p: (sum(map(np.abs, _steps(p))) ** 1.25).mean(), "the differences are squared before they add up."),
        Slip(
            lambda p: (sum((np.roll(p, -1, axis) - p) ** 2 for axis in (0, 1)) ** 1.25).mean(),
            "`np.roll` compares the last column with the first one. Leave the last row and column out.",
        ),
        Slip(
            lambda p: _variation(np.pad(p, ((0, 1), (0, 1), (0, 0)), mode="edge")),
            "the last row and column have no neighbour behind them. Leave them out of the mean.",
        ),
        Slip(lambda p: _squares(p) ** 1.25, "this is right at each pixel. Now take the mean."),
    ]
    judging.function(answer, cases, _variation, 1e-6, slips)
    return "It never looks at the truth: a picture of one flat colour would be its favourite."


@exercise("06.7", "Find the fault in a PSNR of 63 dB")
def find_the_wrong_range(answer: object) -> str:
    """A PSNR with 255 for pictures in [0, 1] is 20 log10(255) dB too high."""
    too_much = 20 * np.log10(255)
    slips = [
        Slip(PRINTED_DB, "63 dB would be an error of less than a fifth of one level of 8 bits. Can that be?"),
        Slip(PRINTED_DB - too_much / 2, "the 255 is squared in the formula."),
        Slip(PRINTED_DB + too_much, "a range that is too large makes PSNR too high, not too low."),
        Slip(PRINTED_DB / 255, "a factor inside of a logarithm becomes a sum outside."),
        Slip(PRINTED_DB / 255**2, "a factor inside of a logarithm becomes a sum outside."),
        Slip(PRINTED_DB - 20 * np.log(255), "decibels count with the logarithm to base 10."),
        Slip(PRINTED_DB - 10 * np.log(255), "decibels count with the logarithm to base 10."),
        Slip(too_much, "this is how much too high it is. What should have been printed?"),
        Slip(-too_much, "this is how much too high it is. What should have been printed?"),
    ]
    judging.number(answer, PRINTED_DB - too_much, 0.06, slips)
    return "`metrics.psnr` refuses such a call: a metric should be told the range, and look whether it can be true."


@exercise("06.8", "What is the TV term worth?", points=2)
def worth_of_total_variation(answer: object) -> str:
    """The kept study `loss`: mean PSNR of L1 + TV less that of L1 alone, in dB."""
    results = analysis.read("loss")[0]

    def less(setting: str, other: str, measure: str = "psnr_db") -> float:
        return analysis.difference(results, setting, other, measure).value

    right = less("l1_tv", "l1")
    slips = [
        Slip(-right, "the sign is the wrong way round: what the term adds is the score with it less that without it."),
        Slip(less("l1_tv", "l1", "ssim"), "this is the SSIM; the PSNR is wanted."),
        Slip(less("l1_l2_tv", "l1"), "these two settings differ in the L2 term as well."),
        Slip(less("l1_tv", "l2"), "these two settings differ in TV, and in the other term as well."),
        Slip(less("l1_l2_tv", "l2"), "these two settings differ in the L1 term as well."),
        Slip(less("l1_l2_tv", "l1_tv"), "both of these have the TV term. This tells what L2 is worth."),
    ]
    for setting in ("l1_tv", "l1"):
        score = results.psnr_db[results.setting == setting].mean()
        slips.append(Slip(score, "this is one setting's score. How far is it from that of the other one?"))
    judging.number(answer, right, 0.002, slips)
    return "Now look at the interval: how sure is it?"


def _steps(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the differences to the next column and to the next row, where there are both."""
    picture = picture.astype(np.float64)
    return picture[:-1, 1:] - picture[:-1, :-1], picture[1:, :-1] - picture[:-1, :-1]


def _squares(picture: np.ndarray) -> np.ndarray:
    across, down = _steps(picture)
    return across**2 + down**2


def _variation(picture: np.ndarray, power: float = 1.25) -> float:
    return float((_squares(picture) ** power).mean())
