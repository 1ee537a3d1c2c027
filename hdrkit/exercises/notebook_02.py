"""Exercises of notebook 2: affine maps, the coefficient of ECC, what a misplaced pixel costs, a misaligned pair."""

import zlib
from collections.abc import Sequence

import cv2
import numpy as np

from hdrkit.brackets import registration
from hdrkit.dataset.alignment import AlignedScene
from hdrkit.dataset.crops import spread
from hdrkit.evaluation import metrics
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotYetError, exercise
from hdrkit.exercises.judging import Slip

MAP = np.array([[1.1, 0.0, 4.0], [0.0, 1.2, 2.0]])  # of exercise 02.1
POINT = np.array([100, 200])  # x, y
DEGREES = 1.0  # of exercise 02.7
PAIRS = 6  # among which one is misaligned
MOVED = (1 / 90, -1 / 140)  # right and down, shares of the height: some pixels, whose structures differ clearly


@exercise("02.1", "Where does a map send a point?")
def apply_a_map(answer: object) -> str:
    """x and y of the frame's point that belongs to a point of the render."""
    linear, shift = MAP[:, :2], MAP[:, 2]
    swapped = linear @ POINT[::-1] + shift
    slips = [
        Slip((linear @ POINT + shift)[::-1], "x comes first: it counts to the right, y downwards."),
        *(Slip(p, "the point is (x, y): x belongs to the first column.") for p in (swapped, swapped[::-1])),
        Slip(linear @ POINT, "the last column is added: where is it?"),
        Slip(linear @ (POINT + shift), "multiply first, then add the last column."),
        Slip(linear @ (POINT - shift), "multiply first, then add the last column."),
        Slip(linear @ POINT - shift, "the last column is added, not taken away."),
        Slip(np.linalg.solve(linear, POINT - shift), "this is the way back, from the frame to the render."),
        Slip(POINT + shift, "the first two columns multiply the point."),
    ]
    judging.array(_flat(answer), linear @ POINT + shift, 1e-5, slips)
    return "`cv2.warpAffine` asks this for each pixel of the render, and takes what it finds there."


@exercise("02.2", "Which change does ECC notice?")
def which_change_is_noticed(answer: object) -> str:
    """Of four changes of the render, the one that lowers its correlation with the frame."""
    words = "a correlation takes the mean away first, and divides by the spread last. What is left of this change?"
    judging.choice(answer, "c", {"a": words, "b": words, "d": words})
    return "A tone mapping that works region by region does just this, and so ECC on grey values sees another picture."


@exercise("02.3", "One frame goes wrong: what about the next?")
def what_follows_a_bad_frame(answer: object) -> str:
    """What the procedure per frame makes of the frames after one that went badly wrong."""
    judging.choice(answer, "d", {
        "a": "each frame is matched by itself, but where does its search start?",
        "b": "ECC knows only its coefficient, and stops where this grows no more. Who would tell it that it is wrong?",
        "c": "read the sentence above again: what happens at the border of two scenes?",
    })  # fmt: skip
    return "ECC climbs from where it stands; from far away it may end on another hill, and hand that on."


@exercise("02.4", "Compose two maps", points=2)
def implement_compose(answer: object) -> str:
    """compose(second, first): the map (2 x 3) that applies `first`, then `second`."""
    rng = np.random.default_rng(3)
    cases = [tuple(rng.normal(size=(2, 2, 3)) + np.eye(2, 3)) for _ in range(3)]

    def right(second: np.ndarray, first: np.ndarray) -> np.ndarray:
        return second @ np.vstack([first, [0, 0, 1]])

    def apart(second: np.ndarray, first: np.ndarray) -> np.ndarray:
        return np.column_stack([second[:, :2] @ first[:, :2], second[:, 2] + first[:, 2]])

    slips = [
        Slip(lambda a, b: right(b, a), "this applies `second` before `first`. Which one stands next to the point?"),
        Slip(apart, "the shift of `first` is multiplied by `second`, too: it is part of the point that `second` gets."),
        Slip(lambda a, b: a * b, "this multiplies number by number. Maps need the matrix product, `@`."),
        Slip(lambda a, b: a + b, "maps are applied one after the other, not added."),
        Slip(lambda a, b: np.vstack([right(a, b), [0, 0, 1]]), "leave out the row 0, 0, 1: 2 x 3 is wanted."),
        Slip(lambda a, b: right(a, b).T, "rows and columns have changed places."),
    ]  # fmt: skip
    judging.function(answer, cases, right, 1e-5, slips)
    return "So each frame's own small shift is joined with the map to the render, which all frames share."


@exercise("02.5", "Implement the coefficient of ECC", points=2)
def implement_ecc(answer: object) -> str:
    """ecc(a, b): the correlation of two grey pictures of one size, [-1, 1]."""
    rng = np.random.default_rng(5)
    bytes_ = rng.integers(0, 256, (6, 9), dtype=np.uint8)
    others = np.clip(bytes_ // 2 + rng.integers(0, 90, (6, 9)), 0, 255).astype(np.uint8)
    units = rng.random((5, 8)) + 0.3
    cases = [(bytes_, others), (units, 2 - units + 0.4 * rng.random((5, 8))), (units, rng.random((5, 8)) + 3)]

    def parts(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return a - a.mean(), b - b.mean()

    def right(a: np.ndarray, b: np.ndarray) -> float:
        a, b = parts(a, b)
        return float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        a, b = a.astype(float), b.astype(float)
        return float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))

    def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        a, b = parts(a, b)
        return a * b

    slips = [
        Slip(cosine, "take its mean away from each picture first."),
        Slip(lambda a, b: product(a, b).sum(), "divide by the lengths of both, so that contrast does not count."),
        Slip(lambda a, b: product(a, b).mean(), "this is the covariance. Divide by the spread of both pictures."),
        Slip(lambda a, b: product(a, b).sum() / (a.std() * b.std()), "a sum above and means below do not go together."),
        Slip(lambda a, b: product(a, b).mean() / (a.var() * b.var()), "divide by the spreads, not by their squares."),
        Slip(lambda a, b: right(a, b) ** 2, "this is the square: a negative picture would count as alike."),
        Slip(lambda a, b: abs(right(a, b)), "a negative picture is not alike: keep the sign."),
        Slip(lambda a, b: 1 - right(a, b), "this falls as pictures become alike; the coefficient grows."),
        Slip(lambda a, b: -right(a, b), "the sign is the wrong way round."),
        Slip(lambda a, b: np.corrcoef(a.ravel(), b.ravel()), "a table of four: which of them is wanted?"),
        Slip(lambda a, b: ((a - b.astype(float)) ** 2).mean(), "this is the squared error, which sees brightness."),
    ]  # fmt: skip
    judging.function(answer, cases, right, 1e-5, slips)
    return "ECC climbs on just this number, with the map as its unknown."


@exercise("02.6", "What half a pixel costs", points=2)
def cost_of_half_a_pixel(answer: object, render: np.ndarray) -> str:
    """PSNR in dB of the render with itself, half a pixel to the right: each pixel the mean of it and its neighbour."""
    picture = render.astype(np.float64)
    half = (picture[:, :-1] + picture[:, 1:]) / 2
    repeated = np.column_stack([picture[:, :1], half])
    pairs = [(half, picture[:, 1:]), (repeated, picture)]  # the first column left out, or as it was
    good = [_decibel(rounded(moved), still) for moved, still in pairs for rounded in (np.asarray, np.round, np.floor)]
    middle, reach = (min(good) + max(good)) / 2, (max(good) - min(good)) / 2
    wrapped = ((render[:, :-1] + render[:, 1:]) / 2, picture[:, :-1])
    rolled = (picture + np.roll(picture, 1, axis=1)) / 2
    down = (picture[:-1] + picture[1:]) / 2
    slips = [
        Slip(_decibel(*wrapped), "the sum of two bytes may be more than 255, and wraps. Convert the render first."),
        Slip(metrics.psnr_wrapping_uint8(np.floor(half).astype(np.uint8), render[:, 1:]), "the difference wraps."),
        Slip(_decibel(picture[:, :-1], picture[:, 1:]), "this is a whole pixel. Take the mean of the two neighbours."),
        Slip(_decibel(down, picture[1:]), "this moves the render down. Columns are the second axis."),
        Slip(_decibel(rolled, picture), "the first column has got the last one as its neighbour. Leave it out."),
        Slip(middle - 20 * np.log10(255), "the data range is 255, not 1."),
        Slip(middle * np.log(10), "decibels count with the logarithm to base 10."),
        Slip(_decibel((half + picture[:, 1:]) / 2, picture[:, 1:]), "this is a quarter of a pixel."),
    ]  # fmt: skip
    judging.number(answer, middle, reach + 0.02, slips)
    return "No method that paints this very picture can score more while it lies half a pixel off."


@exercise("02.7", "How far off are the corners?")
def error_at_the_corner(answer: object, size: tuple[int, int]) -> str:
    """Pixels by which a turn of one degree about the centre moves a corner of a picture of `size` (width, height)."""
    turn, (width, height) = np.radians(DEGREES), size
    radius = np.hypot(width, height) / 2
    centre = ((width - 1) / 2, (height - 1) / 2)
    mean = registration.displacement(cv2.getRotationMatrix2D(centre, DEGREES, 1), registration.IDENTITY, size).mean()
    slips = [
        Slip(2 * radius * turn, "this turns about a corner, not about the centre."),
        Slip(width / 2 * turn, "this is the middle of an edge. A corner is farther from the centre."),
        Slip(height / 2 * turn, "this is the middle of an edge. A corner is farther from the centre."),
        Slip(2 * radius * np.sin(DEGREES / 2), "`np.sin` and its like take radians. See `np.radians`."),
        Slip(radius * DEGREES, "one degree is not 1. See `np.radians`."),
        Slip(mean, "this is the mean over the picture, as the score has it. What about a corner alone?"),
        Slip(0, "this is the error at the centre."),
    ]
    judging.number(answer, radius * turn, 0.005 * radius * turn + 0.03, slips)
    return f"The mean over the picture is {mean:.1f} px, and the centre is not off at all."


@exercise("02.8", "Find the misaligned pair", points=2)
def find_the_misaligned_pair(answer: object, aligned: Sequence[AlignedScene]) -> str:
    """The number, from 0, of the pair of `one_misaligned(aligned)` whose frame does not lie on its render."""
    scenes = _inspected(aligned)
    found = judging.as_number(answer)
    if found not in range(len(scenes)):
        raise NotYetError(f"there are {len(scenes)} pairs, counted from 0; {found:g} is none of them.")
    if found != _misaligned(scenes):  # no word on too large or too small, which would soon give it away
        raise NotYetError("this pair is aligned. Compare structures, not grey values: tone mapping changes these.")
    return "A look at the worst pairs by structure is a cheap check of any set of pairs."


def one_misaligned(aligned: Sequence[AlignedScene]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return some pairs (metered frame, render), uint8, height x width x 3; one frame has been moved by some pixels."""
    scenes = _inspected(aligned)
    pairs = [(scene.frames[scene.nearest(0)], scene.render) for scene in scenes]
    wrong = _misaligned(scenes)
    frame, render = pairs[wrong]
    right, down = (round(share * render.shape[0]) for share in MOVED)
    moved = np.array([[1, 0, right], [0, 1, down]], np.float32)
    pairs[wrong] = (registration.resample(frame, moved, render.shape[1::-1]), render)
    return pairs


def _inspected(aligned: Sequence[AlignedScene]) -> list[AlignedScene]:
    usable = [scene for scene in aligned if len(scene.frames)]
    return [usable[i] for i in spread(np.arange(len(usable)), PAIRS)]


def _misaligned(scenes: Sequence[AlignedScene]) -> int:
    """Return which pair is to be misaligned: not to be guessed, and always the same for the same scenes."""
    return zlib.crc32("".join(scene.name for scene in scenes).encode()) % len(scenes)


def _decibel(image: np.ndarray, reference: np.ndarray) -> float:
    return float(metrics.psnr(image, reference, data_range=255))


def _flat(answer: object) -> object:
    """Return an array of one row or column as a flat one: [[x], [y]] is a point, too."""
    try:
        values = np.asarray(answer)
        return values.ravel() if values.size == 2 and values.dtype.kind in "fiu" else answer
    except Exception:  # `judging` says what is off
        return answer
