"""The response of a camera, where frames say much of it and where they say nothing."""

import numpy as np
import pytest
from helpers import cameras

from hdrkit.brackets.camera_response import recover
from hdrkit.brackets.frame_pairs import FramePairs
from hdrkit.brackets.measured_exposure import measure


@pytest.mark.parametrize("stops", [np.zeros(3), np.array([0, 3e-4, 7e-4])])
def test_frames_of_one_exposure_leave_the_usual_curve(stops):
    """As a burst has them; what was measured between them is noise, from which no power of a curve follows."""
    frames = [cameras.simulate("sRGB", [0.0], "city", seed=seed).frames[0] for seed in range(3)]
    pairs = FramePairs(frames)
    start = measure(pairs).log_light
    assert recover(pairs, stops, start) == pytest.approx(np.tile(start, (3, 1)), abs=0.5)
