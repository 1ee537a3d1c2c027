"""Colours that numbers say mean the light that the standards give them."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdrkit.images import code_points, colour_profiles, srgb

# From linear light of Display P3 to that of sRGB: both triangles and D65, solved for by hand (SMPTE RP 177).
P3_TO_SRGB = np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]])
P3_POINTS = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
SRGB_POINTS = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
VALUES = np.linspace(0, 1, colour_profiles.STEPS)


def light_of(profile):
    curve = colour_profiles.colours(profile).curve
    return srgb.decode(VALUES if curve is None else curve)


def test_display_p3_has_its_primaries_and_the_curve_of_srgb():
    for profile in (
        code_points.profile(12, 13),
        code_points.of_png({b"cICP": bytes([12, 13, 0, 1])}, grey=False),
        code_points.of_png({b"cHRM": struct.pack(">8I", *P3_POINTS), b"gAMA": struct.pack(">I", 45455)}, grey=False),
    ):
        found = colour_profiles.colours(profile)
        assert found.curve is None and np.abs(found.to_srgb - P3_TO_SRGB).max() < 2e-3


def test_a_profile_is_the_same_at_any_time():
    assert code_points.profile(12, 13)[24:36] == struct.pack(">6H", 2020, 1, 1, 0, 0, 0)


@pytest.mark.parametrize("curve", [1, 2, 6, 13])
@pytest.mark.parametrize("primaries", [1, 2, 200])
def test_srgb_and_what_is_not_said_need_no_profile(primaries, curve):
    assert code_points.profile(primaries, curve) == b""


@given(exponent=st.floats(1, 3), grey=st.booleans())
def test_the_exponent_of_a_png_is_that_of_its_light(exponent, grey):
    gamma = round(100_000 / exponent)
    found = code_points.of_png({b"gAMA": struct.pack(">I", gamma)}, grey)
    if abs(gamma - 45455) < 200:
        assert found == b""
    else:
        assert np.abs(light_of(found) - VALUES ** (100_000 / gamma)).max() < 4e-3


def test_srgb_and_cicp_come_before_gamma():
    linear = {b"gAMA": struct.pack(">I", 100_000), b"cHRM": struct.pack(">8I", *SRGB_POINTS)}
    assert code_points.of_png(linear | {b"sRGB": b"\0"}, grey=False) == b""
    assert code_points.of_png(linear | {b"cICP": bytes([1, 13, 0, 1])}, grey=False) == b""
    assert np.abs(light_of(code_points.of_png(linear, grey=False)) - VALUES).max() < 4e-3


@given(points=st.binary(min_size=32, max_size=32), gamma=st.binary(max_size=5), cicp=st.binary(max_size=5))
def test_any_bytes_are_a_profile_or_none(points, gamma, cicp):
    for chunks in ({b"cHRM": points, b"gAMA": gamma}, {b"cICP": cicp}):
        for grey in (False, True):
            assert isinstance(code_points.of_png(chunks, grey), bytes)
