"""Exercises of notebook 7: intervals over scenes, fair comparisons by region, the sky-filler, metrics and the eye."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

from hdrkit.evaluation import metrics
from hdrkit.evaluation.intervals import bootstrap_interval
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotYetError, exercise
from hdrkit.exercises.judging import Slip

if TYPE_CHECKING:
    from hdrkit.widgets.errors import Errors

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


@exercise("07.9", "Which numbers to compare")
def which_numbers_to_compare(answer: object) -> str:
    """Who paints without looking paints sky-blue equally often in both rows."""
    words = {
        "a": "these are the cells where the network is right. Who never looks is not right equally often in both rows.",
        "c": "these are the cells where the network is wrong. Compare the same deed in both rows.",
        "d": "these two are one row, and add up to 100 %. What does the other row say?",
    }
    judging.choice(answer, "b", words)
    return "Who never looks does the same in both rows. A network that looks does not."


@exercise("07.10", "A measure with a sign", points=2)
def implement_blue_shift(answer: object) -> str:
    """shift(output, render, region): mean of blue less red in a region, less the same of the render."""
    rng = np.random.default_rng(3)
    cases = []
    for shape in ((2, 5, 7), (3, 6, 4)):
        output, render = rng.integers(0, 256, (2, *shape, 3), dtype=np.uint8)
        share = np.linspace(0.2, 0.7, shape[0])[:, None, None]  # pictures differ in how much of them is in the region
        render[..., 2] //= 2
        cases.append((output, render, rng.random(shape) < share))

    def blueness(pictures: np.ndarray) -> np.ndarray:
        return pictures[..., 2].astype(float) - pictures[..., 0]

    def shift(output: np.ndarray, render: np.ndarray, region: np.ndarray) -> float:
        return (blueness(output) - blueness(render))[region].mean()

    def wrapping(output: np.ndarray, render: np.ndarray, region: np.ndarray) -> float:
        of_output, of_render = (pictures[..., 2] - pictures[..., 0] for pictures in (output, render))
        return float(of_output[region].mean() - of_render[region].mean())

    def by_picture(output: np.ndarray, render: np.ndarray, region: np.ndarray) -> float:
        return float(np.mean([shift(*one) for one in zip(output, render, region, strict=True)]))

    slips = [
        Slip(wrapping, "blue less red can be below 0, and `uint8` cannot. Convert before you subtract."),
        Slip(lambda o, r, c: -shift(o, r, c), "the sign is the wrong way round: too blue is above 0. Red comes first."),
        Slip(lambda o, r, c: blueness(o)[c].mean(), "the render may be blue there, too. Take the same of it away."),
        Slip(lambda o, r, c: shift(o, r, np.ones_like(c)), "this counts all pixels. Count those of the region only."),
        Slip(lambda o, r, c: shift(o, r, ~c), "these are the pixels outside of the region."),
        Slip(
            lambda o, r, c: np.abs(blueness(o) - blueness(r))[c].mean(),
            "without a sign, too blue and too red count alike, as they do in PSNR.",
        ),
        Slip(
            lambda o, r, c: ((blueness(o) - blueness(r)) * c).mean(),
            "you divide by the number of all pixels. Divide by that of the region's.",
        ),
        Slip(by_picture, "take one mean over the region's pixels of all pictures, not a mean of the pictures' means."),
        Slip(lambda o, r, c: (o[..., 2] - r[..., 2].astype(float))[c].mean(), "bluer means more blue *than red*."),
    ]
    judging.function(answer, cases, shift, 1e-5, slips)
    return "PSNR says how far a network is off; a mean with its sign says in which direction it is off again and again."


@exercise("07.11", "A hazy picture that PSNR praises", points=2)
def find_the_hazy_picture(answer: object, gallery: "Errors") -> str:
    """The place of the picture with the least sharp edges among those above the mean PSNR.

    The gallery writes PSNR with one decimal, so a picture this near to the mean may count as above it or not.
    """
    from hdrkit.widgets.errors import PSNR, WHOLE  # widgets are slow to import

    whole = gallery.measures[WHOLE]
    psnr, sharpness = whole[PSNR].to_numpy(), whole["sharpness of edges"].to_numpy()
    place = judging.as_number(answer)
    if place not in range(len(psnr)):
        raise NotYetError(f"there is no picture {place:g}. `gallery.chosen` is the place of the one that you chose.")
    edges = psnr.mean() + np.array([-0.05, 0, 0.05])
    right = [np.nanmin(sharpness[psnr >= edge]) for edge in edges if (psnr >= edge).any()]
    if sharpness[int(place)] in right and psnr[int(place)] >= edges[0]:
        return "So a picture can score well and yet have soft edges: they are a small part of all pixels."
    if psnr[int(place)] < psnr.mean():
        raise NotYetError(f"this one's PSNR, {psnr[int(place)]:.1f} dB, is not above the mean, {psnr.mean():.1f} dB.")
    raise NotYetError("its PSNR is above the mean, but there is a picture above the mean whose edges are less sharp.")


@exercise("07.12", "Put six pictures in order")
def put_in_order(answer: object, pictures: Iterable[str]) -> str:
    """An order of one's own: each name once. There is no wrong one."""
    known = list(pictures)
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise NotYetError("a list of names is wanted, the best picture first.")
    order = list(answer)
    if strange := [name for name in order if not isinstance(name, str) or name not in known]:
        shown = repr(strange[0]) if isinstance(strange[0], str) else f"a {type(strange[0]).__name__}"
        raise NotYetError(f"the list holds {shown}; the names of the pictures are {', '.join(known)}.")
    if missing := [name for name in known if name not in order]:
        raise NotYetError(f"still missing: {', '.join(missing)}.")
    if len(order) > len(known):
        raise NotYetError("each name belongs into the list once.")
    return "It is your order, so there is no wrong one. Leave it as it is when you see the table."


@exercise("07.13", "How far apart are two orders?", points=2)
def implement_disagreements(answer: object) -> str:
    """disagreements(order, other): of all pairs of names, how many stand the other way round (Kendall's distance)."""
    names = ["brighter", "yellow cast", "noise", "checkerboard", "blur", "shifted"]
    rng = np.random.default_rng(4)
    cases = [(names, names), (names, names[::-1]), (names[:3], [names[i] for i in (1, 2, 0)])]
    cases += [(list(rng.permutation(names).tolist()), list(rng.permutation(names).tolist())) for _ in range(3)]

    def distance(order: Sequence[str], other: Sequence[str]) -> int:
        return sum(other.index(better) > other.index(worse) for better, worse in combinations(order, 2))

    def moved(power: int) -> Callable:
        return lambda order, other: sum(abs(i - other.index(name)) ** power for i, name in enumerate(order))

    def pairs(order: Sequence[str]) -> int:
        return len(order) * (len(order) - 1) // 2

    slips = [
        Slip(
            lambda a, b: 2 * distance(a, b), "each pair counts once: noise and blur is the same pair as blur and noise."
        ),
        Slip(lambda a, b: pairs(a) - distance(a, b), "these are the pairs in which both agree."),
        Slip(lambda a, b: distance(a, b) / pairs(a), "this is a share. Return the number of pairs."),
        Slip(lambda a, b: 1 - 2 * distance(a, b) / pairs(a), "this is Kendall's tau. Return the number of pairs."),
        Slip(lambda a, b: sum(x != y for x, y in zip(a, b, strict=True)), "this counts places, not pairs."),
        Slip(moved(1), "this adds up how far each name has moved. Count pairs."),
        Slip(moved(2), "this adds up how far each name has moved, squared. Count pairs."),
        Slip(
            lambda a, b: sum(b.index(x) > b.index(y) for x, y in pairwise(a)),
            "these are only the pairs that stand next to each other. Count all pairs.",
        ),
    ]
    judging.function(answer, cases, distance, 1e-6, slips)
    return "0 is the same order, 15 the reverse of it. Two orders by chance disagree about 7 or 8 of 15 pairs."


TOLERANCE = 0.09  # in exercise 07.2, of the farther end of an interval, which is about two standard errors from 0


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
