"""Merged and fused brackets in which things move: the truth is that of the reference frame.

Errors are those where things are in any frame, after deghosting and without it. Frames have photon and read noise, 8
bits and JPEG's quality 85, and lie up to half a pixel apart.
"""

from typing import NamedTuple

import numpy as np
import pytest
from helpers import cameras
from helpers.cameras import Thing

from hdrkit.brackets import camera_response
from hdrkit.evaluation import metrics
from hdrkit.fusion import baselines
from hdrkit.fusion.deghosting import deghost

every_curve = pytest.mark.parametrize("curve", cameras.CURVES)
RED, BLUE, GREY, BLACK = (0.5, 0.12, 0.1), (0.02, 0.04, 0.12), (0.3, 0.35, 0.3), (0.01, 0.01, 0.01)


class Errors(NamedTuple):
    """radiance: the median, in stops; mertens: PSNR, in dB, to the picture fused of things that stand still."""

    radiance: float
    mertens: float


def spaced(count, step):
    return (np.arange(count) - (count - 1) // 2) * step


def walking(count):
    """A bright and a dark thing that walk, and two that are in one frame only."""
    steps = spaced(count, 8 / (count - 1))
    return [
        Thing("disc", 16, RED, [(110 + 12 * step, 150 + 3 * step) for step in steps]),
        Thing("rectangle", 14, BLUE, [(250 - 9 * step, 170 + 2 * step) for step in steps]),
        Thing("disc", 12, GREY, [None] * (count - 1) + [(60, 200)]),
        Thing("disc", 10, BLACK, [(200, 110)] + [None] * (count - 1)),
    ]


def jitter(count, seed=0):
    """Shifts of up to half a pixel, none of the middle frame."""
    shifts = np.random.default_rng(seed).uniform(-0.5, 0.5, (count, 2))
    shifts[(count - 1) // 2] = 0
    return shifts


def taken(curve, stops, things, place):
    return cameras.simulate(curve, stops, place, things=things, shifts=jitter(len(stops)))


def mertens(frames):
    return baselines.fuse(np.stack(frames.pictures), np.exp2(frames.stops), "mertens")


def errors(frames, bracket, still, where):
    """Of aligned frames against their bracket's truth, and against the fused picture `still`."""
    ratio = np.log2(camera_response.merge(frames.pictures, frames.stops, frames.response) / bracket.radiance)
    exposed = ((bracket.frames > 12) & (bracket.frames < 245)).any(axis=0)
    factor = np.median(ratio[exposed & ~where[..., None]])
    radiance = np.median(np.abs(ratio - factor)[exposed & where[..., None]])
    return Errors(radiance, metrics.psnr(mertens(frames)[where], still[where], 255))


def without_and_with(curve, count, step, place):
    """Errors without deghosting and with it, where anything was in any frame."""
    stops, things = spaced(count, step), walking(count)
    bracket = taken(curve, stops, things, place)
    still = mertens(cameras.aligned(taken(curve, stops, cameras.at_rest(things, stops), place)))
    frames, where = cameras.aligned(bracket), cameras.passed(things)
    return [errors(found, bracket, still, where) for found in (frames, deghost(frames))]


@every_curve
def test_things_that_move_leave_no_ghosts(curve):
    without, found = without_and_with(curve, 3, 2.0, "city")
    assert without.radiance > 0.3 and found.radiance < 0.1
    assert without.mertens < 20 and found.mertens > 28


@pytest.mark.parametrize(
    ("count", "place"), [(5, "st_fagans_interior"), pytest.param(9, "courtyard", marks=pytest.mark.slow)]
)
def test_nor_do_they_in_longer_brackets(count, place):
    """Frames whose exposures lie further apart than one of them reaches are compared through those between."""
    without, found = without_and_with("sRGB", count, 1.0, place)
    assert found.radiance < min(0.1, without.radiance / 2)
    assert found.mertens > without.mertens + 12


@every_curve
def test_where_nothing_moves_nothing_changes(curve):
    """Of what stands still, at most 1 % is taken for moved, and the fused picture stays as it is."""
    for place in ("city", "forest"):
        frames = cameras.aligned(taken(curve, spaced(4, 1.5), cameras.at_rest(walking(4), spaced(4, 1.5)), place))
        found = deghost(frames)
        changed = np.any([(a != b).any(axis=2) for a, b in zip(found.pictures, frames.pictures, strict=True)], axis=0)
        assert changed.mean() < 0.01
        assert found.remarks == []
        assert metrics.psnr(mertens(found), mertens(frames), 255) > 45


def test_what_only_one_frame_exposes_is_taken_from_it_whole():
    """A bird before a sky that is clipped in all frames but its own: no other frame knows what is behind it."""
    stops, bird = spaced(3, 2.0), [Thing("disc", 12, BLACK, [(290, 60), None, None])]
    frames = cameras.aligned(taken("sRGB", stops, bird, "kiara_1_dawn"))
    found = deghost(frames)
    inside = bird[0]._replace(size=9).cover(0, (360, 240)) == 1
    assert np.median(frames.pictures[1][inside]) > 240
    assert np.median(np.abs(found.pictures[0].astype(int) - frames.pictures[0])[inside]) == 0
    assert np.median(found.pictures[1][inside]) < 60


def test_frames_that_disagree_nearly_everywhere_are_used_as_they_are():
    """Movement is not what makes a frame disagree with itself turned around."""
    frames = cameras.aligned(taken("sRGB", spaced(3, 2.0), [], "city"))
    turned = frames._replace(pictures=[*frames.pictures[:2], frames.pictures[2][::-1].copy()])
    found = deghost(turned)
    assert found.pictures is turned.pictures
    assert len(found.remarks) == 1 and found.remarks[0].endswith("used as they are")


def test_how_much_moved_is_said():
    frames = cameras.aligned(taken("sRGB", spaced(3, 2.0), walking(3), "city"))
    found = deghost(frames)
    share, said = cameras.passed(walking(3)).mean(), found.remarks[0].split("%")
    assert found.remarks[0].endswith("of the picture moved between frames; taken from 1.jpg there")
    assert float(said[0]) / 100 == pytest.approx(share, abs=0.03)
