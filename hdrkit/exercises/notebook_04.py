"""Exercises of notebook 4: the baseline, PSNR and its overflow, the weights of two fusions, controls."""

from collections.abc import Callable
from functools import partial

import numpy as np

from hdrkit.dataset.crops import Crops
from hdrkit.evaluation import metrics
from hdrkit.exercises import judging
from hdrkit.exercises.calling import called
from hdrkit.exercises.exercise import NotHereError, NotYetError, exercise
from hdrkit.exercises.judging import Slip

PIXELS = (np.array([10, 200], np.uint8), np.array([20, 100], np.uint8))  # of the picture and of the render


@exercise("04.1", "Predict a squared error that wraps")
def predict_error(answer: object) -> str:
    """The mean of (picture - render) ** 2 in uint8, for the two pixels of the text."""
    picture, render = (pixels.astype(int) for pixels in PIXELS)
    squares = (picture - render) ** 2
    slips = [
        Slip(squares.mean(), "this is the true error. A uint8 keeps only the remainder after division by 256."),
        Slip((squares % 256).sum(), "this is the sum of both squares; the mean is wanted."),
        Slip(squares.sum(), "this is the sum of the true squares. Take the mean, and think of the remainders."),
        Slip(np.clip(squares, 0, 255).mean(), "a uint8 does not stop at 255. It starts again at 0."),
        Slip(
            (np.clip(picture - render, 0, 255) ** 2 % 256).mean(), "a negative difference does not become 0. It wraps."
        ),
    ]
    judging.number(answer, (squares % 256).mean(), 1e-9, slips)
    return "The true error is 87 times as large."


@exercise("04.2", "Implement PSNR", points=2)
def implement_psnr(answer: object) -> str:
    """psnr(image, reference, data_range) in dB, for uint8 and for floating point."""
    rng = np.random.default_rng(42)
    bytes_ = rng.integers(0, 256, (2, 6, 5, 3), dtype=np.uint8)
    units = rng.random((2, 4, 7, 3))
    cases = [(*bytes_, 255), (*units, 1.0), (*(40 * units), 40.0)]

    def decibel(factor: float, ratio: float) -> float:
        return float(factor * np.log10(ratio))

    def error(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.mean((a.astype(float) - b) ** 2))

    slips = [
        Slip(lambda a, b, r: decibel(10, r**2 / np.mean((a - b) ** 2)), "for bytes the difference still wraps."),
        Slip(lambda a, b, r: 10 * np.log(r**2 / error(a, b)), "decibels count with the logarithm to base 10."),
        Slip(lambda a, b, r: decibel(10, r / error(a, b)), "the range has to be squared, as the error is."),
        Slip(
            lambda a, b, r: decibel(20, r**2 / error(a, b)),
            "20 belongs to the root of the error, 10 to the error itself.",
        ),
        Slip(lambda a, b, r: decibel(10, r / error(a, b) ** 0.5), "10 belongs to the squared error, 20 to its root."),
        Slip(lambda a, b, r: decibel(10, 255**2 / error(a, b)), "use the range that the caller gives, not always 255."),
        Slip(lambda a, b, r: decibel(10, 1 / error(a, b)), "use the range that the caller gives."),
        Slip(
            lambda a, b, r: -decibel(10, r**2 / error(a, b)),
            "the sign is the wrong way round: better pictures score higher.",
        ),
        Slip(
            lambda a, b, r: decibel(20, r / np.abs(a.astype(float) - b).mean()), "the mean *squared* error is wanted."
        ),
    ]
    judging.function(answer, cases, metrics.psnr, 1e-6, slips)
    return "And for two equal pictures? Their error is 0, and their PSNR infinite."


@exercise("04.3", "Which types still wrap?")
def which_types_wrap(answer: object) -> str:
    """One of the two pictures converted to float; or to int16."""
    judging.choice(answer, "c", {
        "a": "float holds every difference and every square. Try `np.float64(10) - np.uint8(20)`.",
        "b": "an int16 holds numbers up to 32767. What is the square of the largest difference?",
        "d": "float holds negative numbers and large ones. Try it on the two pixels above.",
    })  # fmt: skip
    return "The difference fits into an int16, its square does not: int16 moves the fault to larger differences."


@exercise("04.4", "Which scene scores 29 dB by wrapping arithmetic?")
def which_scene_scores_high(answer: object) -> str:
    """What the differences of a scene near 29 dB look like; from the left plot near d = 0."""
    judging.choice(answer, "b", {
        "a": "differences that are spread evenly score what noise scores: look at the dashed line.",
        "c": "look at the curve at 128: how large is d² mod 256 there, and how large next to it?",
        "d": "large differences wrap several times, and look like noise.",
    })  # fmt: skip
    return "Below 16 nothing wraps, so that small errors count as what they are."


@exercise("04.5", "Write the test that was missing", points=2)
def write_the_test(answer: object) -> str:
    """A function of a psnr(image, reference, data_range) that raises AssertionError for a wrong one, and only then."""
    if not callable(answer):
        raise NotYetError("a function is wanted, that takes a `psnr` function and asserts something about it.")
    broken = {
        "of the report's code": lambda a, b, r: metrics.psnr_wrapping_uint8(np.asarray(a), np.asarray(b)),
        "that converts after the subtraction": lambda a, b, r: metrics.decibel(
            np.mean((np.asarray(a) - np.asarray(b)).astype(float) ** 2), r
        ),
    }
    verdict = _verdict(answer, metrics.psnr)
    if verdict is not None:
        raise NotYetError(f"a right psnr fails your test: {verdict or 'AssertionError'}.")
    for name, psnr in broken.items():
        if _verdict(answer, psnr) is None:
            raise NotYetError(f"the psnr {name} passes your test. Choose pixels of uint8 whose difference wraps.")
    return "Three lines, and a paper with another number."


@exercise("04.6", "Implement one of Mertens' weights", points=2)
def implement_well_exposedness(answer: object) -> str:
    """Well-exposedness (Mertens and others, 2007): encoded frame in [0, 1], (h, w, 3), to weights (h, w)."""
    frames = np.random.default_rng(7).random((3, 4, 5, 3))

    def curve(frame: np.ndarray, sigma: float = 0.2) -> np.ndarray:
        return np.exp(-((frame - 0.5) ** 2) / (2 * sigma**2))

    slips = [
        Slip(
            lambda f: curve(f).sum(axis=-1),
            "the three channels are multiplied, not added: one bad channel spoils a pixel.",
        ),
        Slip(
            lambda f: curve(f).mean(axis=-1),
            "the three channels are multiplied, not averaged: one bad channel spoils a pixel.",
        ),
        Slip(
            lambda f: curve(f.mean(axis=-1)), "each channel has a weight of its own; do not make the frame grey first."
        ),
        Slip(lambda f: np.exp(-((f - 0.5) ** 2) / 0.2**2).prod(axis=-1), "there is a 2 in the exponent of a Gaussian."),
        Slip(lambda f: np.exp(-((f - 0.5) ** 2) / (2 * 0.2)).prod(axis=-1), "sigma is squared in a Gaussian."),
        Slip(
            lambda f: np.exp((f - 0.5) ** 2 / 0.08).prod(axis=-1),
            "the exponent is negative: weights fall away from the middle.",
        ),
        Slip(curve, "one weight per pixel is wanted: bring the three channels together."),
    ]
    judging.function(answer, [(frame,) for frame in frames], lambda f: curve(f).prod(axis=-1), 1e-5, slips)
    return "A pixel whose channels are all near the middle counts most."


@exercise("04.7", "One row of Debevec's linear system", points=3)
def implement_debevec_row(answer: object) -> str:
    """row(value, pixel, seconds, pixels): the equation of one observation, weighted; 256 + pixels + 1 numbers.

    Debevec and Malik (1997), equation 3: w(z) g(z) - w(z) ln E = w(z) ln t, with w(z) = min(z, 255 - z). The unknowns
    are g(0) ... g(255), then the logarithm of each pixel's irradiance; the right-hand side is the last number.
    """
    cases = [(100, 2, 0.5, 4), (30, 0, 1 / 60, 3), (250, 1, 2.0, 2), (128, 0, 8.0, 1)]

    def row(
        value: int, pixel: int, seconds: float, pixels: int, hat: bool = True, log: Callable = np.log, sign: int = -1
    ) -> np.ndarray:
        weight = min(value, 255 - value) if hat else 1.0
        made = np.zeros(256 + pixels + 1)
        made[value], made[256 + pixel], made[-1] = weight, sign * weight, weight * log(seconds)
        return made

    def unweighted_side(value: int, pixel: int, seconds: float, pixels: int) -> np.ndarray:
        made = row(value, pixel, seconds, pixels)
        made[-1] = np.log(seconds)
        return made

    def one_too_far(value: int, pixel: int, seconds: float, pixels: int) -> np.ndarray:
        made = row(value, pixel, seconds, pixels)
        made[255 + pixel], made[256 + pixel] = made[256 + pixel], 0
        return made

    slips = [
        Slip(partial(row, hat=False), "each equation is weighted: values near the limits tell little."),
        Slip(partial(row, log=np.log10), "the logarithm is the natural one."),
        Slip(
            partial(row, log=np.log2),
            "the logarithm is the natural one, though photographers count in stops.",
        ),
        Slip(partial(row, sign=1), "g(z) is ln E *plus* ln t: which sign has ln E on the left?"),
        Slip(partial(row, log=float), "the right-hand side is the logarithm of the time."),
        Slip(unweighted_side, "the weight belongs to both sides of the equation."),
        Slip(one_too_far, "g has 256 values, 0 to 255: at which place does the first pixel stand?"),
    ]
    judging.function(answer, cases, row, 1e-6, slips)
    return "A few hundred such rows and a condition of smoothness, solved by least squares, are the response above."


@exercise("04.8", "What the render's own colour is worth", points=2)
def mean_colour_of_training(answer: object, crops: Crops) -> str:
    """How many dB the best flat colour loses if it is the mean colour of all train renders; mean over test crops."""
    test, train = crops.of("test"), crops.of("train")
    if not (len(test.x) and len(train.x)):
        raise NotHereError("the survey has no train scenes, or no test scenes.")
    renders = test.y[test.target].astype(float)
    own = renders.mean(axis=(1, 2), keepdims=True)
    guess = train.y[train.target].mean(axis=(0, 1, 2))
    errors = (((flat - renders) ** 2).mean(axis=(1, 2, 3)) for flat in (own, guess))
    of_own, of_guess = (metrics.decibel(of_flat, data_range=255) for of_flat in errors)
    pooled = 10 * np.log10(((guess - renders) ** 2).mean() / ((own - renders) ** 2).mean())
    slips = [
        Slip(of_guess.mean() - of_own.mean(), "the sign is the wrong way round: what is lost is positive."),
        Slip(pooled, "take the PSNR of each picture first, then the mean: this is the PSNR of the mean error."),
        Slip(of_guess.mean(), "this is what the train colour scores. How much is it below the best flat colour?"),
        Slip(of_own.mean(), "this is what the best flat colour scores. How much is the train colour below it?"),
    ]
    judging.number(answer, of_own.mean() - of_guess.mean(), 0.02, slips)
    return "So much of that control's score is knowledge of the answer."


def _verdict(test: Callable, psnr: Callable) -> str | None:
    """Return what a student's test says of a psnr: None if it passes."""

    def run() -> str | None:
        try:
            test(psnr)
        except AssertionError as error:
            return " ".join(str(error).split())[:100].rstrip(".")
        return None

    return called(run)
