"""The sRGB curve, for arrays, for whole numbers and for tensors, is one curve."""

import numpy as np
import pytest

from hdrkit.images import srgb, srgb_tensors


def test_the_encoding_is_srgb():
    values = np.linspace(0, 1, 101, dtype=np.float32)
    assert np.allclose(srgb_tensors.encode(values), srgb.encode(values), atol=1e-5)


def test_tensors_are_decoded_and_weighed_alike():
    picture = np.random.default_rng(0).random((4, 5, 3), np.float32)
    assert np.allclose(srgb_tensors.decode(picture), srgb.decode(picture), atol=1e-6)
    assert np.allclose(srgb_tensors.luminance(picture)[..., 0], srgb.luminance(picture), atol=1e-6)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_whole_numbers_come_back_through_light(kind):
    top = np.iinfo(kind).max
    values = np.arange(top + 1, dtype=kind)
    light = srgb.decode_integers(values)
    assert np.allclose(light, srgb.decode(values / top), atol=1e-7)
    steps = 0 if kind is np.uint8 else 7  # half of what 65536 steps of light leave in the shadows
    assert np.abs(srgb.encode_integers(light, kind).astype(int) - values).max() <= steps
