"""Whatever numbers EXIF data hold, settings are right or not stated."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from hdrkit.images import exposure_metadata as metadata
from hdrkit.images.exposure_metadata import ExposureSettings, read_settings, settings

parts = st.integers(min_value=0, max_value=2**32 - 1)
rationals = st.builds(IFDRational, parts, parts)
signed = st.builds(IFDRational, st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1))
anything = rationals | signed | st.floats() | st.integers() | st.text() | st.binary() | st.none() | st.tuples(parts)
TAGS = (33434, 33437, 34855, 34865, 34866, 34867, 37377, 37378, 37380)


@given(st.dictionaries(st.sampled_from(TAGS), anything | st.lists(anything).map(tuple)))
def test_whatever_the_tags_hold_a_setting_is_a_sensible_number_or_not_stated(tags):
    found = settings(tags)
    for value in (found.time, found.iso, found.f_number):
        assert value is None or (value > 0 and math.isfinite(math.log2(value)))
    assert found.bias is None or abs(found.bias) <= 40


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_time_is_its_rational(numerator, denominator):
    found = settings({33434: IFDRational(numerator, denominator), 37377: 5.0})
    assert found.time == pytest.approx(numerator / denominator)


@given(st.fractions(-10, 15, max_denominator=10**4), st.fractions(0, 10, max_denominator=10**4))
def test_apex_numbers_stand_in_for_missing_ones(speed, aperture):
    tags = {33434: IFDRational(0, 0), 37377: IFDRational(speed), 37378: IFDRational(aperture)}
    found = settings(tags)
    assert found.time == pytest.approx(2.0**-speed)
    assert found.f_number == pytest.approx(2.0 ** (aperture / 2))


def test_an_iso_beyond_16_bits_stands_elsewhere():
    assert settings({34855: 65535, 34866: 102400}).iso == 102400
    assert settings({34855: 65535}).iso is None


def test_settings_come_from_a_file(tmp_path):
    exif = Image.Exif()
    exif.get_ifd(metadata.EXIF_IFD).update({33434: 1 / 60, 33437: 5.6, 34855: 400, 37380: -2.0})
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=exif)
    found = read_settings(tmp_path / "a.jpg")
    assert (found.time, found.f_number, found.iso, found.bias) == pytest.approx((1 / 60, 5.6, 400, -2))


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00broken"])
@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.dng"])
def test_a_file_that_cannot_be_read_states_nothing(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert read_settings(tmp_path / name) == ExposureSettings()
