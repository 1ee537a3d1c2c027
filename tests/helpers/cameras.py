"""Simulated JPEG brackets with known answers: scenes of panoramas through the tone curves of several cameras."""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from hdrkit.images import jpeg, raw, srgb
from hdrkit.simulation import camera, embedded_views, panorama

FULL_WELL, READ_NOISE = 30_000.0, 8.0  # electrons
QUALITY = 85
PLACES = ("kiara_1_dawn", "city", "interior", "courtyard", "forest", "st_fagans_interior", "studio", "lebombo")


class SimulatedBracket(NamedTuple):
    """frames: uint8, n x h x w x 3, after JPEG; stops: their exposures; radiance: float32, h x w x 3, the truth."""

    frames: np.ndarray
    stops: np.ndarray
    radiance: np.ndarray


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
def view(place, yaw=40, size=(360, 240)):
    light = panorama.view(embedded_views.load(place), panorama.rotation(yaw, 0, 0), 70, size)
    return light * np.float32(camera.metered(light, camera.METERING))


def simulate(curve, stops, place="kiara_1_dawn", yaw=40, shifts=None, seed=0, quality=QUALITY):
    """Take a bracket. curve: one of CURVES; stops: exposures, 0 the metered one; shifts: (x, y) of each, pixels."""
    radiance, rng = view(place, yaw), np.random.default_rng(seed)
    frames = []
    for i, stop in enumerate(stops):
        light = radiance * np.float32(2.0**stop)
        if shifts is not None:
            move = np.array([[1, 0, shifts[i][0]], [0, 1, shifts[i][1]]], np.float32)
            light = cv2.warpAffine(light, move, light.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        noisy = rng.poisson(np.clip(light, 0, 2) * FULL_WELL) + rng.normal(0, READ_NOISE, light.shape)
        encoded = CURVES[curve](np.clip(noisy / FULL_WELL, 0, 1))
        frames.append(jpeg.decode(jpeg.encode(np.rint(encoded * 255).astype(np.uint8), quality)))
    return SimulatedBracket(np.stack(frames), np.asarray(stops, float), radiance)


def write(folder, frames, stated=None):
    """Write frames as 0.jpg, 1.jpg, ... of quality 95, with EXIF times of the stops that are `stated`, or none."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{i}.jpg" for i in range(len(frames))]
    for i, (frame, path) in enumerate(zip(frames, paths, strict=True)):
        exif = Image.Exif()
        if stated is not None:
            exif.get_ifd(raw.EXIF_IFD)[raw.EXPOSURE_TIME] = 2.0 ** stated[i] / 60
        Image.fromarray(frame).save(path, quality=95, exif=exif)
    return paths
