"""A camera whose sensor can be changed: what each setting does to the raw values, and to the picture."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import ipywidgets
import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.display import figures, notation
from hdrkit.images import dng, raw, srgb
from hdrkit.simulation import panorama
from hdrkit.simulation.camera import METERING, Sensor, colours, expose, metered
from hdrkit.simulation.embedded_views import load, read_views
from hdrkit.simulation.views import FRAME_SIZE
from hdrkit.widgets import markup
from hdrkit.widgets.analysis import lost
from hdrkit.widgets.light_table import compare
from hdrkit.widgets.panel import ROW, Panel
from hdrkit.widgets.pictures import Picture
from hdrkit.widgets.slider import Slider
from hdrkit.widgets.standalone import standalone_html

SCENE = "Hotel Room (6)"  # a window in the sun and a dark corner in one view
PHOTOGRAPH, STANDARD, PERFECT = "photograph", "standard settings", "perfect sensor"
SEED = 0  # the same noise each time, so that a picture changes only by what was moved
SHUTTER = Fraction(1, 60)  # s; a raw file has to name some time
ROOM = 16  # times the converter's limit in a well, at most: more does not fit 16 bits
STOPS, PER_STOP = 12, 4  # of the raw histogram, below the limit; bins of each stop
BESIDE, TABLE = "1 1 330px", "9 1 470px"  # flex of the sliders' column, and of the light table beside it
BAR = 6  # pixels of each bin
CHANNELS = {  # colour and dashes of each line
    "red": (figures.VERMILION, "none"),
    "green": (figures.GREEN, "6 2"),
    "blue": (figures.BLUE, "2 2"),
}


@dataclass(frozen=True)
class Settings:
    """What can be changed. Those of the start are of the embedded survey's camera.

    exposure: light on the sensor, stops from the metered; iso: 100 uses the full well; full_well and read_noise in
    electrons; bits of the converter, at most 12, which is what the kit's raw files hold.
    """

    exposure: float = 0.0
    iso: int = 100
    full_well: float = Sensor.full_well
    read_noise: float = Sensor.read_noise
    bits: int = dng.BITS

    @property
    def amplification(self) -> int:
        """How many times less light than at ISO 100 brings the converter to its limit."""
        return self.iso // 100

    @property
    def sensor(self) -> Sensor:
        """The sensor as its converter sees it: at ISO 400, a quarter of the full well brings it to its limit."""
        return Sensor(2**self.bits // 16, 2**self.bits - 1, self.full_well / self.amplification, self.read_noise)


COUNT, ELECTRONS = "{:,}".format, "{:,} e\u207b".format
CHOICES: dict[str, tuple[str, Sequence, Callable[..., str]]] = {  # what the sliders are called, offer, and show
    "exposure": ("Exposure", np.arange(-4, 4.5, 0.5).tolist(), notation.ev),
    "iso": ("ISO", [100 * 2**i for i in range(9)], COUNT),
    "full_well": ("Full well", [1_000, 2_500, 5_000, 10_000, 20_000, 40_000, 80_000], ELECTRONS),
    "read_noise": ("Read noise", [0, 1, 2, 3, 6, 10, 20, 40, 80], ELECTRONS),
    "bits": ("Bits", [4, 6, 8, 10, 12], COUNT),
}


@dataclass(frozen=True)
class Subject:
    """What is photographed: linear light (h, w, 3), 1 saturates at EV 0 and ISO 100; its colour temperature, kelvin."""

    light: np.ndarray
    kelvin: float


def subject(scene: str = SCENE) -> Subject:
    """Return a scene of the embedded survey as the camera sees it; raises HdrkitError where there is none such."""
    view = next((view for view in read_views() if view.scene == scene), None)
    if view is None:
        raise HdrkitError(f"{scene}: no such scene; data/views.csv lists the places and views")
    pose = panorama.rotation(view.yaw, view.pitch, view.roll)
    light = panorama.view(load(view.panorama), pose, view.fov, FRAME_SIZE)
    return Subject(light * np.float32(metered(light, METERING)), view.kelvin)


def photograph(seen: Subject, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Return the raw mosaic, uint16 (h, w), RGGB, and the picture that LibRaw makes of it, uint8 (h, w, 3), sRGB."""
    colour = colours(settings.sensor, seen.kelvin)
    mosaic = _converted(seen.light, settings, colour)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.dng"
        dng.write_dng(path, mosaic, colour, dng.Shot(SHUTTER, settings.iso, 8.0, 24.0, "2019:03:01 12:00:00"))
        return mosaic, srgb.encode_integers(raw.decode_linear(path, "LINEAR"), np.uint8)


def _converted(light: np.ndarray, settings: Settings, colour: dng.Colour) -> np.ndarray:
    """Return the mosaic. The converter is at its limit before the well is full, so that no noise hides what is clipped.

    `expose` has one limit for both. It gets a larger one, and the converter's is applied here.
    """
    sensor = settings.sensor
    room = min(2 * settings.amplification, ROOM)
    limit = sensor.black + room * (sensor.white - sensor.black)
    larger = replace(sensor, white=limit, full_well=room * sensor.full_well)
    exposure = light * np.float32(2**settings.exposure * settings.amplification / room)
    return np.minimum(expose(exposure, larger, colour, np.random.default_rng(SEED)), np.uint16(sensor.white))


def raw_histogram(mosaic: np.ndarray, sensor: Sensor) -> np.ndarray:
    """Return how many raw values of red, green and blue have how much light: int64, 3 x 50.

    The first bin holds what is not above black, the last what is at the limit. Those between are quarters of a stop,
    from 12 stops below the limit, or darker, up to it.
    """
    light = np.arange(sensor.white + 1) - float(sensor.black)
    stops = np.log2(np.maximum(light, 0.5) / (sensor.white - sensor.black))
    bins = 1 + np.clip(np.floor((stops + STOPS) * PER_STOP), 0, STOPS * PER_STOP - 1).astype(int)
    bins[light <= 0], bins[sensor.white] = 0, STOPS * PER_STOP + 1
    corners = [mosaic[row::2, column::2] for row, column in ((0, 0), (0, 1), (1, 0), (1, 1))]
    counts = np.zeros((3, STOPS * PER_STOP + 2), np.int64)
    for channel, values in zip(dng.RGGB, corners, strict=True):
        numbers = np.bincount(values.ravel(), minlength=sensor.white + 1)
        counts[channel] += np.bincount(bins, numbers, counts.shape[1]).astype(np.int64)
    return counts


def signal_to_noise(settings: Settings) -> float:
    """Return the ratio for the green of a grey at the metered brightness: photons, read noise and rounding.

    Electrons / sqrt(electrons + read noise^2 + step^2 / 12), as `simulation.camera.expose` makes them.
    """
    electrons = METERING * settings.full_well * 2**settings.exposure
    step = settings.sensor.gain
    return electrons / (electrons + settings.read_noise**2 + step**2 / 12) ** 0.5


def chart(counts: np.ndarray) -> str:
    """Return `raw_histogram` as an SVG: a line for each channel, the limit at the right.

    Heights are square roots of shares, so that rare values are seen beside those that clipped.
    """
    shares = counts / counts.sum(axis=1, keepdims=True)
    heights = 100 * np.sqrt(shares / shares.max())
    left, limit = 20, 20 + BAR * (STOPS * PER_STOP + 1)
    marks = [
        f'<text x="{limit - BAR * PER_STOP * stops}" y="126" text-anchor="middle" font-size="13" fill="currentColor">'
        f"{notation.stops(-stops)}</text>"
        for stops in range(0, STOPS + 1, 2)
    ]
    for height, (colour, dashes) in zip(heights, CHANNELS.values(), strict=True):
        steps = "".join(f"V{110 - bar:.1f}h{BAR}" for bar in height)
        look = f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dashes}"'
        marks.append(f'<path d="M{left} 110{steps}V110" {look}/>')
    marks.append(f'<path d="M{limit} 6V110" stroke="currentColor"/>')
    marks.append(f'<path d="M{left} 110H{limit + BAR}" stroke="currentColor"/>')
    alt = f"Raw histogram, stops below the limit; {at_the_limit(counts)}"
    return markup.drawing(marks, alt, limit + BAR + left, 130)


def at_the_limit(counts: np.ndarray) -> str:
    """Say which share of each channel's raw values is at the limit; counts: of `raw_histogram`."""
    shares = counts[:, -1] / counts.sum(axis=1)
    said = ", ".join(f"{share:.1%} of {channel}" for share, channel in zip(shares, CHANNELS, strict=True))
    return f"at the converter's limit: {said}"


def simulated_camera(scene: str = SCENE) -> Panel:
    """Return a camera with sliders before a scene of the embedded survey, whose panoramas come with the kit.

    On the light table: its photograph, that of the survey's own camera, and the light itself as a perfect sensor would
    have it at EV 0, without noise or limit. Raises HdrkitError for an unknown scene.
    """
    seen = subject(scene)
    sliders = {name: _slider(name) for name in CHOICES}
    standard = photograph(seen, Settings())[1]
    table = compare(
        {PHOTOGRAPH: Picture(standard, ev=0), STANDARD: Picture(standard, ev=0), PERFECT: Picture(seen.light, ev=0)},
        reference=PERFECT,
        control=STANDARD,
    )
    table.left = PHOTOGRAPH
    text = ipywidgets.HTML()

    def show(_change: object = None) -> None:
        settings = Settings(**{name: CHOICES[name][1][slider.value] for name, slider in sliders.items()})
        mosaic, picture = photograph(seen, settings)
        table.replace(PHOTOGRAPH, Picture(picture, ev=settings.exposure + float(np.log2(settings.amplification))))
        text.value = _told(mosaic, picture, seen, settings)

    for slider in sliders.values():
        slider.observe(show, "value")
    show()
    controls = ipywidgets.VBox([*sliders.values(), text], layout={"flex": BESIDE})
    table.layout = {"flex": TABLE, "min_width": "0"}  # beside the sliders, so that both are seen at once
    beside = ipywidgets.HBox([controls, table], layout=ROW)
    return Panel([beside], lambda: f"{text.value}{standalone_html(table)}")


def _slider(name: str) -> Slider:
    description, values, label = CHOICES[name]
    at = values.index(getattr(Settings(), name))
    return Slider(description=description, labels=[label(value) for value in values], value=at)


def _told(mosaic: np.ndarray, picture: np.ndarray, seen: Subject, settings: Settings) -> str:
    """Return the raw histogram and what is lost, as HTML."""
    counts = raw_histogram(mosaic, settings.sensor)
    brightness = 2**settings.exposure * settings.amplification
    ratio = f"{signal_to_noise(settings):.0f}" if METERING * brightness < 1 else "none, it is clipped"
    told = [
        f"Raw values of red (solid), green (dashes) and blue (dots), in stops below the limit; {at_the_limit(counts)}.",
        *losses(picture, seen.light * np.float32(brightness)),
        f"One step of the raw file is {settings.sensor.gain:.2g} electrons. "
        f"Signal to noise at the metered brightness: <b>{ratio}</b>.",
    ]
    return chart(counts) + "".join(f'<p style="line-height: 1.4; margin: 0 0 6px">{text}</p>' for text in told)


def losses(picture: np.ndarray, light: np.ndarray) -> tuple[str, str]:
    """Say what a photograph has lost at the bright and at the dark end, as HTML, and what a perfect sensor would have.

    picture: uint8 (h, w, 3), sRGB. light: what both have taken, linear, (h, w, 3), 1 for white; it may be brighter.
    """
    (clipped, under), (bright, dark) = lost(picture), lost(light.astype(np.float32))
    lifted = " Noise has lifted the others above the limit, 25 of 255. That is not light." if under < dark else ""
    return (
        f"In the picture, <b>{clipped:.1%}</b> of the pixels are clipped. A perfect sensor clips none: of its pixels, "
        f"{bright:.1%} are brighter than the screen can show.",
        f"<b>{under:.1%}</b> are under-exposed; by a perfect sensor, {dark:.1%}.{lifted}",
    )
