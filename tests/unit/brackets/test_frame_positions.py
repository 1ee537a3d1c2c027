"""Frames that a hand has moved and turned are laid onto the middle one to a pixel; frames that lie still stay."""

import numpy as np
from helpers import cameras

from hdrkit.brackets import frame_positions
from hdrkit.brackets.frame_pairs import FramePairs
from hdrkit.brackets.registration import IDENTITY, displacement

SIZE, STOPS = (360, 240), [-2.0, -1.0, 0.0, 1.0, 2.0]


def test_a_hand_held_bracket_is_found_to_a_pixel_at_the_corners():
    shifts, turns = [(20, -12), (-9, 14), (0, 0), (15, 15), (-18, 3)], [1.2, -1.0, 0.0, 0.7, -1.5]
    bracket = cameras.simulate("S-shaped", STOPS, "courtyard", shifts=shifts, turns=turns)
    maps, failures = frame_positions.from_one(FramePairs(bracket.frames), 2, SIZE)
    assert failures == {}
    assert max(displacement(*pair, SIZE).max() for pair in zip(maps, bracket.maps, strict=True)) < 1


def test_still_frames_are_not_resampled():
    maps, failures = frame_positions.from_one(FramePairs(cameras.simulate("sRGB", STOPS, "forest").frames), 2, SIZE)
    assert failures == {} and all(np.array_equal(found, IDENTITY) for found in maps)


def test_a_frame_that_shares_nothing_is_used_unmoved_and_named():
    frames = [*cameras.simulate("sRGB", [-1.0, 0.0, 1.0], "forest").frames]
    noise = np.random.default_rng(0).integers(0, 6, frames[0].shape, dtype=np.uint8)
    maps, failures = frame_positions.from_one(FramePairs([noise, *frames]), 2, SIZE)
    assert list(failures) == [0] and np.array_equal(maps[0], IDENTITY)
