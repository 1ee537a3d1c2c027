"""The camera with sliders: its raw values, histogram and picture, against what the physics says."""

from dataclasses import replace

import numpy as np
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.images import srgb
from hdrkit.simulation import camera
from hdrkit.widgets.camera import (
    PER_STOP,
    SEED,
    STOPS,
    Settings,
    Subject,
    at_the_limit,
    losses,
    photograph,
    raw_histogram,
    signal_to_noise,
    simulated_camera,
    subject,
)

DAYLIGHT = 6500
QUIET = Settings(full_well=1e9, read_noise=0)  # so many electrons that their noise vanishes


def grey(level, size=(64, 96)):
    return Subject(np.full((*size, 3), level, np.float32), DAYLIGHT)


def green(seen, settings):
    """Return the electrons that the green raw values of one kind stand for."""
    mosaic = photograph(seen, settings)[0][0::2, 1::2].astype(float)
    return (mosaic - settings.sensor.black) * settings.sensor.gain


def test_the_sensor_of_the_start_is_the_survey_s():
    assert Settings().sensor == camera.Sensor()


def test_with_the_settings_of_the_start_it_is_the_survey_s_camera():
    light = np.linspace(0, 0.95, 96 * 3, dtype=np.float32).reshape(1, 96, 3).repeat(64, axis=0)
    mosaic, _ = photograph(Subject(light, DAYLIGHT), Settings())
    colour = camera.colours(camera.Sensor(), DAYLIGHT)
    np.testing.assert_array_equal(mosaic, camera.expose(light, camera.Sensor(), colour, np.random.default_rng(SEED)))


@pytest.mark.parametrize("change", [{}, {"iso": 25_600}, {"read_noise": 80}, {"full_well": 1000}, {"bits": 4}])
def test_no_noise_hides_what_is_clipped(change):
    settings = replace(Settings(), **change)
    limit = 1 / settings.amplification
    mosaic, picture = photograph(grey(2 * limit), settings)
    assert (mosaic[0::2, 1::2] == settings.sensor.white).mean() > 0.98
    assert (picture == 255).mean() > 0.98


def test_the_scene_is_metered_and_known_by_name():
    seen = subject()
    assert camera.metered(seen.light, camera.METERING) == pytest.approx(1, rel=1e-3)
    assert seen.light.shape == (320, 480, 3) and seen.light.max() > 1
    with pytest.raises(HdrkitError, match="^Nowhere: no such scene"):
        subject("Nowhere")


@pytest.mark.parametrize("bits", [6, 8, 10, 12])
def test_the_picture_shows_the_planted_light_whatever_the_bits(bits):
    """To what half a step of the converter is worth after white balance and colour matrix, and a level."""
    settings = replace(QUIET, bits=bits)
    for level in (0.05, 0.3, 0.9):
        picture = photograph(grey(level), settings)[1]
        step = 2 / (settings.sensor.white - settings.sensor.black)
        low, high = (255 * srgb.encode(np.array(level + off)) for off in (-step, step))
        middle = picture[16:-16, 16:-16]
        assert low - 1 <= middle.min() and middle.max() <= high + 1


def test_one_stop_of_exposure_and_one_of_iso_brighten_alike():
    dark, exposed, amplified = (
        photograph(grey(0.06), replace(QUIET, **change))[0][0::2, 1::2].mean() - QUIET.sensor.black
        for change in ({}, {"exposure": 1.0}, {"iso": 200})
    )
    assert exposed == pytest.approx(2 * dark, rel=0.01) and amplified == pytest.approx(2 * dark, rel=0.01)


def test_a_higher_iso_clips_less_light():
    seen = grey(0.3)
    for iso, clipped in ((100, 0), (200, 0), (400, 1)):
        settings = replace(QUIET, iso=iso)
        mosaic = photograph(seen, settings)[0]
        assert (mosaic[0::2, 1::2] == settings.sensor.white).mean() == clipped


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"exposure": -4.0},
        {"exposure": 2.0},
        {"iso": 1600, "exposure": -2.0},
        {"full_well": 1000},
        {"read_noise": 80},
        {"bits": 6},
    ],
)
def test_signal_to_noise_is_what_the_pixels_have(change):
    """On a ramp around the metered brightness, on which rounding errors of all sizes happen."""
    settings = replace(Settings(), **change)
    ramp = np.linspace(0, 2, 1024, dtype=np.float32) * np.float32(camera.METERING)
    planted = Subject(np.broadcast_to(ramp[None, :, None], (256, 1024, 3)), DAYLIGHT)
    electrons = (planted.light * settings.full_well * 2**settings.exposure)[0::2, 1::2, 1]
    noise = np.sqrt(np.mean((green(planted, settings) - electrons) ** 2))
    assert electrons.mean() / noise == pytest.approx(signal_to_noise(settings), rel=0.05)


def test_light_halved_moves_the_histogram_by_a_stop():
    sensor = Settings().sensor
    white, black = sensor.white, sensor.black
    for stop in range(1, 9):
        value = black + (white - black) / 2**stop
        counts = raw_histogram(np.full((4, 6), round(value + 0.5), np.uint16), sensor)
        at = 1 + (STOPS - stop) * PER_STOP
        np.testing.assert_array_equal(counts[:, at], [6, 12, 6])
        assert counts.sum() == 24


def test_the_ends_of_the_histogram_are_black_and_the_limit():
    sensor = Settings(bits=8).sensor
    assert (sensor.black, sensor.white) == (16, 255)
    mosaic = np.full((4, 4), 100, np.uint16)
    mosaic[0::2, 0::2] = 255  # red is clipped
    mosaic[1::2, 1::2] = [[16, 15], [0, 17]]  # blue: black, twice below it, one step above
    counts = raw_histogram(mosaic, sensor)
    assert counts[0, -1] == 4 and counts[2, 0] == 3 and counts[1, [0, -1]].tolist() == [0, 0]
    above = 1 + int(np.floor((np.log2(1 / 239) + STOPS) * PER_STOP))
    assert counts[2, above] == 1 and counts.sum() == 16


def test_few_bits_leave_gaps_in_the_histogram():
    seen = subject()
    few, many = (
        raw_histogram(photograph(seen, settings)[0], settings.sensor)[1]
        for settings in (Settings(bits=6), Settings(bits=12))
    )
    assert (few > 0).sum() < 0.6 * (many > 0).sum()


def test_what_a_sensor_has_clipped_is_told_from_what_is_brighter_than_white():
    light = np.full((10, 10, 3), 0.2)
    light[:3], light[3:5] = 5, 1e-4
    picture = np.full((10, 10, 3), 120, np.uint8)
    picture[:4], picture[9:] = 255, 0  # a row more is clipped; noise has brought one below the limit, and two above it
    bright, dark = losses(picture, light)
    assert "<b>40.0%</b> of the pixels are clipped" in bright and "30.0% are brighter than the screen" in bright
    assert (
        "<b>10.0%</b> are under-exposed; by a perfect sensor, 20.0%" in dark and "Noise has lifted the others" in dark
    )
    picture[7:] = 0
    assert "Noise" not in losses(picture, light)[1]


def test_noise_lifts_dark_pixels_above_the_limit():
    seen = subject()
    quiet, loud = (losses(photograph(seen, Settings(read_noise=e))[1], seen.light)[1] for e in (0, 80))
    assert quiet != loud and "Noise has lifted" in loud


@pytest.fixture(scope="module")
def panel():
    return simulated_camera()


def parts(panel):
    """Return the sliders by name, the text beside them, and the light table."""
    controls, table = panel.children[0].children
    *sliders, text = controls.children
    return {slider.description: slider for slider in sliders}, text, table


def test_it_starts_as_the_survey_s_camera(panel):
    sliders, _, table = parts(panel)
    shown = {name: slider.label for name, slider in sliders.items()}
    assert shown == {
        "Exposure": "EV 0", "ISO": "100", "Full well": "40,000 e⁻", "Read noise": "6 e⁻", "Bits": "12"
    }  # fmt: skip
    assert (table.left, table.right, table.control) == ("photograph", "perfect sensor", "standard settings")


@pytest.mark.parametrize(
    ("name", "label", "change"),
    [
        ("Exposure", "EV +4", {"exposure": 4.0}),
        ("ISO", "1,600", {"iso": 1600}),
        ("Full well", "1,000 e⁻", {"full_well": 1000}),
        ("Read noise", "80 e⁻", {"read_noise": 80}),
        ("Bits", "4", {"bits": 4}),
    ],
)
def test_moving_a_slider_changes_picture_and_numbers(panel, name, label, change):
    sliders, text, table = parts(panel)
    before, start = text.value, sliders[name].value
    sliders[name].value = sliders[name].labels.index(label)
    settings = replace(Settings(), **change)
    mosaic, picture = photograph(subject(), settings)
    np.testing.assert_array_equal(table.arrays["photograph"], picture)
    clipped = (picture.max(axis=-1) >= 250).mean()
    assert f"<b>{clipped:.1%}</b> of the pixels are clipped" in text.value
    assert at_the_limit(raw_histogram(mosaic, settings.sensor)) in text.value
    assert text.value != before
    sliders[name].value = start
    assert text.value == before


def test_exposure_and_iso_tell_the_light_table_how_far_to_push(panel):
    sliders, _, table = parts(panel)
    starts = sliders["Exposure"].value, sliders["ISO"].value
    sliders["Exposure"].value, sliders["ISO"].value = sliders["Exposure"].labels.index("EV −3"), 1
    assert {picture["name"]: picture["ev"] for picture in table.pictures} == {
        "photograph": -2, "standard settings": 0, "perfect sensor": 0
    }  # fmt: skip
    sliders["Exposure"].value, sliders["ISO"].value = starts


def test_less_light_is_noisier_even_when_pushed(panel):
    """What ISO 1600 makes as bright again has fewer electrons."""
    sliders, _, table = parts(panel)
    starts = sliders["Exposure"].value, sliders["ISO"].value
    standard = table.numbers(with_ssim=False).psnr[0]
    sliders["Exposure"].value, sliders["ISO"].value = 0, 4
    assert (sliders["Exposure"].label, sliders["ISO"].label) == ("EV −4", "1,600")
    assert table.numbers(with_ssim=False).psnr[0] < standard - 6
    sliders["Exposure"].value, sliders["ISO"].value = starts


def test_a_tone_that_is_clipped_has_no_noise_to_speak_of(panel):
    sliders, text, _ = parts(panel)
    start = sliders["ISO"].value
    sliders["ISO"].value = len(sliders["ISO"].labels) - 1
    assert "none, it is clipped" in text.value
    sliders["ISO"].value = start


def test_without_a_kernel_the_numbers_and_the_pictures_stay(panel):
    _, text, _ = parts(panel)
    page = panel._repr_mimebundle_()["text/html"]
    assert text.value in page and "hdrkit-standalone" in page
