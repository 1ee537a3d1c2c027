"""Exercises of notebook 7: intervals over scenes, and comparisons that are fair."""

from functools import cache, partial

import numpy as np

from hdrkit.evaluation import metrics
from hdrkit.evaluation.intervals import bootstrap_interval
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import exercise
from hdrkit.exercises.judging import Slip

_db = partial(metrics.decibel, data_range=255)  # of a mean squared error between bytes


@exercise("07.1", "Predict the line of the flat colour")
def predict_the_flat_line(answer: object) -> str:
    """The best flat colour is made of the render alone: the same picture, and score, for each frame of a scene."""
    words = {
        "a": "the untouched frame is best near the middle. But which picture does this control look at?",
        "c": "does this control see the frame? What would a brighter one change?",
        "d": "frames lose their highlights when they get brighter. Does this control see the frame?",
    }
    judging.choice(answer, "b", words)
    return "It never sees the frame, so the exposure cannot matter. Where some frames are missing, it is nearly level."


@exercise("07.2", "The bootstrap over scenes", points=3)
def implement_the_bootstrap(answer: object) -> str:
    """interval(values, scenes, resamples, rng): the 2.5 % and 97.5 % quantiles of the mean over drawn scenes.

    The ends are random. The tolerance is about five standard errors of an end, and the known mistakes are farther off.
    """
    cases = [(*_scores_of_scenes(seed=1), 4000, np.random.default_rng(1))]
    too_narrow = "too narrow. Does a scene that is drawn twice count twice (`np.isin` does not do that)? And are 2.5 % "
    too_narrow += "left out on either side, not 5 %?"
    slips = [
        Slip(_drawing_pictures, "this draws pictures. Draw scenes, and take all the pictures of each."),
        Slip(_means_of_scenes, "take the mean of all values that were drawn, not the mean of the scenes' means."),
        Slip(_drawn_once, too_narrow),  # a 90 % interval is about as wide
        Slip(_without_replacement, "each resample holds every scene once. Draw *with* replacement."),
        Slip(_spread_of_values, "these are quantiles of the values. Which numbers does the text take quantiles of?"),
        Slip(lambda *case: _interval(*case)[::-1], "the low end comes first."),
        Slip(partial(_interval, level=0.9), too_narrow),
        Slip(partial(_interval, level=0.975), "2.5 % are left out on either side. How many did you leave?"),
    ]
    judging.function(
        answer, cases, lambda values, scenes, _, rng: _interval(values, scenes, 40000, rng), TOLERANCE, slips
    )
    return "Two lines of it decide all: what is drawn, and that it may be drawn twice."


@exercise("07.3", "The fault of drawing pictures")
def how_much_too_narrow(answer: object) -> str:
    """20 scenes with nine equal scores each: the mean of 180 draws spreads 1 / sqrt(9) as much as that of 20."""
    slips = [
        Slip(
            9, "this is how many times as many draws there are. How does the spread of a mean fall with their number?"
        ),
        Slip(1 / 3, "divide the right width by hers, not hers by the right one."),
        Slip(1 / 9, "how does the spread of a mean fall with the number of draws? And divide the right width by hers."),
        Slip(1, "a mean of 180 draws varies less than a mean of 20 draws. How much less?"),
        Slip(81, "the spread falls with the square *root* of the number of draws."),
        Slip(np.sqrt(180), "compare 180 draws with 20 draws, not with one."),
        Slip(np.sqrt(20), "compare 20 draws with 180 draws, not with one."),
    ]
    judging.number(answer, 3, 0.12, slips)
    return "Copies of a score tell nothing new, and yet the interval shrinks. So it would claim what nobody knows."


@exercise("07.4", "Bars that overlap")
def bars_that_overlap(answer: object) -> str:
    """Two methods whose intervals overlap, and whose difference is nearly the same on each scene."""
    words = {
        "a": "both bars are wide because some scenes are hard. Does that make the *difference* uncertain?",
        "c": "how much does the difference vary from scene to scene? That is what another scene may change.",
        "d": "more pictures of the same ten scenes are no more scenes. And how much does the difference vary?",
    }
    judging.choice(answer, "b", words)
    return "What makes a scene hard for both is in both scores; it drops out of their difference."


@exercise("07.5", "Dark, or lost?")
def dark_or_lost(answer: object) -> str:
    """One gamma brings back what is dark, and cannot bring back what is white."""
    words = {
        "a": "it is far from the render in both cases. What would you have to do to see whether more can be had?",
        "b": "it does not see the frame, so it cannot tell what is in it.",
        "d": "where it scores well, is that what the frame still holds, or what it has learned to guess?",
    }
    judging.choice(answer, "c", words)
    return "Brightening brings back a dark frame. White to the power of any gamma stays white."


@exercise("07.6", "PSNR of a region", points=2)
def implement_psnr_of_a_region(answer: object) -> str:
    """psnr(image, reference, region): of the pixels of a boolean mask only, for uint8 pictures."""
    rng = np.random.default_rng(1)
    cases = []
    for size in ((6, 9), (8, 5)):
        image, reference = rng.integers(0, 256, (2, *size, 3), dtype=np.uint8)
        image[..., 1] //= 4  # channels with errors of their own
        cases.append((image, reference, rng.random(size) < 0.3))

    def psnr(image: np.ndarray, reference: np.ndarray, region: np.ndarray) -> float:
        return metrics.psnr(image[region], reference[region], data_range=255)

    def squares(image: np.ndarray, reference: np.ndarray, region: np.ndarray) -> np.ndarray:
        return (image[region].astype(float) - reference[region]) ** 2

    slips = [
        Slip(
            lambda i, r, m: metrics.psnr(i * m[..., None], r * m[..., None], 255),
            "you divide by the number of all pixels. Those outside of the region must not count, also not as 0.",
        ),
        Slip(lambda i, r, m: psnr(i, r, ~m), "these are the pixels outside of the region."),
        Slip(lambda i, r, m: metrics.psnr(i, r, 255), "this is the PSNR of the whole picture."),
        Slip(
            lambda i, r, m: _db(np.mean((i[m] - r[m]) ** 2)),
            "a difference of two `uint8` wraps. Convert before you subtract.",
        ),
        Slip(lambda i, r, m: 10 * np.log(255**2 / squares(i, r, m).mean()), "the logarithm is the one to base 10."),
        Slip(lambda i, r, m: _db(squares(i, r, m).sum() / m.sum()), "each pixel has three values. Count them all."),
        Slip(
            lambda i, r, m: np.mean(_db(squares(i, r, m).mean(axis=0))),
            "this is the mean of the channels' PSNRs. Take the mean of all squares first.",
        ),
        Slip(lambda i, r, m: _db(squares(i, r, m).mean()) - 20 * np.log10(255), "for bytes, R is 255."),
    ]
    judging.function(answer, cases, psnr, 1e-4, slips)
    return "A region's PSNR is a PSNR of fewer values, nothing else."


@exercise("07.7", "A fair comparison in clipped regions")
def fair_in_clipped_regions(answer: object) -> str:
    """Only a flat colour that suits the region beats a network which paints the region flat."""
    words = {
        "a": "the region is brighter than the rest of the picture. Does light grey not beat the picture's mean colour?",
        "c": "the frame is white there. Light grey may be nearer to the render than white, without any detail.",
        "d": "one gamma leaves white as it is. Light grey may be nearer to the render than white, without any detail.",
    }
    judging.choice(answer, "b", words)
    return "A flat colour can be no better than this one. Who scores more must have painted something of the detail."


@exercise("07.8", "What the perfect network scores")
def what_the_perfect_network_scores(answer: object) -> str:
    """Behind white lies 200 or 140, equally likely: the mean, 170, is off by 30 in either case."""
    slips = [
        Slip(_db(60**2), "this is the score of a guess that is off by 60. Is there one that is nearer to both?"),
        Slip(
            _db(60**2 / 2), "a network that paints one of the two is off by 60 in half of the cases. Can it do better?"
        ),
        Slip(10 * np.log(255**2 / 30**2), "the logarithm is the one to base 10."),
        Slip(_db(30**2) / 2, "it is 10 times the logarithm of a ratio of squares."),
        Slip(_db(30), "the error is squared."),
        Slip(170, "this is a value of a pixel, and the right one. Which PSNR does it reach?"),
        Slip(30, "this is by how much the best value is off. Which PSNR is that?"),
        Slip(900, "this is the mean square. Which PSNR is that?"),
    ]
    judging.number(answer, float(_db(30**2)), 0.06, slips)
    return "The best that PSNR can ask for is a mean of all that may be there: flat, and never quite right."


TOLERANCE = 0.09  # in exercise 07.2, of the farther end of an interval, which is about two standard errors from 0


@cache  # its interval takes as long as an answer's
def _scores_of_scenes(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and their scenes, mixed: unlike scenes, of which the better ones have more pictures.

    They are scaled to an interval that is 4 wide, around 0.
    """
    rng = np.random.default_rng(seed)
    counts = np.arange(14) // 2 + 2
    names = np.repeat([f"scene {i}" for i in range(14)], counts)
    values = np.repeat(np.linspace(0, 1, 14) + rng.normal(0, 0.2, 14), counts) + rng.normal(0, 0.05, len(names))
    low, high = bootstrap_interval(values, names, 40000, rng)
    mixed = rng.permutation(len(names))
    return (values - values.mean())[mixed] * 4 / (high - low), names[mixed]


def _interval(
    values: np.ndarray, scenes: np.ndarray, resamples: int, rng: np.random.Generator, level: float = 0.95
) -> np.ndarray:
    return np.array(bootstrap_interval(values, scenes, resamples, rng, level))


def _drawing_pictures(values: np.ndarray, _: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    return _interval(values, np.arange(len(values)), resamples, rng)


def _means_of_scenes(values: np.ndarray, scenes: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    names = np.unique(scenes)
    return _interval(np.array([values[scenes == name].mean() for name in names]), names, resamples, rng)


def _drawn_once(values: np.ndarray, scenes: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    names = np.unique(scenes)
    means = [values[np.isin(scenes, rng.choice(names, len(names)))].mean() for _ in range(resamples)]
    return np.quantile(means, [0.025, 0.975])


def _without_replacement(values: np.ndarray, *_: object) -> np.ndarray:
    return np.full(2, values.mean())


def _spread_of_values(values: np.ndarray, *_: object) -> np.ndarray:
    return np.quantile(values, [0.025, 0.975])
