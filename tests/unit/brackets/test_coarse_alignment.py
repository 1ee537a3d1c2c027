"""Frames of different exposure are found where a hand has moved them, to a pixel or two."""

import numpy as np
import pytest
from helpers import cameras

from hdrkit.brackets.coarse_alignment import overlap, shift_between


@pytest.mark.parametrize("shift", [(0, 0), (3, -2), (-25, 14), (40, 30)])
@pytest.mark.parametrize("curve", ["sRGB", "S-shaped"])
def test_a_shift_is_found_over_two_stops(curve, shift):
    frames = cameras.simulate(curve, [-1.0, 1.0], "city", shifts=[(0, 0), shift]).frames
    assert shift_between(*frames) == pytest.approx(shift, abs=2)
    first, second = overlap(*frames, shift)
    assert first.shape == second.shape == (240 - abs(shift[1]), 360 - abs(shift[0]), 3)


def test_blank_frames_and_unrelated_ones_count_as_unmoved():
    frame = cameras.simulate("sRGB", [0.0]).frames[0]
    noise = np.random.default_rng(0).integers(0, 256, frame.shape, dtype=np.uint8)
    for other in (np.zeros_like(frame), np.full_like(frame, 255), noise):
        assert shift_between(frame, other) == (0, 0)
