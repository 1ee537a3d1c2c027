"""Notebook 7's exercises take what is right, and refuse what students get wrong."""

import numpy as np
import pandas as pd
import pytest
from helpers.answers import accepts, judged, refuses
from helpers.scenes import make_scene
from skimage.metrics import peak_signal_noise_ratio

from hdrkit.dataset.crops import cut
from hdrkit.evaluation import metrics, scoring
from hdrkit.evaluation.controls import apply_control
from hdrkit.evaluation.intervals import bootstrap_interval

pytestmark = pytest.mark.slow  # hundreds of bootstraps


def by_concatenation(values, scenes, resamples, rng):
    names = np.unique(scenes)
    means = []
    for _ in range(resamples):
        drawn = rng.choice(names, size=len(names))
        means.append(np.concatenate([values[scenes == name] for name in drawn]).mean())
    return np.quantile(means, [0.025, 0.975])


def by_pandas(values, scenes, resamples, rng):
    of = pd.Series(values).groupby(scenes).agg(["sum", "count"]).to_numpy()
    drawn = of[rng.integers(0, len(of), (resamples, len(of)))].sum(axis=1)
    return list(np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5]))


def by_sorting(values, scenes, resamples, rng):
    """Return the ends from numbers of its own, as plain floats."""
    own = np.random.default_rng()
    lists = [[float(v) for v, s in zip(values, scenes, strict=True) if s == name] for name in sorted(set(scenes))]
    means = []
    for _ in range(resamples):
        drawn = [value for i in own.integers(len(lists), size=len(lists)) for value in lists[i]]
        means.append(sum(drawn) / len(drawn))
    means.sort()
    return means[int(0.025 * resamples)], means[int(0.975 * resamples)]


def ends(values, scenes, resamples, rng, low=0.025, high=0.975, quantile=np.quantile, size=None, replace=True, of=None):
    """Return a bootstrap with one of many mistakes in it."""
    names = np.unique(scenes)
    places = {name: np.flatnonzero(scenes == name) for name in names}
    means = []
    for _ in range(resamples):
        drawn = rng.choice(names, size or len(names), replace=replace)
        means.append((of or mean_of_all)([values[places[name]] for name in drawn]))
    return quantile(means, [low, high])


def mean_of_all(parts):
    return np.concatenate(parts).mean()


def pictures_drawn(values, scenes, resamples, rng):
    means = [rng.choice(values, len(values)).mean() for _ in range(resamples)]
    return np.quantile(means, [0.025, 0.975])


def counted_once(values, scenes, resamples, rng):
    names = np.unique(scenes)
    means = [values[np.isin(scenes, rng.choice(names, len(names)))].mean() for _ in range(resamples)]
    return np.quantile(means, [0.025, 0.975])


def standard_error_of_pictures(values, scenes, resamples, rng):
    half = 1.96 * values.std() / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def db(error, data_range=255):
    return 10 * np.log10(data_range**2 / error)


def squares(image, reference, region):
    return (image[region].astype(float) - reference[region]) ** 2


def region_by_loop(image, reference, region):
    places = zip(image[region].ravel().tolist(), reference[region].ravel().tolist(), strict=True)
    errors = [(a - b) ** 2 for a, b in places]
    return 20 * np.log10(255) - 10 * np.log10(sum(errors) / len(errors))


RIGHT = {
    "07.1": ["b", "B", " b)"],
    "07.2": [by_concatenation, by_pandas, by_sorting, bootstrap_interval],
    "07.3": [3, np.sqrt(9), np.float32(2.95), np.array([3.05])],
    "07.4": ["b", "B", "(b)"],
    "07.5": ["c", "C", "c."],
    "07.6": [
        lambda i, r, m: db(np.mean(squares(i, r, m))),
        region_by_loop,
        lambda i, r, m: peak_signal_noise_ratio(r[m], i[m], data_range=255),
        lambda i, r, m: np.float32(
            db(np.sum(((i.astype(int) - r) ** 2) * m[..., None]) / (3 * np.count_nonzero(m)))
        ),
        lambda i, r, m: -20 * np.log10(np.sqrt(np.mean((i[m] / 255 - r[m] / 255) ** 2))),
    ],
    "07.7": ["b", "B", "b)"],
    "07.8": [10 * np.log10(255**2 / 900), 18.6, np.float32(18.588), 20 * np.log10(8.5)],
}  # fmt: skip
WRONG = {
    "07.1": ["a", "c", "d", "level", 2],
    "07.2": [
        pictures_drawn,
        counted_once,
        standard_error_of_pictures,
        lambda *case: ends(*case, of=lambda parts: np.mean([part.mean() for part in parts])),
        lambda *case: ends(*case, replace=False),
        lambda *case: ends(*case, low=0.05, high=0.95),
        lambda *case: ends(*case, low=0.0125, high=0.9875),
        lambda *case: ends(*case, low=0.975, high=0.025),
        lambda *case: ends(*case, quantile=np.percentile),  # 0.025 of 100
        lambda *case: ends(*case, size=7),  # fewer draws than scenes
        lambda *case: ends(*case, size=len(case[0])),  # as many scenes as there are pictures
        lambda *case: ends(*case, of=lambda parts: np.median(np.concatenate(parts))),
        lambda values, *_: np.quantile(values, [0.025, 0.975]),
        lambda values, *_: [values.mean(), values.std()],
        lambda *case: np.diff(by_pandas(*case)),  # the width
        lambda *case: by_pandas(*case)[0],
        [20, 24],
    ],
    "07.3": [9, 1 / 3, 1 / 9, 1, 81, np.sqrt(180), np.sqrt(20), 20, -3, "3"],
    "07.4": ["a", "c", "d", "e", 2],
    "07.5": ["a", "b", "d", "gamma", 3],
    "07.6": [
        lambda i, r, m: db(np.mean((i[m] - r[m]) ** 2)),  # wraps
        lambda i, r, m: metrics.psnr(i * m[..., None], r * m[..., None], 255),  # zeros outside count
        lambda i, r, m: metrics.psnr(i[~m], r[~m], 255),
        lambda i, r, m: metrics.psnr(i, r, 255),
        lambda i, r, m: 10 * np.log(255**2 / squares(i, r, m).mean()),
        lambda i, r, m: db(squares(i, r, m).sum() / m.sum()),
        lambda i, r, m: db(squares(i, r, m).mean(axis=0)).mean(),
        lambda i, r, m: db(squares(i, r, m).mean(axis=1)).mean(),  # a mean of PSNRs
        lambda i, r, m: db(squares(i, r, m).mean(), 1),
        lambda i, r, m: db(np.sqrt(squares(i, r, m)).mean()),
        lambda i, r, m: -db(squares(i, r, m).mean()),
        lambda i, r, m: db(squares(i, r, m)),
        lambda i, r, m: metrics.psnr(i.transpose(1, 0, 2)[m.T[::-1]], r.transpose(1, 0, 2)[m.T[::-1]], 255),
        18.6,
    ],
    "07.7": ["a", "c", "d", "x", True],
    "07.8": [db(3600), db(1800), 10 * np.log(255**2 / 900), db(900) / 2, db(30), 170, 30, 900, np.inf, 0, "18.6"],
}


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


def test_right_bootstraps_count_whatever_they_draw(capsys):
    for _ in range(10):
        accepts("07.2", lambda v, s, n, _: by_pandas(v, s, n, np.random.default_rng()), capsys)


def test_the_bootstrap_of_pictures_is_as_narrow_as_asked(capsys):
    """What is predicted on paper is what a bootstrap of equal scores does."""
    rng = np.random.default_rng(1)
    scores, scenes = np.repeat(rng.normal(20, 2, 20), 9), np.repeat(np.arange(20), 9)
    widths = [np.ptp(bootstrap_interval(scores, of, 40000, rng)) for of in (scenes, np.arange(180))]
    accepts("07.3", widths[0] / widths[1], capsys)


@pytest.fixture(scope="module")
def crops():
    return cut([make_scene("barn", "test", (32, 48)), make_scene("mill", "test", (32, 48), seed=1)], 32)


def test_the_flat_colour_is_level(crops):
    flat = scoring.score(apply_control(crops, "best_constant"), crops, "flat")
    assert (flat.groupby(["scene", "crop"]).psnr_db.nunique() == 1).all() and flat.ev.nunique() > 1


def test_known_mistakes_are_named():
    assert "draws pictures" in refuses("07.2", pictures_drawn)
    assert "count twice" in refuses("07.2", counted_once)
    assert "scenes' means" in refuses("07.2", WRONG["07.2"][3])
    assert "*with* replacement" in refuses("07.2", WRONG["07.2"][4])
    assert "not 5 %" in refuses("07.2", WRONG["07.2"][5])
    assert "low end" in refuses("07.2", WRONG["07.2"][7])
    assert "wraps" in refuses("07.6", WRONG["07.6"][0])
    assert "also not as 0" in refuses("07.6", WRONG["07.6"][1])
    assert "nearer to both" in refuses("07.8", db(3600))
