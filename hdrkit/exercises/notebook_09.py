"""Exercises of notebook 9: false alarms, intervals over seeds and scenes, fair differences, verdicts, a study."""

from collections.abc import Mapping
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from hdrkit.ablations import effects
from hdrkit.ablations.analysis import Effect, Study
from hdrkit.exercises import judging, study_design
from hdrkit.exercises.exercise import NotHereError, NotYetError, exercise
from hdrkit.exercises.judging import Slip


@exercise("09.1", "Predict the false alarms")
def predict_false_alarms(answer: object) -> str:
    """Twenty independent intervals around differences that do not exist: how probable is it that one excludes 0?"""
    slips = [
        Slip(0.05, "this is the probability for one comparison. There are twenty."),
        Slip(1, "one false alarm is expected, on average. But is it certain that there is one?"),
        Slip(0.95**20, "this is the probability that none of them excludes zero."),
        Slip(0.05**20, "this is the probability that *all* of them exclude zero."),
        Slip(20 * 0.05 * 0.95**19, "this is the probability of exactly one. Two false alarms or more count, too."),
        Slip(0.95, "this is the probability that one interval includes zero. What about twenty?"),
        Slip(1 - 0.975**20, "an interval misses zero on either side: 2.5 % and 2.5 %."),
        Slip(100 * (1 - 0.95**20), "give a probability between 0 and 1, not per cent."),
    ]
    judging.number(answer, 1 - 0.95**20, 0.006, slips)
    return "So one interval that excludes zero, picked from many, proves little. Say how many comparisons were made."


@exercise("09.2", "The interval over seeds and scenes", points=3)
def implement_the_interval(answer: object) -> str:
    """interval(differences, resamples, rng): ends of the means over drawn seeds (rows) and drawn scenes (columns).

    The ends are random. The tolerance is about four standard errors of an end, and the known mistakes are farther off.
    """
    cases = [(_differences(seed=1), 4000, np.random.default_rng(1))]
    too_narrow = (
        "too narrow. Are the scenes of a resample the same ones for all of its seeds? And are 2.5 % left out on "
    )
    too_narrow += "either side, not 5 %?"
    slips = [
        Slip(_scenes_only, "this draws scenes only. Another seed would have moved the result, too."),
        Slip(_seeds_only, "this draws seeds only. Other scenes would have moved the result, too."),
        Slip(_pooled, "this draws single differences, as if all of them were independent. Draw rows and columns."),
        Slip(_scenes_by_seed, too_narrow),  # a 90 % interval is about as wide
        Slip(_of_values, "these are quantiles of the differences. Take quantiles of the resamples' means."),
        Slip(
            lambda d, *_: np.full(2, d.mean()),
            "each resample holds all rows and columns once. Draw *with* replacement.",
        ),
        Slip(lambda *case: _interval(*case)[::-1], "the low end comes first."),
        Slip(partial(_interval, outside=0.1), too_narrow),
        Slip(partial(_interval, outside=0.025), "2.5 % are left out on either side. How many did you leave?"),
    ]
    judging.function(answer, cases, lambda d, _, rng: _interval(d, 40000, rng), TOLERANCE, slips)
    return (
        "It has one line more than the bootstrap over scenes: what else could have turned out otherwise is drawn, too."
    )


@exercise("09.3", "Predict which loss wins in PSNR")
def predict_the_winner(answer: object) -> str:
    """L2 asks for what PSNR measures: on the training pictures, and in the end."""
    judging.choice(answer, "b", {
        "a": "the least error on which pictures, and after how many steps?",
        "c": "which number has the least mean squared distance to others, their mean or their median?",
        "d": "total variation aside: is the minimum reached in a short training, and is it that of the test pictures?",
    })  # fmt: skip
    return (
        "The loss says where a training is to end. How fast it gets there, and how well that generalises, is another."
    )


@exercise("09.4", "Find the fault: what is compared with what?", points=2)
def compare_fairly(answer: object) -> str:
    """difference(table, setting, other): mean of PSNR differences over (seed, scene) that both settings have."""
    cases = [
        (_unfinished(seed), setting, other) for seed, setting, other in ((1, "b", "a"), (2, "a", "c"), (3, "b", "c"))
    ]
    slips = [
        Slip(
            lambda t, a, b: t[t.setting == a].psnr_db.mean() - t[t.setting == b].psnr_db.mean(),
            "these are means over different scenes: those of one setting may be harder. Subtract, then take the mean.",
        ),
        Slip(_by_position, "rows at the same position need not be of the same seed and scene. Pair them by both."),
        Slip(_by_scene, "pair seed by seed, too: a mean over seeds may hold other seeds in one setting."),
        Slip(_complete_scenes, "you leave out too much: a pair counts where *both* settings have it."),
        Slip(_filled_with_zero, "what is missing is not zero. Leave it out."),
        Slip(_every_seed_with_every, "you pair seeds with other seeds. Match the seed and the scene."),
        Slip(lambda t, a, b: -_difference(t, a, b), "the sign is the wrong way round: it is `setting` less `other`."),
        Slip(lambda t, a, b: _paired(t, a, b).median(), "this is the median; the mean is wanted."),
    ]  # fmt: skip
    judging.function(answer, cases, _difference, 1e-6, slips)
    return "Where no row is missing, both ways give the same mean. The interval around it is another matter."


@exercise("09.5", "How large must a difference be?")
def how_large_to_be_seen(answer: object) -> str:
    """The median half width of the intervals of all differences in PSNR that the kept studies hold."""
    of_psnr = _differences_in_psnr()
    if not of_psnr:
        raise NotHereError("no study is finished. `hdrkit study all --into results/studies` makes them.")
    widths = np.array([effect.high - effect.low for effect in of_psnr])
    slips = [
        Slip(np.median(widths), "this is the whole width. How far does an interval reach to one side?"),
        Slip(widths.mean() / 2, "this is a mean, which a few very wide intervals pull up. Take the median."),
        Slip(widths.max() / 2, "this is the widest interval. Take the median of all."),
        Slip(widths.min() / 2, "this is the narrowest interval. Take the median of all."),
        Slip(np.median([abs(e.value) for e in of_psnr]), "this is how large the differences are, not their intervals."),
        Slip(np.median([e.value - e.low for e in of_psnr]), "take half of the whole width: `high` less `low`."),
        Slip(np.median([e.high - e.value for e in of_psnr]), "take half of the whole width: `high` less `low`."),
    ]
    judging.number(answer, float(np.median(widths) / 2), 0.006, slips)
    seen = sum(effect.seen for effect in of_psnr)
    return f"Most choices change less than this. Here {seen} of {len(of_psnr)} differences in PSNR are seen."


@exercise("09.6", "Keep, change, or open?", points=2)
def keep_change_or_open(answer: object) -> str:
    """A verdict on each of CHOICES, by one measure: that of the rule in the question, applied to the kept tables."""
    if isinstance(answer, pd.Series):
        answer = answer.to_dict()
    if not isinstance(answer, Mapping):
        raise NotYetError('a dictionary is wanted: {"total variation": "keep", ...}, with a word for each choice.')
    if missing := [name for name in CHOICES if name not in answer]:
        raise NotYetError(f"still missing: {', '.join(missing)}.")
    right = {name: _verdict(choice) for name, choice in CHOICES.items()}
    for name, verdict in right.items():
        given = answer[name].strip().lower() if isinstance(answer[name], str) else None
        if given not in ("keep", "change", "open"):
            raise NotYetError(f'`{name}` needs one of the words "keep", "change" and "open".')
        if given == verdict:
            continue
        if "open" in (given, verdict):
            raise NotYetError(
                f"look again at `{name}`: is 0 in the interval, and what is left without the strongest seed?"
            )
        raise NotYetError(f"look again at `{name}`: is more of this measure better, or less?")
    counts = {verdict: list(right.values()).count(verdict) for verdict in ("keep", "change", "open")}
    return f"Keep {counts['keep']}, change {counts['change']}; {counts['open']} stay open, for this length of training."


@exercise("09.7", "Design a study", points=3)
def design_a_study(answer: object, minutes: object) -> str:
    """A list of settings, as studies.STUDIES holds them: first the report's, each other one changes one thing.

    minutes: what the training costs, as long per network as the kept studies took.
    """
    settings = study_design.judge_settings(answer)
    if not _kept():
        raise NotHereError("no study is finished, so that nobody knows how long one takes.")
    networks = study_design.judge_cost(minutes, settings, list(_kept().values()))
    return f"{networks} networks. Steps, seeds and scenes belong to the profile, so they are equal for all settings."


@exercise("09.8", "A gradient from where nothing is left")
def gradient_of_the_clipped(answer: object) -> str:
    """A gradient says how the output would change with a pixel, and not what the pixel knows of the scene."""
    judging.choice(answer, "b", {
        "a": "all three channels are at white there. Which colour has (255, 255, 255)?",
        "c": "it is the sensor that is clipped. Does the network know, and is its derivative 0 at an input of 1?",
        "d": "at test time it has one frame. Where would it have the other one from?",
    })  # fmt: skip
    return (
        "White goes through the same weights as any value. And where one channel is clipped, the other two still tell "
        "colour and detail; where all are, the region's outline and its neighbours are what is left."
    )


TOLERANCE = 0.09  # in exercise 09.2, relative to the farther end of an interval, which is about 2 from 0


@cache  # its interval takes as long as an answer's
def _differences(seed: int) -> np.ndarray:
    """Return differences by seed and scene, (6, 14), to which seeds and scenes contribute alike.

    They are scaled to an interval that is 4 wide, around 0.
    """
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 0.05, (6, 14)) + np.linspace(-1, 1, 6)[:, None] + np.linspace(-1.5, 1.5, 14) ** 3 / 2
    low, high = _interval(values, 40000, rng)
    return (values - values.mean()) * 4 / (high - low)


def _interval(values: np.ndarray, resamples: int, rng: np.random.Generator, outside: float = 0.05) -> np.ndarray:
    """Return the ends of the means over drawn rows and columns, with a share of `outside` left out in all."""
    rows = _drawn(len(values), resamples, rng)
    columns = _drawn(values.shape[1], resamples, rng)
    means = np.einsum("rs,sc,rc->r", rows, values, columns)
    return np.quantile(means, [outside / 2, 1 - outside / 2])


def _drawn(number: int, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Return the shares of `number` things in each resample, (resamples, number)."""
    return rng.multinomial(number, np.full(number, 1 / number), size=resamples) / number


def _scenes_only(values: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    return _interval(values.mean(axis=0, keepdims=True), resamples, rng)


def _seeds_only(values: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    return _interval(values.mean(axis=1, keepdims=True), resamples, rng)


def _pooled(values: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    return _interval(values.reshape(1, -1), resamples, rng)


def _scenes_by_seed(values: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw seeds, and scenes for each of them anew."""
    seeds, scenes = values.shape
    rows = rng.integers(seeds, size=(resamples, seeds, 1))
    columns = rng.integers(scenes, size=(resamples, seeds, scenes))
    return np.quantile(values[rows, columns].mean(axis=(1, 2)), [0.025, 0.975])


def _of_values(values: np.ndarray, *_: object) -> np.ndarray:
    return np.quantile(values, [0.025, 0.975])


def _unfinished(seed: int) -> pd.DataFrame:
    """Return a study's table in a mixed order, of unlike scenes, some of which single settings lack with some seeds."""
    rng = np.random.default_rng(seed)
    keys = pd.MultiIndex.from_product([list("abc"), [1, 2, 3], list("stuvwx")], names=["setting", "seed", "scene"])
    table = keys.to_frame(index=False)
    table["psnr_db"] = 15 + 2 * table.scene.map(ord).sub(ord("s")) + table.seed * rng.normal(size=len(table)).round(3)
    kept = np.ones(len(table), bool)
    kept[rng.permutation(len(table))[:4]] = False
    kept[(table.scene >= "w") & (table.seed == 3) & (table.setting != "c")] = False
    kept[(table.scene == "x") & (table.setting == "a")] = False  # a hard or an easy scene that one setting lacks
    return table[kept].sample(frac=1, random_state=seed).reset_index(drop=True)


def _by_pair(table: pd.DataFrame, setting: str) -> pd.Series:
    return table[table.setting == setting].set_index(["seed", "scene"]).psnr_db


def _paired(table: pd.DataFrame, setting: str, other: str) -> pd.Series:
    return (_by_pair(table, setting) - _by_pair(table, other)).dropna()


def _difference(table: pd.DataFrame, setting: str, other: str) -> float:
    return float(_paired(table, setting, other).mean())


def _by_position(table: pd.DataFrame, setting: str, other: str) -> float:
    both = [table[table.setting == name].psnr_db for name in (setting, other)]
    return float(np.mean([a - b for a, b in zip(*both, strict=False)]))


def _by_scene(table: pd.DataFrame, setting: str, other: str) -> float:
    means = table.groupby(["setting", "scene"]).psnr_db.mean()
    return float((means[setting] - means[other]).mean())


def _complete_scenes(table: pd.DataFrame, setting: str, other: str) -> float:
    pairs = (_by_pair(table, setting) - _by_pair(table, other)).unstack("scene")
    return float(pairs.dropna(axis=1).to_numpy().mean())


def _filled_with_zero(table: pd.DataFrame, setting: str, other: str) -> float:
    scores = table.pivot_table("psnr_db", ["seed", "scene"], "setting").fillna(0)
    return float((scores[setting] - scores[other]).mean())


def _every_seed_with_every(table: pd.DataFrame, setting: str, other: str) -> float:
    both = [table[table.setting == name] for name in (setting, other)]
    merged = both[0].merge(both[1], on="scene")
    return float((merged.psnr_db_x - merged.psnr_db_y).mean())


class Choice(NamedTuple):
    """A choice of the report: the study and the setting without it, the measure, and whether more of it is better."""

    study: str
    without: str
    measure: str
    more_is_better: bool


CHOICES = {
    "total variation": Choice("loss", "l1", "checkerboard", False),
    "slope 0.4": Choice("activation", "leaky_03", "psnr_db", True),
    "sixth skip": Choice("skips", "5", "ssim", True),
    "transposed convolutions": Choice("upsampling", "bilinear_3", "checkerboard", False),
    "ImageNet's weights": Choice("pretraining", "random", "ssim", True),
    "all train scenes": Choice("dataset_size", "scenes_20", "psnr_db", True),
    "input of VGG-16": Choice("repairs", "vgg_input", "ssim", True),
}


@cache
def _kept() -> dict[str, Study]:
    return effects.all_studies()


@cache
def _differences_in_psnr() -> list[Effect]:
    return [effect for study in _kept().values() for effect in study.effects("psnr_db").values()]


def _verdict(choice: Choice) -> str:
    if choice.study not in _kept():
        raise NotHereError(f"the study `{choice.study}` is not finished.")
    without: Effect = _kept()[choice.study].effect(choice.without, choice.measure)
    if not without.seen or without.by_one_seed:
        return "open"
    return "change" if without.more == choice.more_is_better else "keep"
