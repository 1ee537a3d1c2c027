"""The simulated sensor and its raw files, as LibRaw reads them."""

from fractions import Fraction

import numpy as np
import pytest
import rawpy

from hdrkit.images import dng
from hdrkit.simulation import camera
from hdrkit.simulation.camera import Sensor

QUIET = Sensor(full_well=1e9, read_noise=0)  # so many electrons that their noise vanishes
RADIOMETRIC = dict(
    no_auto_bright=True, adjust_maximum_thr=0, gamma=(1, 1), output_bps=16, use_camera_wb=True, user_flip=0
)
SHOT = dng.Shot(Fraction(1, 80), 100, 8.0, 24.5, "2019:03:01 12:00:00")


@pytest.mark.parametrize("kelvin", [3200, 5000, 7000])
def test_raw_file_decodes_to_the_planted_radiance(tmp_path, kelvin):
    """Six colours come back through LibRaw to 0.1 % of saturation, whatever the light."""
    planted = np.array([[0.5] * 3, [0.05] * 3, [0.4, 0.2, 0.1], [0.1, 0.3, 0.1], [0.1, 0.2, 0.5], [0.9] * 3])
    exposure = np.kron(planted.reshape(2, 3, 3), np.ones((20, 20, 1)))
    colour = camera.colours(QUIET, kelvin)
    path = tmp_path / "patches.dng"
    dng.write_dng(path, camera.expose(exposure, QUIET, colour, np.random.default_rng(0)), colour, SHOT)
    with rawpy.imread(str(path)) as raw:
        decoded = raw.postprocess(**RADIOMETRIC) / 65535
    middles = decoded[10::20, 10::20].reshape(-1, 3)
    np.testing.assert_allclose(middles, planted, atol=1e-3)


def test_raw_file_keeps_every_number_and_note(tmp_path):
    mosaic = np.random.default_rng(0).integers(0, 4096, (32, 48), dtype=np.uint16)
    colour = camera.colours(Sensor(), 5000)
    path = tmp_path / "noise.dng"
    dng.write_dng(path, mosaic, colour, SHOT)
    with rawpy.imread(str(path)) as raw:
        np.testing.assert_array_equal(raw.raw_image, mosaic)
        assert (raw.white_level, raw.black_level_per_channel) == (4095, [256] * 4)
        np.testing.assert_array_equal(raw.raw_colors[:2, :2], [[0, 1], [3, 2]])
        balance = np.array(raw.camera_whitebalance[:3])
        np.testing.assert_allclose(balance / balance[1], colour.neutral[1] / colour.neutral, rtol=1e-4)
        assert raw.other.shutter_speed == pytest.approx(1 / 80)
        assert (raw.other.iso_speed, raw.other.aperture, raw.other.focal_length) == (100, 8, 24.5)
        assert raw.other.timestamp.year == 2019


@pytest.mark.parametrize("level", [0.0, 0.01, 0.1, 0.6])
def test_noise_follows_the_model(level):
    """In DN: photons give mean / gain, the amplifier its variance, rounding 1/12."""
    sensor, colour = Sensor(), camera.colours(Sensor(), 6500)
    green = camera.expose(np.full((512, 512, 3), level), sensor, colour, np.random.default_rng(1))[0::2, 1::2]
    electrons = level * sensor.full_well
    assert green.mean() == pytest.approx(sensor.black + electrons / sensor.gain, rel=2e-3)
    assert green.var() == pytest.approx((electrons + sensor.read_noise**2) / sensor.gain**2 + 1 / 12, rel=0.02)


def test_full_well_reads_as_white():
    sensor = Sensor(read_noise=0)
    mosaic = camera.expose(np.full((8, 8, 3), 5.0), sensor, camera.colours(sensor, 6500), np.random.default_rng(0))
    assert (mosaic == sensor.white).all()


def test_black_body_of_daylight_is_nearly_d65():
    x, y, z = camera.blackbody(6504)
    assert x / (x + y + z) == pytest.approx(0.3127, abs=0.002)
    assert y / (x + y + z) == pytest.approx(0.3290, abs=0.006)  # daylight is a little greener


def test_warm_light_asks_for_more_blue():
    warm, cool = (camera.colours(Sensor(), kelvin).neutral for kelvin in (3200, 7000))
    assert warm[2] < 0.5 * cool[2] and warm[0] > 1.5 * cool[0]
    assert warm[1] == cool[1] == 1


def test_metering_brings_the_geometric_mean_to_the_target():
    radiance = np.full((4, 4, 3), 2.0)
    radiance[:2] = 8.0
    assert camera.metered(radiance, 0.1) == pytest.approx(0.1 / 4)
