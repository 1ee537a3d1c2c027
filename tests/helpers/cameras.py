"""Simulated JPEG brackets with known answers: scenes of panoramas through the tone curves of several cameras."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from hdrkit.brackets import camera_response
from hdrkit.brackets.aligned_frames import AlignedFrames
from hdrkit.brackets.frame_pairs import FramePairs
from hdrkit.brackets.measured_exposure import measure
from hdrkit.brackets.registration import IDENTITY
from hdrkit.brackets.stated_exposure import Stated
from hdrkit.images import jpeg, raw, srgb
from hdrkit.simulation import camera, embedded_views, panorama

FULL_WELL, READ_NOISE = 30_000.0, 8.0  # electrons
QUALITY = 85
SIZE = (360, 240)
PLACES = ("kiara_1_dawn", "city", "interior", "courtyard", "forest", "st_fagans_interior", "studio", "lebombo")


class SimulatedBracket(NamedTuple):
    """frames: uint8, n x h x w x 3, after JPEG; stops: their exposures; radiance: float32, h x w x 3, the truth.

    Of a scene in which things move, the truth is the frame of middle exposure's. maps: n x 2 x 3, from the radiance's
    pixels to each frame's.
    """

    frames: np.ndarray
    stops: np.ndarray
    radiance: np.ndarray
    maps: np.ndarray


class Thing(NamedTuple):
    """A textured thing before the scene, lit by the same light.

    shape: "disc" or "rectangle"; size: its radius, or half its edges, in pixels; colour: its light, 1 is where the
    metered frame saturates; centres: (x, y) in each frame, None where it is out of sight.
    """

    shape: str
    size: float
    colour: tuple[float, float, float]
    centres: list[tuple[float, float] | None]

    def cover(self, frame, size):
        """How much of each pixel of a frame of `size` (width, height) it covers: h x w."""
        if (centre := self.centres[frame]) is None:
            return np.zeros(size[::-1], np.float32)
        x, y = (np.arange(length) - middle for length, middle in zip(size, centre, strict=True))
        across, down = np.meshgrid(x, y)
        away = np.hypot(across, down) if self.shape == "disc" else np.maximum(np.abs(across), 0.6 * np.abs(down))
        return np.clip(self.size + 0.5 - away, 0, 1).astype(np.float32)

    def before(self, radiance, frame):
        """The radiance of a scene (h x w x 3) with the thing where it is in a frame."""
        cover = self.cover(frame, radiance.shape[1::-1])[..., None]
        centre = self.centres[frame] or (0, 0)
        down, across = np.indices(radiance.shape[:2])
        waves = np.sin((across - centre[0]) / 2.5) * np.sin((down - centre[1]) / 4)
        looks = np.multiply.outer(1 + 0.3 * waves, np.array(self.colour))
        return (radiance * (1 - cover) + looks * cover).astype(np.float32)


def bt709(light):
    """The camera curve of BT.709-6, item 1.2."""
    return np.where(light < 0.018, 4.5 * light, 1.099 * np.maximum(light, 1e-9) ** 0.45 - 0.099)


def s_shaped(light):
    """A camera's own JPEG curve: sRGB, then more contrast, with a toe and a shoulder."""
    return sigmoid(srgb.encode(light), contrast=5.0, middle=0.45)


def sigmoid(encoded, contrast, middle):
    low, value, high = (1 / (1 + np.exp(-contrast * (v - middle))) for v in (0.0, encoded, 1.0))
    return (value - low) / (high - low)


CURVES = {"sRGB": srgb.encode, "BT.709": bt709, "gamma 2.2": lambda light: light ** (1 / 2.2), "S-shaped": s_shaped}


@cache
def view(place, yaw=40, size=SIZE):
    light = panorama.view(embedded_views.load(place), panorama.rotation(yaw, 0, 0), 70, size)
    return light * np.float32(camera.metered(light, camera.METERING))


def simulate(
    curve, stops, place="kiara_1_dawn", yaw=40, shifts=None, turns=None, seed=0, quality=QUALITY, things=(), size=SIZE
):
    """Take a bracket.

    curve: one of CURVES; stops: exposures, 0 the metered one; shifts: (x, y) of each frame, pixels; turns: of each,
    degrees, around the middle; things: what moves; size: (width, height).
    """
    rng = np.random.default_rng(seed)
    scenes = [_scene(view(place, yaw, size), i, things) for i in range(len(stops))]
    frames, maps = [], [rigid(*((0, 0) if shifts is None else shifts[i]), 0 if turns is None else turns[i], size)
                        for i in range(len(stops))]  # fmt: skip
    for scene, stop, move in zip(scenes, stops, maps, strict=True):
        light = scene * np.float32(2.0**stop)
        if not np.array_equal(move, np.eye(2, 3)):
            light = cv2.warpAffine(light, move, light.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        noisy = rng.poisson(np.clip(light, 0, 2) * FULL_WELL) + rng.normal(0, READ_NOISE, light.shape)
        encoded = CURVES[curve](np.clip(noisy / FULL_WELL, 0, 1))
        frames.append(jpeg.decode(jpeg.encode(np.rint(encoded * 255).astype(np.uint8), quality)))
    return SimulatedBracket(np.stack(frames), np.asarray(stops, float), scenes[middle(stops)], np.array(maps))


def rigid(x, y, degrees, size):
    """The map that turns a picture of a size around its middle, then shifts it."""
    turn = cv2.getRotationMatrix2D(((size[0] - 1) / 2, (size[1] - 1) / 2), degrees, 1)
    return turn + np.array([[0, 0, x], [0, 0, y]])


def write(folder, frames, stated=None, prefix="", metered=1 / 60):
    """Write frames as 0.jpg, 1.jpg, ... of quality 95, with EXIF times of the stops that are `stated`, or none.

    metered: the time of stop 0, in seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{prefix}{i}.jpg" for i in range(len(frames))]
    for i, (frame, path) in enumerate(zip(frames, paths, strict=True)):
        exif = Image.Exif()
        if stated is not None:
            exif.get_ifd(raw.EXIF_IFD)[raw.EXPOSURE_TIME] = 2.0 ** stated[i] * metered
        Image.fromarray(frame).save(path, quality=95, exif=exif)
    return paths


def write_bracket(folder, curve="S-shaped", stops=(-2, 0, 2), place="kiara_1_dawn", timed=True, **how):
    """Write a simulated bracket as IMG_0.jpg, ..., with EXIF times or without, and return it; see `simulate`."""
    bracket = simulate(curve, stops, place, **how)
    write(folder, bracket.frames, stops if timed else None, "IMG_", 1 / 64)
    return bracket


def write_survey(folder):
    """Write three scenes of a camera's JPEG frames without renders: times in EXIF data, in a list, and nowhere."""
    write_bracket(folder / "hill", place="kiara_1_dawn")
    write_bracket(folder / "yard", stops=(-3, -1, 1, 3), place="courtyard", timed=False)
    times = "".join(f"IMG_{i}.jpg {2.0**stop / 64}\n" for i, stop in enumerate((-3, -1, 1, 3)))
    (folder / "yard" / "times.txt").write_text(times, encoding="utf-8")
    write_bracket(folder / "house", place="lebombo", timed=False)


def middle(stops):
    """The index of the frame of middle exposure, the darker one of two."""
    return int(np.argsort(stops, kind="stable")[(len(stops) - 1) // 2])


def at_rest(things, stops):
    """The things that do not move from where they are in the frame of middle exposure."""
    return [thing._replace(centres=[thing.centres[middle(stops)]] * len(stops)) for thing in things]


def passed(things, size=SIZE):
    """Where any of the things is in any frame: h x w, boolean."""
    return np.any([thing.cover(i, size) > 0 for thing in things for i in range(len(thing.centres))], axis=0)


def aligned(bracket):
    """The frames as `align_files` returns those that nobody moved, with their true exposures."""
    pairs, count = FramePairs(bracket.frames), len(bracket.stops)
    measured = measure(pairs)
    response = camera_response.recover(pairs, bracket.stops, measured.log_light)
    return AlignedFrames(
        [Path(f"{i}.jpg") for i in range(count)], list(bracket.frames), bracket.stops - bracket.stops.min(),
        middle(bracket.stops), np.tile(IDENTITY, (count, 1, 1)), response, Stated(bracket.stops, "EXIF times"),
        measured, [],
    )  # fmt: skip


def _scene(radiance, frame, things):
    for thing in things:
        radiance = thing.before(radiance, frame)
    return radiance
