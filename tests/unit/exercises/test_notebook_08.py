"""Notebook 8's exercises take what is right, and refuse what students get wrong."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from helpers.answers import NONSENSE, accepts, judged, refuses
from helpers.scenes import make_scene
from scipy import stats

from hdrkit.dataset.crops import cut
from hdrkit.evaluation import scoring
from hdrkit.widgets.errors import browse_errors


def blue(pictures):
    return pictures[..., 2].astype(np.int16) - pictures[..., 0]


def shift_by_loop(output, render, region):
    total = 0
    for at in np.argwhere(region):
        (r, _, b), (r0, _, b0) = output[*at].tolist(), render[*at].tolist()
        total += (b - r) - (b0 - r0)
    return total / region.sum()


def kendall(order, other):
    """Return the distance from SciPy's tau."""
    pairs = len(order) * (len(order) - 1) / 2
    tau = stats.kendalltau(range(len(order)), [other.index(name) for name in order]).statistic
    return round(pairs * (1 - tau) / 2)


def bubbles(order, other):
    """Return how many swaps of neighbours sort one order into the other; the lists are used up."""
    swaps = 0
    while order:
        swaps += other.index(first := order.pop(0))
        other.remove(first)
    return swaps


def disagreeing(order, other):
    return sum(other.index(a) > other.index(b) for a, b in combinations(order, 2))


RIGHT = {
    "08.1": ["b", "B", "b)"],
    "08.2": [
        lambda o, r, c: (blue(o) - blue(r))[c].mean(),
        lambda o, r, c: np.mean(blue(o)[c]) - np.mean(blue(r)[c]),
        shift_by_loop,
        lambda o, r, c: np.diff((o / 255 - r / 255)[c].mean(axis=0)[[0, 2]]) * 255,
        lambda o, r, c: np.sum((blue(o) - blue(r)) * c, dtype=np.float64) / c.sum(),
    ],
    "08.5": [disagreeing, kendall, bubbles, lambda a, b: np.float32(disagreeing(b, a))],
}  # fmt: skip
WRONG = {
    "08.1": ["a", "c", "d", "yes", 2],
    "08.2": [
        lambda o, r, c: (o[..., 2] - o[..., 0])[c].mean() - (r[..., 2] - r[..., 0])[c].mean(),  # wraps
        lambda o, r, c: ((o[..., 2] - o[..., 0]) - (r[..., 2] - r[..., 0]))[c].mean(),  # wraps further
        lambda o, r, c: (blue(r) - blue(o))[c].mean(),
        lambda o, r, c: blue(o)[c].mean(),
        lambda o, r, c: (blue(o) - blue(r)).mean(),
        lambda o, r, c: (blue(o) - blue(r))[~c].mean(),
        lambda o, r, c: np.abs(blue(o) - blue(r))[c].mean(),
        lambda o, r, c: ((blue(o) - blue(r)) * c).mean(),
        lambda o, r, c: np.mean([(blue(a) - blue(b))[m].mean() for a, b, m in zip(o, r, c, strict=True)]),
        lambda o, r, c: (o[..., 2].astype(float) - r[..., 2])[c].mean(),
        lambda o, r, c: (blue(o) - blue(r))[c].sum(),
        lambda o, r, c: np.square(blue(o) - blue(r), dtype=float)[c].mean(),
        lambda o, r, c: (blue(o[::-1]) - blue(r))[c].mean(),
        lambda o, r, c: (blue(o) - blue(r))[c],
        12.0,
    ],
    "08.5": [
        lambda a, b: 2 * disagreeing(a, b),
        lambda a, b: len(a) * (len(a) - 1) // 2 - disagreeing(a, b),
        lambda a, b: sum(x != y for x, y in zip(a, b, strict=True)),
        lambda a, b: sum(abs(i - b.index(name)) for i, name in enumerate(a)),
        lambda a, b: sum((i - b.index(name)) ** 2 for i, name in enumerate(a)),
        lambda a, b: sum(b.index(x) > b.index(y) for x, y in pairwise(a)),
        lambda a, b: disagreeing(a, b) / (len(a) * (len(a) - 1) / 2),
        lambda a, b: stats.kendalltau(range(len(a)), [b.index(name) for name in a]).statistic,
        lambda a, b: disagreeing(a, sorted(b)),
        lambda a, b: a == b,
        7,
    ],
}


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


@pytest.fixture(scope="module")
def crops():
    return cut([make_scene("barn", "test", (32, 48)), make_scene("mill", "test", (32, 48), seed=1)], 32)


@pytest.fixture(scope="module")
def gallery(crops):
    """Return a gallery whose haziest picture is below the mean PSNR, and whose next haziest is above it."""
    scores = scoring.score(255 - crops.x, crops, "negative")
    order = np.argsort(scores.psnr_db.to_numpy())
    sharpness = np.linspace(0.6, 0.9, len(order))
    sharpness[order[[0, 1, -3]]] = 0.1, 1.2, 0.3
    return browse_errors(crops, 255 - crops.x, scores.assign(**{"sharpness of edges": sharpness}))


def test_the_hazy_picture_that_psnr_praises(gallery, capsys):
    psnr = gallery.measures["whole picture", "PSNR"]
    place = int(np.argsort(psnr.to_numpy())[-3])
    gallery.choose(place)
    table = gallery.measures["whole picture"]
    computed = table.query("PSNR > PSNR.mean()")["sharpness of edges"].idxmin()
    for right in (gallery.chosen, computed, float(place)):
        accepts("08.3", right, capsys, gallery=gallery)


def test_other_pictures_are_not_it(gallery):
    psnr, sharpness = (gallery.measures["whole picture", name] for name in ("PSNR", "sharpness of edges"))
    above = psnr > psnr.mean()
    assert "not above the mean" in refuses("08.3", sharpness.idxmin(), gallery=gallery)
    assert "less sharp" in refuses("08.3", psnr.idxmax(), gallery=gallery)
    for wrong in (psnr.idxmin(), sharpness.idxmax(), sharpness[above].idxmax(), psnr[above].idxmin(), -1, 36, 0.5):
        refuses("08.3", wrong, gallery=gallery)
    for nonsense in NONSENSE.values():
        refuses("08.3", nonsense, gallery=gallery)


NAMES = ["brighter", "yellow cast", "noise", "checkerboard", "blur", "shifted"]


def test_any_order_counts(capsys):
    for right in (NAMES, tuple(NAMES[::-1]), np.array(NAMES), pd.Index(NAMES), pd.Series(NAMES[3:] + NAMES[:3])):
        accepts("08.4", right, capsys, pictures=NAMES)
        accepts("08.4", right, capsys, pictures=dict.fromkeys(NAMES))


@pytest.mark.parametrize(
    "wrong", [NAMES[1:], [*NAMES, "blur"], ["blur"] * 6, [*NAMES[1:], "dark"], range(6), "blur", ", ".join(NAMES), 6]
)
def test_what_is_no_order_does_not(wrong):
    refuses("08.4", wrong, pictures=NAMES)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_no_order(nonsense):
    refuses("08.4", NONSENSE[nonsense], pictures=NAMES)


def test_known_mistakes_are_named():
    assert "below 0" in refuses("08.2", WRONG["08.2"][0])
    assert "pictures' means" in refuses("08.2", WRONG["08.2"][8])
    assert "counts once" in refuses("08.5", WRONG["08.5"][0])
