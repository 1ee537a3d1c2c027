"""Exercises of notebook 8: the sky-filler and a measure with a sign, metrics and the eye."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotYetError, exercise
from hdrkit.exercises.judging import Slip

if TYPE_CHECKING:
    from hdrkit.widgets.errors import Errors


@exercise("08.1", "Which numbers to compare")
def which_numbers_to_compare(answer: object) -> str:
    """Who paints without looking paints sky-blue equally often in both rows."""
    words = {
        "a": "these are the cells where the network is right. Who never looks is not right equally often in both rows.",
        "c": "these are the cells where the network is wrong. Compare the same deed in both rows.",
        "d": "these two are one row, and add up to 100 %. What does the other row say?",
    }
    judging.choice(answer, "b", words)
    return "Who never looks does the same in both rows. A network that looks does not."


@exercise("08.2", "A measure with a sign", points=2)
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


@exercise("08.3", "A hazy picture that PSNR praises", points=2)
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


@exercise("08.4", "Put six pictures in order")
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


@exercise("08.5", "How far apart are two orders?", points=2)
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
