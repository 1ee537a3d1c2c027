"""The tool behind `--strength auto` finds a planted curve, and its page tells of the constants in use."""

import re

import find_strength
import numpy as np
import pytest
from find_strength import CURVES, STRENGTHS, Photograph

from hdrkit.enhancement import auto_strength
from hdrkit.images import srgb


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_curves_are_monotone_from_black_to_white(curve):
    levels = curve(np.linspace(0, 1, 200, dtype=np.float32))
    assert (np.diff(levels) > 0).all()
    assert levels[0] == pytest.approx(0, abs=1e-3) and levels[-1] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_a_camera_exposes_for_18_percent_grey(curve):
    light = np.random.default_rng(1).lognormal(0, 1, (20, 30, 3)).astype(np.float32)
    picture = find_strength.take(find_strength.well_exposed(light, curve), curve, np.random.default_rng(2))
    assert srgb.luminance(picture).mean() == pytest.approx(118, abs=1)


def planted(middle, steepness):
    """Photographs whose least error lies at the share that a curve has for them; only the first one is right."""
    for stops in np.linspace(-3, 3, 25):
        best = auto_strength.share(stops, middle, steepness)
        yield Photograph(stops, stops, 1 + 50 * np.abs(STRENGTHS - best), np.zeros(len(STRENGTHS)), whole=True)


def test_a_planted_curve_is_found():
    assert find_strength.find(list(planted(1.4, 3))) == (1.4, 3)


def test_what_changes_well_exposed_photographs_is_ruled_out():
    right = Photograph(0, 1.0, np.zeros(len(STRENGTHS)), 10 * STRENGTHS, whole=True)
    middle, steepness = find_strength.find([*planted(0.9, 2), *[right] * 1000])
    assert auto_strength.share(1.0, middle, steepness) < 0.15 < auto_strength.share(1.0, 0.9, 2)


def test_the_page_tells_of_the_constants_in_use():
    text = find_strength.PAGE.read_text(encoding="utf-8")
    middle, steepness = re.search(r"middle ([\d.]+) stops, steepness ([\d.]+)\.", text).groups()
    assert (float(middle), float(steepness)) == (auto_strength.MIDDLE, auto_strength.STEEPNESS)
