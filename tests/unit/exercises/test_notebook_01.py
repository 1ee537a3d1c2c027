"""Notebook 1's exercises take what is right, and refuse what students get wrong."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.answers import NONSENSE, accepts, judged, refuses
from helpers.scenes import make_scene

from hdrkit.ablations import effects
from hdrkit.core.files import RESULTS
from hdrkit.evaluation import metrics
from hdrkit.evaluation.scoring import region_masks
from hdrkit.exercises import check
from hdrkit.exercises.notebook_01 import BRACKETS, _bracket
from hdrkit.images import srgb
from hdrkit.widgets import compare


def share_by_loop(frame):
    pixels = [pixel for row in frame for pixel in row]
    return sum(any(value >= 250 for value in pixel) for pixel in pixels) / len(pixels)


def greedy(well, count):
    """Choose by what is missing, as students may: another way than the judge's."""
    missing, chosen = np.ones(well.shape[1:], bool), []
    for _ in range(count):
        added = [(missing & one).sum() for one in well]
        chosen.append(int(np.argmax(added)))
        missing &= ~well[chosen[-1]]
    return chosen


def greedy_by_share(well, count):
    kept, held = [], np.zeros(well[0].shape)
    while len(kept) < count:
        shares = {i: np.maximum(held, well[i]).mean() for i in range(len(well)) if i not in kept}
        kept += [max(shares, key=shares.get)]
        held = np.maximum(held, well[kept[-1]])
    return tuple(kept)


RIGHT = {
    "01.1": [2, 2.0, np.float32(0.25) * 2**3, np.array([2])],
    "01.2": [1, 1.0, np.float64(0.98), np.array([[1]])],
    "01.3": [
        share_by_loop,
        lambda f: np.any(f > 249, axis=2).mean(dtype=np.float32),
        lambda frame: region_masks(frame)["clipped"].mean(),
        lambda f: np.count_nonzero(f.astype(float).max(-1) / 255 >= 250 / 255) / f[..., 0].size,
    ],
    "01.4": ["c", "C", " c) "],
    "01.5": ["b", "B", "(b)"],
    "01.7": [greedy, greedy_by_share, lambda well, count: np.array(greedy(well.astype(float) > 0, count), np.int16)],
}  # fmt: skip
WRONG = {
    "01.1": [0.75, 1.5, 1 / 32, 1, 4, 8, 250, 12, -2, "2", [2, 2]],
    "01.2": [2, 0.5, 4, 0, -1, 1.5, "1", True],
    "01.3": [
        lambda f: (f >= 250).mean(),
        lambda f: (f.min(axis=-1) >= 250).mean(),
        lambda f: (f.mean(axis=-1) >= 250).mean(),
        lambda f: (f.max(axis=-1) > 250).mean(),
        lambda f: (f.max(axis=-1) == 255).mean(),
        lambda f: (f.max(axis=0) >= 250).mean(),  # swapped axes
        lambda f: 100 * share_by_loop(f),
        lambda f: share_by_loop(f) * f.shape[0] * f.shape[1],
        lambda f: 1 - share_by_loop(f),
        lambda f: (f.max(axis=-1) <= 25).mean(),
        lambda f: (srgb.decode(f / 255).max(axis=-1) >= 250 / 255).mean(),
        lambda f: f.max(axis=-1) >= 250,
        lambda f: (f.max(axis=-1) / 255 >= 250).mean(),
        0.1,
    ],
    "01.4": ["a", "b", "d", "e", 3, True],
    "01.5": ["a", "c", "d", "x", 2],
    "01.7": [
        lambda well, count: np.argsort(-well.mean(axis=(1, 2)))[:count],
        lambda well, count: sorted(greedy(well, count)),
        lambda well, count: greedy(well, count)[::-1],
        lambda well, count: [i + 1 for i in greedy(well, count)],
        lambda well, count: greedy(~well, count),
        lambda well, count: [greedy(well, 1)[0]] * count,
        lambda well, count: greedy(well, count + 1),
        lambda well, count: np.linspace(0, len(well) - 1, count).round().astype(int),
        lambda well, count: np.isin(np.arange(len(well)), greedy(well, count)),
        lambda well, count: well[greedy(well, count)],
        lambda well, count: well[greedy(well, count)].any(axis=0).mean(),
    ],
}  # fmt: skip


test_right_answers_count, test_wrong_answers_do_not, test_nonsense_does_not = judged(RIGHT, WRONG)


@pytest.mark.parametrize(("frames", "size", "keep"), BRACKETS)
def test_no_choice_of_the_invented_brackets_is_a_tie(frames, size, keep):
    well = _bracket(frames, size, seed=keep)
    for chosen in (greedy(well, count) for count in range(keep)):
        missing = ~well[chosen].any(axis=0)
        first, second = sorted((missing & one).sum() for one in well)[:-3:-1]
        assert first > second


@pytest.fixture(scope="module")
def scene():
    """A scene whose frames hold noise, so that a pushed frame is near another, not equal to it."""
    rng = np.random.default_rng(11)
    light = rng.uniform(0.02, 0.4, (24, 36, 3)) + np.linspace(0, 0.5, 36)[:, None]
    evs = np.array([-4, -2, 0, 2, 4])
    exposed = light * 2.0 ** evs[:, None, None, None] + rng.normal(0, 0.003, (5, 24, 36, 3))
    frames = np.round(srgb.encode(exposed) * 255).astype(np.uint8)
    render = np.round(srgb.encode(light) * 255).astype(np.uint8)
    return replace(
        make_scene(), frames=frames, render=render, evs=evs, times=2.0**evs / 60, files=np.arange(5).astype(str)
    )


def by_hand(left, right, push):
    light = srgb.decode(left / 255) * 2.0**push
    return metrics.psnr(srgb.encode(np.clip(light, 0, 1)), (right / 255).astype(np.float32), 1)


def test_pushing_to_match(scene, capsys):
    table = compare(scene)
    dark, middle = scene.frames[0], scene.frames[2]
    table.left, table.right, table.push = "EV −4", "EV 0", 4
    as_shown = table.numbers(with_ssim=False).psnr[0]
    for right in (as_shown, round(as_shown, 1), by_hand(dark, middle, 4), np.float32(as_shown)):
        accepts("01.6", right, capsys, table=table)
    mistakes = [(dark, middle, push) for push in (0, -4, 3, 5)]
    mistakes += [(middle, dark, 4), (middle, dark, -4), (dark, scene.render, 0), (scene.frames[1], middle, 2)]
    for mistake in mistakes:
        refuses("01.6", by_hand(*mistake), table=table)
    for wrong in (as_shown + 6, float("inf"), table, *NONSENSE.values()):
        refuses("01.6", wrong, table=table)
    assert "stops lie between" in refuses("01.6", by_hand(dark, middle, 3), table=table)
    for bright_push in (-4, 0):
        assert "brightest frame" in refuses("01.6", by_hand(scene.frames[-1], middle, bright_push), table=table)
    assert "not the last" in refuses("01.6", by_hand(dark, scene.frames[-1], 8), table=table)
    assert "untouched" in refuses("01.6", by_hand(middle, scene.render, 0), table=table)
    assert "with the render" in refuses("01.6", by_hand(dark, scene.render, 4), table=table)


def test_a_single_frame_cannot_be_matched(scene, capsys):
    one = {name: getattr(scene, name)[:1] for name in ("frames", "evs", "times", "files", "maps")}
    check("01.6", 20.0, table=compare(replace(scene, **one)))
    assert "has no answer on these data: this scene has a single frame" in capsys.readouterr().out


@pytest.fixture(scope="module")
def leak():
    return effects.all_studies(RESULTS / "studies")["leak"]


def test_what_a_leak_is_worth(leak, capsys):
    by = leak.table.groupby("setting").psnr_db.mean()
    worth = by["by_scene"] - by["by_place"]
    scenes = leak.table.pivot_table("psnr_db", "scene", "setting").mean()
    effect = leak.effect("by_scene", "psnr_db")
    for right in (worth, effect.value, round(worth, 2), scenes["by_scene"] - scenes["by_place"]):
        accepts("01.8", right, capsys, leak=leak)
    similarity = leak.effect("by_scene", "ssim").value
    for wrong in (-worth, similarity, by["by_scene"], by["by_place"], effect.low, effect.high, *effect.seeds, 0):
        refuses("01.8", wrong, leak=leak)
    for wrong in (sum(effect.seeds), effect.words, effect, *NONSENSE.values()):
        refuses("01.8", wrong, leak=leak)


def test_known_mistakes_are_named():
    assert "doubles" in refuses("01.1", 0.75)
    assert "not values" in refuses("01.3", WRONG["01.3"][0])
    assert "may hold the same pixels" in refuses("01.7", WRONG["01.7"][0])
