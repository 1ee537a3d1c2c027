"""`--strength auto`: little is changed where little is advised, and all of it where a photograph is stops away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdrkit.core.errors import HdrkitError
from hdrkit.enhancement import api, auto_strength
from hdrkit.images import srgb
from hdrkit.simulation import embedded_views, panorama

GREY = 118 / 255  # level of 18 % grey, the mean of a well-exposed picture
DEV = [view for view in embedded_views.read_views() if view.split == "dev" and view.number in (1, 4)]


def photographs(view, *errors):
    """Pictures of one scene by a camera with sRGB's curve, with errors of exposure in stops: uint8."""
    pose = panorama.rotation(view.yaw, view.pitch, view.roll)
    light = panorama.view(embedded_views.load(view.panorama), pose, view.fov, (192, 128))
    factors = 2 ** np.linspace(-12, 12, 480)
    means = [srgb.encode(light * factor).mean() for factor in factors]
    well = light * np.float32(np.interp(GREY, means, factors))
    return [srgb.encode_integers(well * np.float32(2**error), np.uint8) for error in errors]


def psnr(found, wanted):
    return 10 * np.log10(255**2 / np.square(found.astype(float) - wanted).mean())


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_the_share_grows_with_the_distance_in_either_direction(one, other):
    near, far = sorted((abs(one), abs(other)))
    assert 0 <= auto_strength.share(near) <= auto_strength.share(-far) <= 1
    assert auto_strength.share(near) == auto_strength.share(-near)


def test_no_advice_is_no_share_and_stops_are_all_of_it():
    assert auto_strength.share(0) == 0
    assert auto_strength.share(0.5) < 0.02
    assert auto_strength.share(auto_strength.MIDDLE) == pytest.approx(1 - np.exp(-1))
    assert auto_strength.share(2.5) > 0.999


def test_a_well_exposed_photograph_hardly_changes():
    """Where nothing is clipped or lost; strength 1 changes it more than ten times as much."""
    auto, all_of_it = [], []
    for view in DEV:
        (frame,) = photographs(view, 0)
        seen = (frame.max(axis=-1) < 255) & (frame.max(axis=-1) > 2)
        for changes, strength in ((auto, "auto"), (all_of_it, 1)):
            changes.append(np.abs(api.enhance(frame, strength).astype(float) - frame)[seen].mean())
    assert np.mean(auto) < 1.5
    assert np.mean(all_of_it) > 10 * np.mean(auto)


@pytest.mark.parametrize("error", [-4, -3, 3, 4])
def test_stops_away_auto_is_strength_1(error):
    lost = []
    for view in DEV:
        wanted, frame = photographs(view, 0, error)
        lost.append(psnr(api.enhance(frame), wanted) - psnr(api.enhance(frame, "auto"), wanted))
    assert abs(np.mean(lost)) < 0.3


@pytest.mark.parametrize("error", [-2, 2])
def test_between_them_the_photograph_comes_nearer(error):
    for view in DEV:
        wanted, frame = photographs(view, 0, error)
        assert psnr(api.enhance(frame, "auto"), wanted) > psnr(frame, wanted) + 3


def test_other_words_are_refused():
    with pytest.raises(HdrkitError, match='"auto" or between 0 and 1, not some'):
        api.enhance(np.zeros((8, 8, 3), np.uint8), "some")
