"""Exposures, responses and false times of simulated brackets through several camera curves: the answers are known.

Frames have photon and read noise, 8 bits and JPEG's quality 85.
"""

import cv2
import numpy as np
import pytest
from helpers import cameras

from hdrkit.brackets import (
    brightness_transfer,
    camera_curves,
    camera_response,
    exposure_evidence,
    measured_exposure,
)
from hdrkit.brackets.brightness_transfer import Transfer
from hdrkit.brackets.frame_pairs import FramePairs
from hdrkit.brackets.measured_exposure import measure
from hdrkit.brackets.stated_exposure import Stated

every_curve = pytest.mark.parametrize("curve", cameras.CURVES)


def spaced(count, step):
    return (np.arange(count) - (count - 1) // 2) * step


def nothing_stated(count):
    return Stated(np.full(count, np.nan), "nothing")


def settled(bracket, stated):
    names = [f"frame {i}" for i in range(len(bracket.frames))]
    return exposure_evidence.settle(stated, measure(FramePairs(bracket.frames)), names)


def largest_miss(bracket):
    """Without any times, the largest error of a step whose frames share well-exposed pixels, in stops."""
    found = measure(FramePairs(bracket.frames))
    exposures = exposure_evidence.settle(nothing_stated(len(bracket.stops)), found, [""] * len(bracket.stops))
    steps = np.diff(exposures.stops[found.order]) - np.diff(bracket.stops[found.order])
    return np.abs(steps[~found.gaps]).max()


def radiance_error(bracket):
    """The median error of the merged radiance in stops, after one factor, where any frame exposes well."""
    pairs = FramePairs(bracket.frames)
    response = camera_response.recover(pairs, bracket.stops, measure(pairs).log_light)
    return error_against(bracket, camera_response.merge(bracket.frames, bracket.stops, response))


def error_against(bracket, radiance):
    seen = ((bracket.frames > 12) & (bracket.frames < 245)).any(axis=0)
    ratio = np.log2(radiance[seen] / bracket.radiance[seen])
    return np.median(np.abs(ratio - np.median(ratio)))


@every_curve
def test_steps_are_measured_without_any_times(curve):
    assert largest_miss(cameras.simulate(curve, spaced(5, 1.0))) < 0.15


@every_curve
def test_radiance_is_right_with_times(curve):
    assert radiance_error(cameras.simulate(curve, spaced(5, 1.5), "city")) < 0.1


def test_frames_in_any_order_and_moved_are_measured_alike():
    """A hand's movement of tens of pixels is undone before values are compared."""
    stops, shifts = np.array([2.0, -2.0, 0.0, 1.0]), [(0, 0), (25, -10), (-30, 5), (8, 8)]
    moved = cameras.simulate("sRGB", stops, shifts=shifts)
    assert measure(FramePairs(moved.frames)).order.tolist() == [1, 2, 3, 0]
    assert largest_miss(moved) < 0.15


def by_histograms(darker, brighter):
    """Grossberg and Nayar's transfer function: as many pixels lie below a value as below its partner."""
    values = np.arange(256.0)
    counts = [np.bincount(frame.ravel(), minlength=256) for frame in (darker, brighter)]
    ranks = [np.cumsum(count) - count / 2 for count in counts]
    partner = np.interp(ranks[0], ranks[1][counts[1] > 0], values[counts[1] > 0])
    kept = (counts[0] > 20) & (values >= 6) & (partner <= 240)
    return Transfer(values[kept], partner[kept], *np.full((2, kept.sum()), 0.5))


@pytest.mark.parametrize("shift", [0, 12])
def test_two_ways_to_a_transfer_function_agree_while_frames_lie_still(shift):
    """Flat pixels bear a movement, too, that spoils histograms, because a frame then shows what the other does not."""
    curves = camera_curves.family().log_light
    true = np.abs(curves - np.log2(inverse_of("sRGB"))).max(axis=1).argmin()
    frames = cameras.simulate("sRGB", [-1.0, 0.5], "courtyard", shifts=[(0, 0), (shift, shift)]).frames
    flat, ranked = (
        abs(measured_exposure._steps_of(pair, curves[[true]])[0][0] - 1.5)
        for pair in (brightness_transfer.between(*frames)[1], by_histograms(*frames[..., 1]))
    )
    assert flat < 0.05 and (ranked < 0.05) == (shift == 0)


def inverse_of(curve):
    light = np.logspace(-6, 0, 5000)
    found = np.interp(np.maximum(np.arange(256), 0.4) / 255, cameras.CURVES[curve](light), light)
    return found / found[128]


@every_curve
def test_the_radiance_is_nearer_to_the_truth_than_debevecs_by_opencv(curve):
    bracket = cameras.simulate(curve, spaced(5, 1.0), "interior")
    times = np.exp2(bracket.stops).astype(np.float32)
    response = cv2.createCalibrateDebevec().process(list(bracket.frames), times)
    merged = cv2.createMergeDebevec().process(list(bracket.frames), times, response)
    assert radiance_error(bracket) < error_against(bracket, merged)


@every_curve
@pytest.mark.parametrize(("wrong", "off"), [(0, 1.0), (2, -1.0), (4, 2.0)])
def test_one_false_time_is_named_and_corrected(curve, wrong, off):
    bracket = cameras.simulate(curve, spaced(5, 1.0), "forest")
    told = bracket.stops + np.where(np.arange(5) == wrong, off, 0)
    found = settled(bracket, Stated(told, "EXIF exposure times"))
    assert [line.split(":")[0] for line in found.remarks] == [f"frame {wrong}"]
    assert f"{-off:+.0f}" in found.remarks[0] and "EXIF exposure times say" in found.remarks[0]
    assert found.stops == pytest.approx(bracket.stops - bracket.stops[0], abs=0.25)


@every_curve
def test_honest_times_are_believed_without_a_word(curve):
    bracket = cameras.simulate(curve, spaced(7, 2 / 3), "lebombo")
    found = settled(bracket, Stated(bracket.stops, "times.txt"))
    assert found.remarks == [] and found.stops == pytest.approx(bracket.stops - bracket.stops[0])


def test_a_list_that_contradicts_most_frames_is_left():
    """Four frames were taken at one exposure, which the list has a stop apart."""
    bracket = cameras.simulate("S-shaped", [-2.0, -1, 0, 0, 0, 0, 1], "city")
    found = settled(bracket, Stated(np.arange(7.0), "list.txt"))
    assert len(found.remarks) == 1 and "contradict what list.txt says" in found.remarks[0]
    assert np.diff(found.stops) == pytest.approx([1, 1, 0, 0, 0, 1], abs=0.25)


def test_a_frame_of_which_nothing_is_stated_is_measured():
    bracket = cameras.simulate("BT.709", spaced(4, 1.0))
    found = settled(bracket, Stated(np.array([-1, np.nan, 1, 2]), "list.txt"))
    assert found.stops == pytest.approx([0, 1, 2, 3], abs=0.1)
    assert found.remarks == ["frame 1: list.txt says nothing of its exposure; measured from the pixels"]


def test_blank_frames_contradict_nothing():
    bracket = cameras.simulate("sRGB", spaced(3, 1.0))
    blank = [np.zeros_like(bracket.frames[0]), *bracket.frames, np.full_like(bracket.frames[0], 255)]
    found = exposure_evidence.settle(Stated(np.arange(5.0) * 2, "list"), measure(FramePairs(blank)), list("abcde"))
    assert found.remarks == [] or all("list" in line for line in found.remarks)
    assert np.all(np.diff(found.stops) > 0)


def test_frames_that_share_nothing_are_told_apart_by_a_usual_step():
    """Small pictures, or steps of many stops: there is no pair of values at all."""
    bracket = cameras.simulate("sRGB", [-1.0, 0.0, 1.0])
    tiny = [cv2.resize(frame, (12, 8), interpolation=cv2.INTER_AREA) for frame in bracket.frames]
    found = exposure_evidence.settle(nothing_stated(3), measure(FramePairs(tiny)), list("abc"))
    assert found.stops.tolist() == [0, 2, 4] and "2 steps between frames that share too few" in found.remarks[0]


def test_one_time_for_all_frames_is_said_to_say_nothing():
    bracket = cameras.simulate("sRGB", spaced(3, 1.0))
    found = settled(bracket, Stated(np.full(3, np.nan), "EXIF exposure times"))
    assert found.remarks[0].startswith("EXIF exposure times say the same of all frames; measured from the pixels: 2.0")


@pytest.mark.parametrize("step", [1 / 3, 1 / 2, 2 / 3, 1, 4 / 3, 3 / 2, 2, 5 / 2, 3])
def test_round_steps_are_told_from_nearly_round_ones(step):
    for error in (0.97, 1.0, 1.03):
        found = exposure_evidence.round_factor(np.full(4, step * error), 0.02) * error * step
        assert found == pytest.approx(step, abs=0.02)


BRACKETS = [(23, 1 / 3), (12, 1 / 2), (9, 2 / 3), (9, 1), (23, 1), (5, 2), (3, 2), (3, 3)]  # frames, step


@pytest.mark.slow
@every_curve
def test_known_answers_of_many_brackets(curve):
    """Radiance always; steps without any times but for one bracket in twelve, where curves of other powers fit, too.

    Each curve meets each bracket and each place once, and two curves never the same two together.
    """
    misses, turn = [], list(cameras.CURVES).index(curve)
    for i, (count, step) in enumerate(BRACKETS):
        place, moved = cameras.PLACES[(i + 2 * turn) % len(cameras.PLACES)], [(k % 3, -k % 2) for k in range(count)]
        misses.append(largest_miss(cameras.simulate(curve, spaced(count, step), place, seed=i, shifts=moved)))
        assert radiance_error(cameras.simulate(curve, spaced(count, step), place, seed=i)) < 0.1, (place, count)
    assert np.mean(np.array(misses) < 0.15) > 11 / 12, misses


@pytest.mark.slow
def test_95_of_100_false_times_are_found():
    """Four in each of 25 brackets, whose pixels are measured once."""
    rng, offs, found = np.random.default_rng(0), (-2.0, -1.0, 1.0, 2.0), 0
    for i in range(25):
        count, step = int(rng.integers(3, 10)), rng.choice([1.0, 1.5, 2.0])
        curve, place = rng.choice(list(cameras.CURVES)), rng.choice(cameras.PLACES)
        bracket = cameras.simulate(curve, spaced(count, step), place, seed=i)
        measured, names = measure(FramePairs(bracket.frames)), [f"frame {k}" for k in range(count)]
        for lie in rng.choice(count * len(offs), 4, replace=False):
            wrong, off = lie // len(offs), offs[lie % len(offs)]
            told = bracket.stops + np.where(np.arange(count) == wrong, off, 0)
            lines = exposure_evidence.settle(Stated(told, "list.txt"), measured, names).remarks
            found += [line.split(":")[0] for line in lines] == [f"frame {wrong}"]
    assert found >= 95
