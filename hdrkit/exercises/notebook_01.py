"""Exercises of notebook 1: stops and seconds, automatic brightness, clipped pixels, frames worth keeping, a leak."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from hdrkit.ablations.analysis import Study
from hdrkit.evaluation.scoring import CLIPPED
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotHereError, exercise
from hdrkit.exercises.judging import Slip
from hdrkit.widgets import LightTable, analysis

METERED_SECONDS, STOPS = 1 / 4, 3  # of exercise 01.1
BRACKETS = ((9, 24, 3), (7, 30, 2), (9, 40, 4))  # of exercise 01.7: frames, size, how many to keep


@exercise("01.1", "Predict an exposure time")
def predict_seconds(answer: object) -> str:
    """Seconds of the frame at EV +3 where the metered frame has a quarter of a second."""
    slips = [
        Slip(METERED_SECONDS * STOPS, "this is three times the time. Each stop doubles it."),
        Slip(METERED_SECONDS * 2 * STOPS, "this is six times the time. Double it once per stop."),
        Slip(METERED_SECONDS / 2**STOPS, "this frame would be darker. EV +3 has more light than the metered frame."),
        Slip(METERED_SECONDS * 2 ** (STOPS - 1), "this is one stop too little. Count the doublings again."),
        Slip(METERED_SECONDS * 2 ** (STOPS + 1), "this is one stop too much. Count the doublings again."),
        Slip(METERED_SECONDS * np.exp(STOPS), "a stop is a factor of 2, not of e."),
        Slip(METERED_SECONDS * 10**STOPS, "a stop is a factor of 2, not of 10."),
        Slip(2**STOPS, "this is the factor between the two. Multiply the time by it."),
    ]
    judging.number(answer, METERED_SECONDS * 2**STOPS, 0.01, slips)
    return "The titles of the frames below show their times: each is twice the one before it."


@exercise("01.2", "Predict what automatic brightness does to a median")
def predict_median(answer: object) -> str:
    """How many times the median of the brighter of two frames, a stop apart, is that of the darker one, brightened."""
    slips = [
        Slip(2, "this is what the sensor saw. But each frame is multiplied afterwards: the two by the same factor?"),
        Slip(0.5, "the darker frame is multiplied more, but not so far that it becomes the brighter one."),
        Slip(4, "automatic brightness does not double once more. Which frame is multiplied more?"),
        Slip(0, "the median does not vanish. How much light has the brighter frame, before and after?"),
    ]
    judging.number(answer, 1, 0.05, slips)
    return "The exposure is gone: after it, nobody can tell which frame was the darker one."


@exercise("01.3", "Implement the share of clipped pixels", points=2)
def implement_clipped_share(answer: object) -> str:
    """clipped_share(frame): the share of the pixels of a frame (uint8, h x w x 3) with a channel of 250 or more."""
    rng = np.random.default_rng(1)
    near_the_limit = rng.choice([3, 60, 200, CLIPPED - 1, CLIPPED, CLIPPED + 1, 255], (9, 5, 3), p=[0.13] * 6 + [0.22])
    any_value = rng.integers(0, 256, (6, 40, 3))
    cases = [(near_the_limit.astype(np.uint8),), (any_value.astype(np.uint8),)]

    def share(frame: np.ndarray) -> float:
        return float((frame.max(axis=-1) >= CLIPPED).mean())

    slips = [
        Slip(lambda f: (f >= CLIPPED).mean(), "count pixels, not values: a pixel is clipped or it is not."),
        Slip(lambda f: (f >= CLIPPED).sum() / (f.size / 3), "a pixel with two clipped channels counts once."),
        Slip(lambda f: (f.min(axis=-1) >= CLIPPED).mean(), "one clipped channel is enough."),
        Slip(lambda f: (f.mean(axis=-1) >= CLIPPED).mean(), "look at the brightest channel, not at the mean of three."),
        Slip(lambda f: (f.max(axis=-1) > CLIPPED).mean(), "what about a value of just 250?"),
        Slip(lambda f: (f.max(axis=-1) == 255).mean(), "look up the limit in the text: it is not 255."),
        Slip(lambda f: (f.max(axis=-1) / 255 >= CLIPPED).mean(), "compare like with like: the limit is one of 255."),
        Slip(lambda f: (f.max(axis=0) >= CLIPPED).mean(), "the channels are the last axis, not the first."),
        Slip(lambda f: (f.max(axis=1) >= CLIPPED).mean(), "the channels are the last axis."),
        Slip(lambda f: (f[..., 0] >= CLIPPED).mean(), "this looks at red alone."),
        Slip(lambda f: 100 * share(f), "give a share from 0 to 1, not per cent."),
        Slip(lambda f: share(f) * f.shape[0] * f.shape[1], "this is a number of pixels. Divide by how many there are."),
        Slip(lambda f: 1 - share(f), "this is the share of pixels that are *not* clipped."),
    ]
    judging.function(answer, cases, share, 1e-6, slips)
    return "Scores by region ask the same question of each input frame."


@exercise("01.4", "Why does the metered frame clip?")
def why_the_metered_frame_clips(answer: object) -> str:
    """What a meter of the average cannot know."""
    judging.choice(answer, "c", {
        "a": "the frames counted above are radiometric: nothing has brightened them.",
        "b": "it did what it is made for: the average lies at a middle tone. Clipping is no question of the average.",
        "d": "a curve moves values between 0 and the largest. What has clipped before it stays clipped.",
    })  # fmt: skip
    return "An average says nothing about the largest value."


@exercise("01.5", "Which scenes want another exposure?")
def which_scenes_want_more(answer: object) -> str:
    """What scenes have in common whose best frame is brighter than the metered one."""
    judging.choice(answer, "b", {
        "a": "the meter brings the average of each scene to the same middle tone, dark scenes and bright ones.",
        "c": "a lamp or the sun clips first when you expose longer. Compare the clipped shares at EV 0.",
        "d": "the splits were made by place, before anybody looked at exposures.",
    })  # fmt: skip
    return "Such a scene has room at its bright end, and its shadows need the light."


@exercise("01.6", "Push to match", points=2)
def push_to_match(answer: object, table: LightTable) -> str:
    """PSNR in dB of a scene's darkest frame, pushed by as many stops as it lies below the middle one, with that one.

    Raises NotHereError for a scene of one frame.
    """
    frames = [(about["name"], about["ev"]) for about in table.pictures if about["ev"] is not None]
    if len(frames) < 2:
        raise NotHereError("this scene has a single frame.")
    (dark, low), (middle, high), (bright, highest) = frames[0], frames[len(frames) // 2], frames[-1]
    stops = high - low

    def psnr(left: str, right: str, push: float) -> float:
        return analysis.psnr(table.arrays[left], table.arrays[right], push)

    slips = [
        Slip(psnr(dark, middle, 0), "this is the dark frame as it is. Push it."),
        Slip(psnr(dark, middle, -stops), "this push makes the dark frame darker still. Change its sign."),
        Slip(psnr(dark, middle, stops - 1), "pushed one stop too little. How many stops lie between the two frames?"),
        Slip(psnr(dark, middle, stops + 1), "pushed one stop too far. How many stops lie between the two frames?"),
        Slip(psnr(middle, dark, stops), "the dark frame belongs on the left: the left one is pushed."),
        Slip(psnr(middle, dark, -stops), "you have pulled the bright frame down. Push the dark one up."),
    ]
    brightest = "this is the brightest frame. It lost the bright parts; the darkest one is asked for."
    slips += [Slip(psnr(bright, middle, push), brightest) for push in (0, high - highest, stops)]
    slips.append(Slip(psnr(dark, bright, highest - low), "the frame in the middle belongs on the right, not the last."))
    if table.reference:
        words = "this is the PSNR with the render. Put the frame in the middle of the bracket on the right."
        slips += [Slip(psnr(dark, table.reference, push), words) for push in (0, stops)]
        words = "this is the row of the untouched frame, against the render. Read the row of the frame that you pushed."
        slips.append(Slip(psnr(middle, table.reference, 0), words))
    judging.number(answer, right := psnr(dark, middle, stops), 0.06, slips)
    return f"The push is worth {right - psnr(dark, middle, 0):.1f} dB. What it does not bring back is lost in noise."


@exercise("01.7", "Choose the frames to keep", points=3)
def choose_frames(answer: object) -> str:
    """keep(well, count): indices of frames, in the order of a greedy choice by what each adds to what is well exposed.

    `well`: boolean, frames x height x width.
    """
    cases = [(_bracket(frames, size, seed=count), count) for frames, size, count in BRACKETS]
    slips = [
        Slip(_by_own_share, "these are the best single frames, but two of them may hold the same pixels."),
        Slip(lambda well, count: np.sort(_greedy(well, count)), "the right frames; give them in the order you chose."),
        Slip(lambda well, count: _greedy(well, count)[::-1], "the right frames; the first choice comes first."),
        Slip(lambda well, count: _greedy(well, count) + 1, "frames are counted from 0."),
        Slip(lambda well, count: _greedy(~well, count), "count the pixels that are well exposed, not the lost ones."),
        Slip(lambda well, count: _greedy(well, count, both=True), "a pixel is kept if *one* frame exposes it well."),
        Slip(_best_subset, "this is the best choice of all, found by trying all. Choose one after the other."),
        Slip(lambda well, count: _covered(well, _greedy(well, count)), "give the frames, not what they cover."),
    ]  # fmt: skip
    judging.function(answer, cases, _greedy, 1e-6, slips)
    return "No render was needed: the frames themselves say what they hold."


@exercise("01.8", "What a leak is worth")
def what_a_leak_is_worth(answer: object, leak: Study) -> str:
    """PSNR after a split by scene less that after a split by place, in dB; `leak`: the kept study."""
    by_scene, by_place = (leak.mean(setting, "psnr_db") for setting in ("by_scene", "by_place"))
    seeds = leak.effect("by_scene", "psnr_db").seeds
    slips = [
        Slip(by_place - by_scene, "the sign is the wrong way round: by scene *less* by place."),
        Slip(leak.mean("by_scene", "ssim") - leak.mean("by_place", "ssim"), "this is the difference of SSIM."),
        Slip(by_scene, "this is the score after a split by scene. How much more or less is it than by place?"),
        Slip(by_place, "this is the score after a split by place. What changes by scene?"),
        Slip(sum(seeds), "this is the sum over the seeds; their mean is wanted."),
        *(Slip(seed, "this is what one seed says. Take the mean of all.") for seed in seeds),
    ]
    judging.number(answer, by_scene - by_place, 0.006, slips)
    return "Now look at its interval: does it exclude zero?"


def _bracket(frames: int, size: int, seed: int) -> np.ndarray:
    """Return what each frame of an invented bracket exposes well: boolean, frames x size x size; all gains differ."""
    rng = np.random.default_rng(seed)
    light = rng.normal(0, frames / 3, (size, size)) + np.linspace(-frames / 3, frames / 3, size)
    evs = np.arange(frames) - frames // 2
    return np.abs(light + evs[:, None, None]) < 1.5


def _greedy(well: np.ndarray, count: int, both: bool = False) -> np.ndarray:
    kept: list[int] = []
    for _ in range(count):
        left = [i for i in range(len(well)) if i not in kept]
        gains = [(np.logical_and if both else np.logical_or).reduce(well[[*kept, i]]).sum() for i in left]
        kept.append(left[int(np.argmax(gains))])
    return np.array(kept)


def _by_own_share(well: np.ndarray, count: int) -> np.ndarray:
    return np.argsort(-well.mean(axis=(1, 2)), kind="stable")[:count]


def _best_subset(well: np.ndarray, count: int) -> np.ndarray:
    return np.array(max(combinations(range(len(well)), count), key=lambda chosen: _covered(well, chosen)))


def _covered(well: np.ndarray, chosen: Sequence[int] | np.ndarray) -> float:
    return float(well[list(chosen)].any(axis=0).mean())
