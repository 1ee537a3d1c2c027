"""Notebook 9's exercises take what is right, and refuse what students get wrong."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from helpers.answers import NONSENSE, accepts, judged, refuses
from scipy import stats

from hdrkit.ablations import analysis, effects, pair_changes, studies
from hdrkit.ablations.studies import Setting
from hdrkit.exercises import check, notebook_09
from hdrkit.models.report_net import Design
from hdrkit.training.recipes import RECIPES, Recipe

pytestmark = pytest.mark.slow  # hundreds of bootstraps


def by_indices(differences, resamples, rng):
    seeds, scenes = differences.shape
    means = []
    for _ in range(resamples):
        rows, columns = rng.integers(seeds, size=seeds), rng.integers(scenes, size=scenes)
        means.append(differences[np.ix_(rows, columns)].mean())
    return np.quantile(means, [0.025, 0.975])


def by_choice(differences, resamples, rng):
    """Draw columns first, and return a tuple of percentiles."""
    own = np.random.default_rng()
    means = [own.choice(own.choice(differences, differences.shape[1], axis=1), len(differences)).mean()
             for _ in range(resamples)]  # fmt: skip
    return tuple(np.percentile(means, [2.5, 97.5]))


def as_the_kit_does(differences, resamples, rng):
    table = pd.DataFrame(differences).stack()
    return analysis._with_interval(table.rename_axis(["seed", "scene"]), resamples, seed=int(rng.integers(99)))[1:]


def by_lists(differences, resamples, rng):
    means = []
    for _ in range(resamples):
        rows = [int(i) for i in rng.integers(len(differences), size=len(differences))]
        columns = [int(i) for i in rng.integers(differences.shape[1], size=differences.shape[1])]
        means.append(sum(float(differences[r, c]) for r in rows for c in columns) / differences.size)
    means.sort()
    return [means[int(0.025 * resamples)], means[int(0.975 * resamples)]]


def ends(differences, resamples, rng, rows=True, columns=True, replace=True, low=0.025, high=0.975, of=np.mean):
    """Return a bootstrap with one of many mistakes in it."""
    means = []
    for _ in range(resamples):
        drawn = differences
        if rows:
            drawn = rng.choice(drawn, len(drawn), replace=replace)
        if columns:
            drawn = rng.choice(drawn, drawn.shape[1], replace=replace, axis=1)
        means.append(of(drawn))
    return np.quantile(means, [low, high])


def pooled(differences, resamples, rng):
    means = [rng.choice(differences.ravel(), differences.size).mean() for _ in range(resamples)]
    return np.quantile(means, [0.025, 0.975])


def standard_error(differences, resamples, rng):
    half = 1.96 * differences.std() / np.sqrt(differences.size)
    return differences.mean() - half, differences.mean() + half


def scenes_by_seed(differences, resamples, rng):
    means = []
    for _ in range(resamples):
        rows = rng.choice(differences, len(differences))
        means.append(np.mean([rng.choice(row, len(row)).mean() for row in rows]))
    return np.quantile(means, [0.025, 0.975])


def by_pivot(table, setting, other):
    means = table.pivot_table("psnr_db", ["seed", "scene"], "setting")
    return (means[setting] - means[other]).mean()


def by_merging(table, setting, other):
    mine, others = table[table.setting == setting], table[table.setting == other]
    both = mine.merge(others, on=["seed", "scene"])
    return np.float32((both.psnr_db_x - both.psnr_db_y).mean())


def by_dictionary(table, setting, other):
    found = {(row.setting, row.seed, row.scene): row.psnr_db for row in table.itertuples()}
    pairs = product(table.seed.unique(), table.scene.unique())
    both = [(found.get((setting, *pair)), found.get((other, *pair))) for pair in pairs]
    return float(np.mean([a - b for a, b in both if a is not None and b is not None]))


def in_place(table, setting, other):
    """Change the table that it is given, as it may."""
    table.set_index(["setting", "seed", "scene"], inplace=True)
    return float(table.psnr_db.loc[setting].sub(table.psnr_db.loc[other]).dropna().mean())


def means_apart(table, setting, other):
    return table[table.setting == setting].psnr_db.mean() - table[table.setting == other].psnr_db.mean()


def merged_on(table, setting, other, keys):
    both = table[table.setting == setting].merge(table[table.setting == other], on=keys)
    return (both.psnr_db_x - both.psnr_db_y).mean()


def by_position(table, setting, other):
    a, b = (table[table.setting == name].psnr_db.to_numpy() for name in (setting, other))
    return (a[: len(b)] - b[: len(a)]).mean()


def sorted_by_position(table, setting, other):
    return by_position(table.sort_values(["seed", "scene"]), setting, other)


def filled(table, setting, other):
    means = table.pivot_table("psnr_db", ["seed", "scene"], "setting").fillna(0)
    return (means[setting] - means[other]).mean()


def means_of_scenes(table, setting, other):
    means = table.pivot_table("psnr_db", "scene", "setting")
    return (means[setting] - means[other]).mean()


def median_of_pairs(table, setting, other):
    means = table.pivot_table("psnr_db", ["seed", "scene"], "setting")
    return (means[setting] - means[other]).median()


def complete_scenes(table, setting, other):
    means = table.pivot_table("psnr_db", "scene", ["setting", "seed"]).dropna()
    return (means[setting] - means[other]).to_numpy().mean()


def half_widths():
    every = [e for study in effects.all_studies().values() for e in study.effects("psnr_db").values()]
    return np.array([(e.high - e.low) / 2 for e in every])


WIDTHS = half_widths()
HALF = np.median(WIDTHS)
KEPT = {"total variation": "keep", "slope 0.4": "open", "sixth skip": "open", "transposed convolutions": "change",
        "ImageNet's weights": "keep", "all train scenes": "open", "input of VGG-16": "change"}  # fmt: skip
REPORTS = Setting(id="report", label="the report's")


def slope(value):
    return Setting(
        id=f"slope_{value * 100:.0f}", label=f"slope {value}", recipe=Recipe(design=Design(leaky_slope=value))
    )


def of(**changed):
    return Setting(id="_".join(changed), label=" ".join(changed), recipe=Recipe(**changed))


RIGHT = {
    "09.1": [1 - 0.95**20, 0.64, np.float32(0.6415), stats.binom.sf(0, 20, 0.05), stats.binom.cdf(19, 20, 0.95)],
    "09.2": [by_indices, by_choice, by_lists, as_the_kit_does, ends],
    "09.3": ["b", "B", " b)"],
    "09.4": [by_pivot, by_merging, by_dictionary, in_place],
    "09.5": [HALF, round(float(HALF), 2), pd.Series(2 * WIDTHS).median() / 2, np.quantile(WIDTHS, 0.5)],
    "09.6": [KEPT, pd.Series(KEPT), {name: f" {word.upper()}" for name, word in reversed(KEPT.items())}],
    "09.7": [
        [REPORTS, slope(0.3), slope(0.0)],
        (studies.STUDIES["loss"][0], *studies.STUDIES["loss"][1:]),
        [
            Setting(id="as_it_is", label="as it is", recipe=RECIPES["published"], data=pair_changes.none),
            of(adversarial=0.2),
            of(pretrained=False),
            Setting(id="blurred", label="not registered", registered=False),
            Setting(id="jpeg", label="JPEG", data=pair_changes.jpeg_75),
            Setting(id="few", label="few", data=pair_changes.few_crops(72)),
        ],
    ],
    "09.8": ["b", "B", "(b)"],
}  # fmt: skip
ONE = effects.all_studies()["loss"].seconds  # of one network
MINUTES = {"minutes": 11 * ONE / 60}  # within what three and six settings may cost
WRONG = {
    "09.1": [0.05, 1, 0.95**20, 0.05**20, 20 * 0.05 * 0.95**19, 64.15, 0.95, "0.64", 20, True],
    "09.2": [
        lambda *case: ends(*case, rows=False),
        lambda *case: ends(*case, columns=False),
        pooled,
        standard_error,  # pooled as if independent
        lambda d, n, rng: ends(d.mean(axis=0, keepdims=True), n, rng),  # a mean over seeds first
        scenes_by_seed,
        lambda *case: ends(*case, replace=False),
        lambda *case: ends(*case, low=0.05, high=0.95),
        lambda *case: ends(*case, low=0.0125, high=0.9875),
        lambda *case: ends(*case)[::-1],
        lambda d, *_: np.quantile(d, [0.025, 0.975]),
        lambda *case: ends(*case, of=np.median),
        lambda *case: ends(*case).mean(),
        lambda *case: 100 * ends(*case),
    ],
    "09.3": ["a", "c", "d", "e", 2],
    "09.4": [
        means_apart,
        by_position,
        sorted_by_position,
        filled,
        means_of_scenes,
        complete_scenes,
        lambda *case: merged_on(*case, ["scene"]),  # seeds with other seeds
        lambda *case: merged_on(*case, ["seed"]),
        lambda table, setting, other: by_pivot(table, other, setting),
        lambda *case: abs(by_pivot(*case)),
        median_of_pairs,
    ],
    "09.5": [2 * HALF, WIDTHS.mean(), WIDTHS.max(), WIDTHS.min(), 0, -HALF, "0.38", WIDTHS],
    "09.6": [
        KEPT | {"total variation": "change"},  # fewer checkerboards are better
        KEPT | {"slope 0.4": "keep"},  # no difference seen, taken for a confirmation
        KEPT | {"all train scenes": "keep"},  # one seed carries it
        KEPT | {"transposed convolutions": "keep"},
        KEPT | {"input of VGG-16": "open"},
        KEPT | {"sixth skip": "no difference"},
        {name: KEPT[name] for name in list(KEPT)[1:]},
        dict.fromkeys(KEPT, "keep"),
        list(KEPT.values()),
        dict.fromkeys(KEPT, 1),
    ],
    "09.7": [
        [slope(0.3), REPORTS, slope(0.0)],  # the report's own is not the first
        [REPORTS, slope(0.3)],
        [REPORTS, slope(0.3), slope(0.3)],
        [REPORTS, slope(0.4), slope(0.3)],  # the report's slope is 0.4
        [REPORTS, slope(0.3), of(loss="l2", pretrained=False)],  # two things
        [REPORTS, slope(0.3), of(design=Design(leaky_slope=0.0, skips=3))],
        [REPORTS, slope(0.3), Setting(id="both", label="both", recipe=Recipe(loss="l1"), registered=False)],
        [REPORTS, slope(0.3), of(decoding="radiometric")],  # scored on other frames
        [REPORTS, slope(0.3), Setting(id="leak", label="leak", data=pair_changes.by_scene)],  # scored on fewer scenes
        [REPORTS, slope(0.3), Setting(id="place", label="place", data=pair_changes.by_place)],
        [REPORTS, slope(0.3), Setting(id="slope_30", label="again", recipe=Recipe(loss="l2"))],
        [REPORTS, slope(0.3), Setting(id="x", label="slope 0.3", recipe=Recipe(loss="l2"))],
        [REPORTS, slope(0.3), Setting(id="x", label="x", recipe=slope(0.3).recipe)],  # twice the same
        [REPORTS, slope(0.3), Setting(id="My setting!", label="x", recipe=Recipe(loss="l2"))],
        [REPORTS, slope(0.3), Setting(id="x", label=["x"], recipe=Recipe(loss="l2"))],
        [REPORTS, slope(0.3), of(loss="L2")],
        [REPORTS, slope(0.3), of(symmetries="all")],
        [REPORTS, slope(0.3), Recipe(loss="l2")],
        [REPORTS, slope(0.3), Setting(id="x", label="x", recipe=Design(skips=3))],
        [REPORTS, slope(0.3), of(design=3)],
        ["l1_tv", "l1", "l2"],
        {"loss": ["l1", "l2"]},
        studies.STUDIES["repairs"],
        3,
    ],
    "09.8": ["a", "c", "d", "f", 2],
}  # fmt: skip


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG, {"09.7": MINUTES})


def test_right_intervals_count_whatever_they_draw(capsys):
    for seed in range(10):
        accepts("09.2", lambda d, n, _, seed=seed: by_indices(d, n, np.random.default_rng(seed)), capsys)


def test_false_alarms_are_as_frequent_as_the_answer_says():
    draws = np.random.default_rng(1).random((100_000, 20))
    assert (draws < 0.05).any(axis=1).mean() == pytest.approx(RIGHT["09.1"][0], abs=0.006)


def test_the_fair_difference_is_that_of_the_kept_studies():
    table, _ = analysis.read("loss")
    kept = analysis.difference(table, "l2", "l1", "psnr_db").value
    assert by_dictionary(table, "l2", "l1") == pytest.approx(kept)
    assert means_apart(table, "l2", "l1") == pytest.approx(kept)  # nothing is missing there


@pytest.fixture
def planted(monkeypatch):
    """Return a function that lets each choice's study say what is planted."""

    def plant(low, high, seeds):
        one = analysis.Effect((low + high) / 2, low, high, seeds)

        class Study:
            def effect(self, *_):
                return one

        monkeypatch.setattr(notebook_09, "_kept", lambda: dict.fromkeys(effects.all_studies(), Study()))

    return plant


@pytest.mark.parametrize(
    ("low", "high", "seeds", "more_is_better", "less_is_better"),
    [
        (1, 3, (2, 2, 2), "change", "keep"),
        (-3, -1, (-2, -2, -2), "keep", "change"),
        (-1, 3, (1, 1, 1), "open", "open"),
        (1, 3, (0.1, 0.1, 5.8), "open", "open"),
    ],
)
def test_verdicts_follow_from_the_kept_tables(planted, capsys, low, high, seeds, more_is_better, less_is_better):
    """Kept tables change; the right answer then changes with them."""
    planted(low, high, seeds)
    fewer = ("total variation", "transposed convolutions")
    accepts("09.6", {name: less_is_better if name in fewer else more_is_better for name in KEPT}, capsys)


def test_without_kept_tables_there_is_no_answer(monkeypatch, capsys):
    monkeypatch.setattr(notebook_09, "_kept", dict)
    monkeypatch.setattr(notebook_09, "_differences_in_psnr", list)
    for number, answer, given in (("09.5", 0.4, {}), ("09.6", KEPT, {}), ("09.7", RIGHT["09.7"][0], MINUTES)):
        check(number, answer, **given)
        assert "has no answer on these data" in capsys.readouterr().out


def test_the_cost_counts_settings_and_seeds(capsys):
    design = RIGHT["09.7"][0]
    accepts("09.7", studies.STUDIES["skips"], capsys, minutes=21 * ONE / 60)
    # 6: the report's own network is trained already
    for minutes in (9 * ONE / 60, 6 * ONE / 60, np.float32(9 * ONE / 60), round(9 * ONE / 60)):
        accepts("09.7", design, capsys, minutes=minutes)
    assert "in seconds" in refuses("09.7", design, minutes=9 * ONE)
    assert "one seed" in refuses("09.7", design, minutes=3 * ONE / 60)
    for wrong in (0, ONE / 60, -4.5, 50 * ONE / 60, 9 * ONE / 3600, *NONSENSE.values()):
        refuses("09.7", design, minutes=wrong)


def test_known_mistakes_are_named():
    assert "none of them" in refuses("09.1", 0.358)
    assert "expected" in refuses("09.1", 1)
    assert "scenes only" in refuses("09.2", WRONG["09.2"][0])
    assert "seeds only" in refuses("09.2", WRONG["09.2"][1])
    assert "independent" in refuses("09.2", pooled)
    assert "independent" in refuses("09.2", standard_error)
    assert "same ones for all" in refuses("09.2", scenes_by_seed)
    assert "not 5 %" in refuses("09.2", WRONG["09.2"][7])
    assert "different scenes" in refuses("09.4", means_apart)
    assert "seed by seed" in refuses("09.4", means_of_scenes)
    assert "not zero" in refuses("09.4", filled)
    assert "whole width" in refuses("09.5", 2 * HALF)
    assert "more of this measure better" in refuses("09.6", WRONG["09.6"][0])
    assert "strongest seed" in refuses("09.6", WRONG["09.6"][2])
    assert "changes loss and pretrained" in refuses("09.7", WRONG["09.7"][4], **MINUTES)
    assert "on fewer scenes" in refuses("09.7", WRONG["09.7"][8], **MINUTES)
    assert "changes nothing" in refuses("09.7", WRONG["09.7"][3], **MINUTES)
