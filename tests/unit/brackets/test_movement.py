"""What moved between simulated frames is found where it moved, and the right frame is the reference."""

import numpy as np
import pytest
from helpers import cameras
from helpers.cameras import Thing

from hdrkit.brackets import movement
from hdrkit.images import srgb

STOPS = np.array([-2.0, 0.0, 2.0])


def found_for(things, curve="sRGB", stops=STOPS, place="city"):
    return movement.find(cameras.aligned(cameras.simulate(curve, stops, place, things=things)))


@pytest.mark.parametrize("curve", cameras.CURVES)
@pytest.mark.parametrize("colour", [(0.9, 0.8, 0.7), (0.004, 0.004, 0.006)], ids=["brighter", "darker"])
def test_a_thing_is_found_in_the_frame_that_it_is_in(curve, colour):
    thing = Thing("rectangle", 15, colour, [None, None, (120, 190)])
    found = found_for([thing], curve)
    cover, away = thing.cover(2, (360, 240)) == 1, thing._replace(size=25).cover(2, (360, 240)) == 0
    assert found.moved[2][cover].mean() > 0.95
    assert found.moved[2][away].mean() < 0.001
    assert not found.moved[:2].any()


def test_a_thing_that_leaves_is_found_in_all_other_frames():
    thing = Thing("disc", 15, (0.5, 0.1, 0.1), [None, (120, 190), None])
    found, cover = found_for([thing]), thing.cover(1, (360, 240)) == 1
    assert found.moved[0][cover].mean() > 0.95 and found.moved[2][cover].mean() > 0.95
    assert not found.moved[1].any()


def test_the_reference_is_the_middle_exposure_unless_it_shows_little():
    assert found_for([]).reference == 1
    assert found_for([], stops=np.array([0.0, 5.0, 6.0])).reference == 0


def test_things_that_move_do_not_spoil_the_response():
    """Recovered from all pixels, it is off by stops here, as two things alone have some of the values."""
    stops = np.arange(-2, 3.0)
    things = [
        Thing("disc", 16, (0.5, 0.12, 0.1), [(110 + 24 * stop, 150 + 6 * stop) for stop in stops]),
        Thing("rectangle", 14, (0.02, 0.04, 0.12), [(250 - 18 * stop, 170 + 4 * stop) for stop in stops]),
    ]
    frames = cameras.aligned(cameras.simulate("sRGB", stops, "kiara_1_dawn", things=things))
    light = np.linspace(1e-5, 1, 4000)
    true = np.interp(np.arange(256) / 255, cameras.CURVES["sRGB"](light), np.log2(light))
    misses = [np.abs(curve - (true - true[128]))[:, 20:240].max() for curve in
              (frames.response, movement.find(frames).response)]  # fmt: skip
    assert misses[0] > 1 and misses[1] < 0.3


def test_large_frames_are_looked_at_in_small():
    frame = np.zeros((1200, 1800, 3), np.uint8)
    frame[:, 900:] = 200
    small = movement.shrink(frame)
    assert small.shape[0] * small.shape[1] <= 1.01 * movement.PIXELS
    assert np.mean(small > 100) == pytest.approx(0.5, abs=0.01)


def test_colours_that_clip_do_not_move():
    """A camera mixes its channels after they have clipped, so that a warm light's other channels come out wrong."""
    mixing = np.array([[1.7, -0.6, -0.1], [-0.2, 1.5, -0.3], [0.0, -0.6, 1.6]], np.float32)  # as of a camera's sensor
    warm = cameras.view("st_fagans_interior") * np.array([1, 0.6, 0.15], np.float32)
    stops = np.arange(-4, 5.0)
    seen = [np.clip(warm @ np.linalg.inv(mixing).T * 2.0**stop, 0, 1) for stop in stops]
    frames = [np.rint(255 * srgb.encode(np.clip(light @ mixing.T, 0, 1))).astype(np.uint8) for light in seen]
    still = cameras.SimulatedBracket(np.stack(frames), stops, warm, np.tile(np.eye(2, 3), (len(stops), 1, 1)))
    assert not movement.find(cameras.aligned(still)).moved.any()
