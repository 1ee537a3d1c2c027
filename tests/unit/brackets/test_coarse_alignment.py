"""Frames of different exposure are found where a hand has moved and turned them, to some pixels."""

import numpy as np
import pytest
from helpers import cameras

from hdrkit.brackets.coarse_alignment import rescaled, rigid_between
from hdrkit.brackets.registration import IDENTITY, displacement

SIZE = (360, 240)


@pytest.mark.parametrize("turn", [0.0, 1.0, -2.0, 3.0])
@pytest.mark.parametrize("shift", [(0, 0), (3, -2), (-25, 14), (40, 30)])
@pytest.mark.parametrize("curve", ["sRGB", "S-shaped"])
def test_a_movement_is_found_over_two_stops(curve, shift, turn):
    bracket = cameras.simulate(curve, [-1.0, 1.0], "city", shifts=[(0, 0), shift], turns=[0, turn])
    found = rigid_between(*bracket.frames[..., 1])
    assert displacement(found, bracket.maps[1], SIZE).max() < 8


def test_frames_that_share_no_well_exposed_pixels_lie_nowhere():
    frame = cameras.simulate("sRGB", [0.0]).frames[0, ..., 1]
    for other in (np.zeros_like(frame), np.full_like(frame, 255)):
        assert rigid_between(frame, other) is None


def test_a_map_means_the_same_at_another_size():
    turned = cameras.rigid(6, -3, 2.0, (90, 60))
    assert displacement(rescaled(turned, (90, 60), SIZE), cameras.rigid(24, -12, 2.0, SIZE), SIZE).max() < 1e-3
    assert displacement(rescaled(IDENTITY, (90, 60), SIZE), IDENTITY, SIZE).max() < 1e-4
