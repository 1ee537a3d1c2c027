"""What moves is found, and nothing else: neither noise nor what frames cannot see counts."""

import numpy as np
import pytest
from helpers import cameras

from hdrkit.brackets.aligned_frames import align_files
from hdrkit.dataset.motion import moved_share

STOPS = [-2.0, 0.0, 2.0]


def share(folder, frames):
    return moved_share(align_files(cameras.write(folder, frames, STOPS)))


@pytest.mark.parametrize("curve", ["sRGB", "S-shaped"])
@pytest.mark.parametrize("place", ["city", "forest"])
def test_in_a_still_scene_nothing_moves(tmp_path, curve, place):
    assert share(tmp_path, cameras.simulate(curve, STOPS, place).frames) < 0.0005


def test_a_tripod_that_moved_is_no_movement(tmp_path):
    frames = cameras.simulate("S-shaped", STOPS, "city", shifts=[(0, 0), (5, 2), (9, -4)]).frames
    assert share(tmp_path, frames) < 0.002


@pytest.mark.parametrize("edge", [24, 48])
def test_a_thing_that_moves_counts_where_it_was_and_where_it_is(tmp_path, edge):
    """A grey card of known size, in another place in each frame; all places are of light that the frames share."""
    frames = cameras.simulate("S-shaped", STOPS, "city").frames.copy()
    for i, frame in enumerate(frames):
        frame[170 : 170 + edge, 20 + 100 * i : 20 + 100 * i + edge] = 60 + 60 * i
    true = 3 * edge**2 / (360 * 240)
    assert 0.5 * true < share(tmp_path, frames) < 1.3 * true


def test_frames_that_share_nothing_say_nothing(tmp_path):
    rng = np.random.default_rng(0)
    frames = cameras.simulate("sRGB", STOPS, "city").frames
    found = align_files(cameras.write(tmp_path, frames, STOPS))
    clipped = [np.full_like(frames[0], 255), rng.integers(0, 9, frames[0].shape, np.uint8)]
    assert moved_share(found._replace(pictures=clipped, stops=np.array([4.0, 0.0]))) == 0
