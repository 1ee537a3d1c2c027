"""Curves and primaries of ICC profiles, against those that the profiles were made from."""

import struct

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdrkit.images import colour_profiles, srgb, tiff_directory
from hdrkit.images.colour_profiles import SRGB, SRGB_POINTS
from hdrkit.images.metadata import Metadata
from hdrkit.images.tiff_directory import EXIF, INTEROPERABILITY, Entry, pointer

P3_POINTS = {"whitepoint": (0.3127, 0.3290, 1), "primaries": (0.68, 0.32, 1, 0.265, 0.69, 1, 0.15, 0.06, 1)}
CURVE = srgb.decode(np.linspace(0, 1, 4096))
P3 = imagecodecs.cms_profile("rgb", **P3_POINTS, transferfunction=CURVE)


def matrix(points):
    """Return linear RGB of some primaries to XYZ (SMPTE RP 177)."""
    x, y, _ = np.reshape(points["primaries"], (3, 3)).T
    columns = np.stack([x / y, np.ones(3), (1 - x - y) / y])
    wx, wy, _ = points["whitepoint"]
    return columns * np.linalg.solve(columns, [wx / wy, 1, (1 - wx - wy) / wy])


def test_srgb_is_known_as_such():
    for icc in (imagecodecs.cms_profile("srgb"), b"", b"nonsense", bytes(3000), P3[:200]):
        assert colour_profiles.colours(icc) is SRGB


def test_display_p3_has_other_primaries_and_the_same_curve():
    found = colour_profiles.colours(P3)
    assert found.curve is None
    assert np.abs(found.to_srgb - np.linalg.inv(matrix(SRGB_POINTS)) @ matrix(P3_POINTS)).max() < 2e-3


@given(gamma=st.floats(1, 3), points=st.sampled_from([SRGB_POINTS, P3_POINTS]))
@settings(max_examples=20)
def test_light_is_that_of_the_profile_s_own_gamma(gamma, points):
    found = colour_profiles.colours(imagecodecs.cms_profile("rgb", **points, gamma=gamma))
    values = np.linspace(0, 1, 100, dtype=np.float32)
    assert np.abs(srgb.decode(found.to_srgb_curve(values)) - values**gamma).max() < 3e-3
    assert (found.to_srgb is None) == (points is SRGB_POINTS)


def test_a_grey_profile_has_a_curve():
    found = colour_profiles.colours(imagecodecs.cms_profile("gray", gamma=1.8))
    values = np.linspace(0, 1, 100, dtype=np.float32)
    assert found.to_srgb is None and np.abs(srgb.decode(found.to_srgb_curve(values)) - values**1.8).max() < 3e-3


@pytest.mark.parametrize(("kind", "far"), [(np.uint8, 0), (np.uint16, 4)])
def test_there_and_back_nothing_changes(kind, far):
    """Of 16 bits, values from 1 % on to four steps; below, gamma curves are steeper than sRGB's."""
    for icc in (imagecodecs.cms_profile("adobergb"), imagecodecs.cms_profile("gray", gamma=1.5), P3):
        found, every = colour_profiles.colours(icc), np.arange(np.iinfo(kind).max + 1, dtype=kind)
        back = found.from_srgb_curve(found.to_srgb_curve(every), every.dtype)
        start = 0 if kind is np.uint8 else 655
        assert back.dtype == kind and np.abs(back.astype(int) - every)[start:].max() <= far
        assert np.abs(back.astype(int) - every).max() < 0.002 * np.iinfo(kind).max


@pytest.mark.parametrize("order", "<>")
def test_adobe_rgb_may_be_said_by_exif_alone(order):
    """As cameras say it, in files without a profile."""
    for index, there in ((b"R03\0", True), (b"R98\0", False)):
        inside = pointer({INTEROPERABILITY: pointer({1: Entry(2, 4, index)})})
        exif = tiff_directory.block({EXIF: inside, 34853: pointer({1: Entry(2, 2, struct.pack("2s", b"N"))})}, order)
        assert bool(colour_profiles.profile(Metadata(exif=exif))) == there
    assert colour_profiles.profile(Metadata(exif=exif, profile=P3)) == P3 and colour_profiles.profile(Metadata()) == b""


@pytest.mark.parametrize("tag", [b"rXYZ", b"rTRC"])
def test_a_profile_in_which_black_and_white_are_one_is_illegible(tag):
    icc = bytearray(imagecodecs.cms_profile("srgb"))
    for name in (tag, b"g" + tag[1:], b"b" + tag[1:]):
        entry = icc.index(name, 128)
        at, length = struct.unpack_from(">II", icc, entry + 4)
        icc[at + 8 : at + length] = bytes(length - 8)
    assert colour_profiles.colours(bytes(icc)) is SRGB
