"""Exercises of notebook 10: gains in stops, linear light, slicing, the key, ways to answer, what a grid cannot do."""

import json
from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
import pandas as pd

from hdrkit.core.files import PACKAGE, RESULTS
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotYetError, exercise
from hdrkit.exercises.judging import Slip
from hdrkit.images import srgb
from hdrkit.models.grid_spec import FAINTEST

FRAME, RENDER = np.array([1 / 512, 1 / 2]), np.array([1 / 32, 1])  # of exercise 10.1: light of two pixels
CORNERS = tuple(product((np.floor, np.ceil), repeat=3))  # of exercise 10.3: from a place to the entries around it
PIXELS, LOWEST, HIGHEST, ENOUGH_DB = 64, 0.05, 0.95, 20  # of exercise 10.6
OVERFITTED_DB = 1  # in exercise 10.7: by how much train places are then ahead of dev places


@exercise("10.1", "Two gains")
def two_gains(answer: object) -> str:
    """The gains in stops of the darkest and of the brightest pixel, given their light in the frame and the render."""
    factors = RENDER / FRAME
    slips = [
        Slip(factors, "these are the factors. How many doublings is each?"),
        Slip(-np.log2(factors), "the signs are the wrong way round. Both pixels become brighter."),
        Slip(np.log2(factors)[::-1], "the right gains, in the other order: the darkest pixel comes first."),
        Slip(np.log(factors), "a stop is a factor of 2: take the logarithm to base 2."),
        Slip(np.log10(factors), "a stop is a factor of 2: take the logarithm to base 2."),
        Slip(RENDER - FRAME, "light is multiplied, nothing is added. Divide."),
        Slip(np.log2(FRAME), "this is how far the frame's pixels are below white. By how much do they change?"),
        Slip(np.log2(RENDER), "this is how far the render's pixels are below white. By how much do they change?"),
    ]
    judging.array(answer, np.log2(factors), 0.01, slips)
    return (
        "The frame spans 8 stops, the render 5. The gain only has to make up for the difference: it spans 3 stops, "
        "from +4 to +1."
    )


@exercise("10.2", "A gain that is too strong", points=2)
def mend_the_gain(answer: object) -> str:
    """brighten(picture, stops): encoded (h, w, 3) and gains (h, w), to the encoded picture with its light multiplied.

    The tolerance takes sRGB's curve in any precision, and refuses a plain power of 2.2.
    """
    rng = np.random.default_rng(7)
    cases = [
        (rng.uniform(0.02, 0.9, (*shape, 3)).astype(kind), rng.uniform(-3, 2, shape))
        for shape, kind in (((4, 5), np.float32), ((6, 2), np.float64))
    ]

    def times(values: np.ndarray, stops: np.ndarray) -> np.ndarray:
        return values * 2 ** stops[..., None]

    def brighten(picture: np.ndarray, stops: np.ndarray) -> np.ndarray:
        return srgb.encode(times(srgb.decode(picture), stops))

    is_light = "this is light. The picture has to come back encoded."
    slips = [
        Slip(lambda p, s: np.clip(times(p, s), 0, 1), "this still multiplies encoded values. Where is light?"),
        Slip(lambda p, s: np.clip(times(srgb.decode(p), s), 0, 1), is_light),
        Slip(lambda p, s: times(srgb.decode(p), s), is_light),
        Slip(lambda p, s: srgb.encode(times(p, s)), "the picture is encoded already. Decode it first."),
        Slip(
            lambda p, s: srgb.decode(times(srgb.encode(p), s)),
            "the two curves are the wrong way round: which of them turns encoded values into light?",
        ),
        Slip(lambda p, s: srgb.encode(srgb.decode(p) * s[..., None]), "a gain of 1 stop is a factor of 2, not of 1."),
        Slip(lambda p, s: brighten(p, s / np.log(2)), "a stop is a factor of 2, not of e."),
        Slip(lambda p, s: srgb.encode(srgb.decode(p) + s[..., None]), "a gain is a factor on light: multiply."),
        Slip(lambda p, s: brighten(p, -s), "look at the sign: gain +1 doubles the light."),
        Slip(lambda p, s: brighten(p, np.array(s.mean())), "each pixel has a gain of its own, not the mean of all."),
        Slip(
            lambda p, s: np.clip(times(p**2.2, s), 0, 1) ** (1 / 2.2),
            "near, but sRGB's curve is no plain power. Take `srgb.decode` and `srgb.encode`.",
        ),
    ]
    judging.function(answer, cases, brighten, 1e-3, slips)
    return "Multiplied before encoding, one more stop looks as one more stop of exposure would have looked."


@exercise("10.3", "Slice a grid", points=3)
def implement_slicing(answer: object) -> str:
    """look_up(grid, row, column, level): trilinear interpolation at one place, with positions counted in cells."""
    rng = np.random.default_rng(3)
    grid = rng.normal(0, 2, (5, 5, 4))
    places = [(0.3, 2.75, 1.4), (1.8, 3.1, 2.25), (1, 2, 3), (0, 0, 0), (4, 4, 3), (2, 1.5, 0.5), (0.5, 4, 2.9)]
    cases = [(grid, *(float(at) for at in place)) for place in places]
    slips = [
        Slip(lambda g, *at: _nearest(g, np.rint(at)), "this takes the nearest entry. Mix those around the place."),
        Slip(lambda g, *at: _nearest(g, np.floor(at)), "this takes the entry below. Mix it with those above."),
        Slip(lambda g, r, c, v: _trilinear(g, c, r, v), "rows come first in the grid, then columns, then levels."),
        Slip(
            lambda g, r, c, v: _trilinear(g, r, c, np.rint(v)),
            "the two places are interpolated, and the brightness is not: it takes the nearest level.",
        ),
        Slip(
            lambda g, r, c, v: _trilinear(g, np.rint(r), np.rint(c), v),
            "the brightness is interpolated, and the place is not: it takes the nearest cell.",
        ),
        Slip(
            lambda g, *at: _trilinear(g, *(2 * np.floor(at) + 1 - at)),
            "the weights are the wrong way round: what is nearer counts more.",
        ),
        Slip(
            lambda g, *at: np.mean([_nearest(g, [f(a) for f, a in zip(how, at, strict=True)]) for how in CORNERS]),
            "this is the plain mean of the entries around. What is nearer counts more.",
        ),
        Slip(lambda g, *at: 2 ** _trilinear(g, *at), "this is the factor. Return the gain, in stops."),
        Slip(
            lambda g, *at: np.log2(_trilinear(2**g, *at)),
            "you interpolate factors. Interpolate the entries as they are, in stops.",
        ),
    ]
    judging.function(answer, cases, _trilinear, 1e-5, slips)
    return "`bilateral_slicing.apply` does the same for all pixels at once."


@exercise("10.4", "The key of a picture", points=2)
def implement_key(answer: object) -> str:
    """key(picture): the mean over the pixels of log2(luminance of light + 2^-10), of an encoded picture (h, w, 3)."""
    rng = np.random.default_rng(5)
    pictures = [rng.integers(0, 256, (6, 8, 3)), rng.integers(0, 60, (5, 5, 3)), rng.choice([0, 255], (4, 6, 3))]
    cases = [(picture.astype(np.uint8),) for picture in pictures]
    least = 2.0**FAINTEST

    def luminance(picture: np.ndarray) -> np.ndarray:
        return srgb.luminance(srgb.decode_integers(picture))

    def mean_of(logarithm: Callable, of: Callable = luminance) -> Callable:
        return lambda picture: logarithm(of(picture) + least).mean()

    key, to_base_2 = mean_of(np.log2), "in stops, the logarithm is the one to base 2."
    slips = [
        Slip(lambda p: np.log2(luminance(p).mean() + least), "this is the logarithm of a mean. Take logarithms first."),
        Slip(mean_of(np.log2, lambda p: srgb.luminance(p / 255)), "this is of encoded values. Where is light?"),
        Slip(mean_of(np.log), to_base_2),
        Slip(mean_of(np.log10), to_base_2),
        Slip(lambda p: 2 ** key(p), "this is the log-average luminance itself. The key is its logarithm, in stops."),
        Slip(lambda p: np.median(np.log2(luminance(p) + least)), "this is the median. Take the mean."),
        Slip(lambda p: np.log2(luminance(p) + least).sum(), "this is a sum. Take the mean over the pixels."),
        Slip(lambda p: -key(p), "the sign: stops below white are negative."),
        Slip(mean_of(np.log2, srgb.decode_integers), "this is a mean over the channels, too. First take luminances."),
        Slip(mean_of(np.log2, lambda p: srgb.decode_integers(p).mean(axis=-1)), "luminance weighs the channels."),
        Slip(lambda p: np.log2(np.maximum(luminance(p), least)).mean(), "the formula adds to all luminances."),
        Slip(lambda p: np.log2(luminance(p)).mean(), "a black pixel has no logarithm. What does the formula add?"),
    ]
    judging.function(answer, cases, key, 2e-4, slips)
    return "One number per picture, and no network has to learn it."


@exercise("10.5", "Predict which answer comes last")
def predict_the_last(answer: object) -> str:
    """The output head with the lowest mean PSNR of the kept comparison."""
    scores = pd.read_csv(RESULTS / "output_heads" / "output_heads.csv").groupby("head").psnr_db.mean()
    heads = {
        "a": ("direct", "It has to paint every detail anew. But it may look at each pixel and its neighbours."),
        "b": ("curve", "Is it worse to have one curve for all places than anything else on the list?"),
        "c": ("gain_map", "It does not see brightness. But does the gain not follow the place, too?"),
        "d": ("affine_grid", "It can do all that the gain grid can, and more."),
        "e": ("gain_grid", "It can do all that the curve and the gain map can."),
        "f": ("gain_grid_residual", "It can do all that the gain grid can, and may repaint a little."),
        "g": ("gain_grid_unmetered", "It has one thing more to learn. Is this thing hard to see in a thumbnail?"),
    }
    right = next(letter for letter, (head, _) in heads.items() if head == scores.idxmin())
    words = {letter: f"another one came out behind it. {said}" for letter, (_, said) in heads.items()}
    judging.choice(answer, right, words)
    return "The table below has all of them, and by how much."


@exercise("10.6", "A picture on which a grid must fail", points=3)
def design_a_failure(answer: object) -> str:
    """(frame, render): grey pictures, encoded, (64, 64) in [0.05, 0.95], of which the best grid misses 20 dB.

    Light and gain of each pixel are known and within reach, so that only the grid can fail.
    """
    from hdrkit.evaluation import metrics, oracles  # TensorFlow is slow to import

    frame, render = _two_pictures(answer)
    reached = metrics.psnr(oracles.best_grid_of_grey(frame, render), render, data_range=1)
    if reached >= ENOUGH_DB:
        raise NotYetError(
            f"the best grid reaches {reached:.1f} dB here. It tells pixels apart by place and by brightness: in your "
            "frame, one of the two says how bright a pixel is to become."
        )
    return (
        f"The best grid reaches {reached:.1f} dB, where a gain for each pixel would be perfect. Pixels of one "
        "brightness, closer together than the cells of the grid, have to get one gain."
    )


@exercise("10.7", "What to change first", points=2)
def what_to_change_first(answer: object) -> str:
    """What the scores on train and on dev places, at the end of the kit's training, say about the data."""
    about = json.loads((PACKAGE / "enhancement" / "weights" / "hdrkit.json").read_text(encoding="utf-8"))
    ahead = about["last_epoch"]["psnr"] - about["last_epoch"]["dev_psnr"]
    words = {
        "a": "print both scores. Which is higher, and by how much?",
        "b": "print both scores. Which is higher, and by how much?",
        "c": "the best grid reaches far more. What has it that the network has not?",
        "d": "test places are for the end. Who looks at them to choose what to change has no test any more.",
    }
    judging.choice(answer, "a" if ahead > OVERFITTED_DB else "b", words)
    return "One look at two numbers that the training has left, and one of the suspects can wait."


def _trilinear(grid: np.ndarray, *place: float) -> float:
    """Return the entry of a grid at a place between its entries; beyond its edges, that on the edge."""
    inside = np.clip(place, 0, np.array(grid.shape) - 1)
    return sum(
        float(np.prod(1 - np.abs(inside - corner))) * grid[corner]
        for corner in {tuple(int(f(at)) for f, at in zip(how, inside, strict=True)) for how in CORNERS}
    )


def _nearest(grid: np.ndarray, place: Iterable[float]) -> float:
    return grid[tuple(int(at) for at in place)]


def _two_pictures(answer: object) -> np.ndarray:
    """Return frame and render of exercise 10.6, float32 (2, 64, 64), or say why they are none."""
    wanted = f"two pictures are wanted, `(frame, render)`, each of {PIXELS} × {PIXELS} numbers"
    try:
        pair = np.asarray(answer, np.float32)
    except (TypeError, ValueError):
        raise NotYetError(f"{wanted}.") from None
    if pair.shape != (2, PIXELS, PIXELS):
        raise NotYetError(f"{wanted}; the shape of these is {pair.shape}.")
    if not (pair.min() >= np.float32(LOWEST) and pair.max() <= np.float32(HIGHEST)):  # NaN fails both
        raise NotYetError(
            f"all numbers have to lie between {LOWEST} and {HIGHEST}, so that nothing is clipped or black; these go "
            f"from {pair.min():g} to {pair.max():g}."
        )
    return pair
