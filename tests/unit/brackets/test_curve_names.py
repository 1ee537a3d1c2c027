"""A response is called by the usual curve that it is like, or by its contrast."""

import numpy as np
import pytest
from helpers import cameras

from hdrkit.brackets import camera_response, curve_names
from hdrkit.brackets.frame_pairs import FramePairs
from hdrkit.brackets.measured_exposure import measure
from hdrkit.images import srgb

STOPS = np.arange(-3.0, 4)


def recovered(curve):
    frames = cameras.simulate(curve, STOPS, "city").frames
    pairs = FramePairs(frames)
    return camera_response.recover(pairs, STOPS, measure(pairs).log_light)


def true_contrast(curve):
    """From where the curve encodes 32 to where it encodes 224: stops as sRGB has them, per stop of light."""
    light = np.linspace(1e-5, 1, 200_000)
    ends = light[np.searchsorted(255 * cameras.CURVES[curve](light), [32, 224])]
    as_srgb = srgb.decode(np.array([32, 224]) / 255)
    return np.diff(np.log2(as_srgb))[0] / np.diff(np.log2(ends))[0]


@pytest.mark.parametrize("curve", cameras.CURVES)
def test_a_recovered_curve_has_its_contrast_and_its_name(curve):
    response = recovered(curve)
    contrast = curve_names.contrast(response)
    assert contrast == pytest.approx(true_contrast(curve), abs=0.06)
    assert curve_names.name(response) == (curve if curve in curve_names.LIGHT else f"own, {contrast:.1f} x sRGB")


@pytest.mark.parametrize("name", curve_names.LIGHT)
def test_each_curve_has_its_own_name(name):
    values = np.maximum(np.arange(256), 0.4) / np.float32(255)
    assert curve_names.name(np.tile(np.log2(curve_names.LIGHT[name](values)), (3, 1))) == name
