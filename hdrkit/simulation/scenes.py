"""The scenes of a simulated survey, each a folder: nine raw frames, one stop apart, and a render.

The render is cropped, scaled and slightly turned against the frames.
"""

import hashlib
import json
import os
import shutil
import zlib
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from hdrkit.core.files import sha256
from hdrkit.images import dng, jpeg
from hdrkit.simulation import camera, local_laplacian, panorama
from hdrkit.simulation.views import EVS, FRAME_SIZE, RENDER_SIZE, View, frame_name, geometry

SENSOR_WIDTH = 23.7  # mm
UNIT_TIME = 1 / 60  # s in which a luminance of 1 in the panorama's unit saturates the sensor
# s that the camera notes of its metered frame: a panorama in another unit would ask for times that no file can hold
FASTEST, SLOWEST = 2.0**-12, 2.0**5
WIDEST = 2048  # pixels of a panorama as the camera sees it: finer ones than its own would leave patterns
JPEG_QUALITY = 92
STAMP = ".capture.json"


def light_of(path: Path) -> np.ndarray:
    """Return a panorama, made smaller to `WIDEST`. Raises HdrkitError as `panorama.load_panorama` does."""
    return _light_of(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(2)  # the panorama in hand and the next: hundreds do not fit into memory
def _light_of(path: Path, _changed: int) -> np.ndarray:
    light = panorama.load_panorama(path)
    if light.shape[1] > WIDEST:
        light = cv2.resize(light, (WIDEST, WIDEST // 2), interpolation=cv2.INTER_AREA)
    return light


def shutter_time(factor: float) -> float:
    """Return the time in s, in thirds of a stop, that multiplies light by about `factor`."""
    return 2.0 ** (round(3 * np.log2(factor * UNIT_TIME)) / 3)


def photograph(view: View, seed: int, folder: Path, size: tuple[int, int] = FRAME_SIZE) -> None:
    """Write the nine raw frames of a scene into `folder`; size: (width, height) in pixels."""
    light, sensor = light_of(view.path), camera.Sensor()
    colour = camera.colours(sensor, view.kelvin)
    pose = panorama.rotation(view.yaw, view.pitch, view.roll)
    time = shutter_time(camera.metered(panorama.view(light, pose, view.fov, FRAME_SIZE), camera.METERING))
    focal_length = round(SENSOR_WIDTH / 2 / np.tan(np.radians(view.fov) / 2), 1)
    noted = min(max(time, FASTEST), SLOWEST)
    rng = np.random.default_rng([seed, zlib.crc32(view.scene.encode()), 1])
    shifts = geometry(view, seed).shifts * (size[0] / FRAME_SIZE[0])
    for i, (ev, shift) in enumerate(zip(EVS, shifts, strict=True)):
        exposure = panorama.view(light, pose, view.fov, size, shift) * (time / UNIT_TIME * 2**ev)
        mosaic = camera.expose(exposure, sensor, colour, rng)
        shot = dng.Shot(Fraction(noted * 2**ev), 100, 8.0, focal_length, f"2019:03:01 12:00:{i:02d}")
        dng.write_dng(folder / frame_name(i), mosaic, colour, shot)


def render(view: View, seed: int) -> np.ndarray:
    """Return the scene's render: encoded float32 (280, 420, 3) in [0, 1].

    Tone mapping sees the noise-free light at twice the frame's resolution, so that resampling
    costs no sharpness.
    """
    pose = panorama.rotation(view.yaw, view.pitch, view.roll)
    light = panorama.view(light_of(view.path), pose, view.fov, (2 * FRAME_SIZE[0], 2 * FRAME_SIZE[1]))
    picture = local_laplacian.tone_map(light)
    crop = 2 * geometry(view, seed).crop + [[0, 0, 0.5], [0, 0, 0.5]]  # pixel centres of the doubled frame
    return cv2.warpAffine(picture, crop, RENDER_SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def write_scene(view: View, seed: int, out: Path, key: str) -> None:
    """Write a scene's folder, whole or not at all."""
    unfinished, folder = out / f".unfinished {view.scene}", out / view.scene
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    photograph(view, seed, unfinished)
    picture = np.rint(render(view, seed) * 255).astype(np.uint8)
    (unfinished / view.render_name).write_bytes(jpeg.encode(picture, JPEG_QUALITY))
    hashes = {path.name: sha256(path) for path in sorted(unfinished.iterdir())}
    (unfinished / STAMP).write_text(json.dumps({"key": key, "sha256": hashes}), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(unfinished, folder)


def scene_key(view: View, digest: str, seed: int, code: str) -> str:
    """Return the fingerprint of all that a scene is made from: code, panorama, both by their digests, view and seed."""
    return hashlib.sha256("\n".join((code, digest, repr(view), str(seed))).encode()).hexdigest()


def is_whole(folder: Path, key: str) -> bool:
    """Tell whether a scene's folder holds what `key` makes, by its stamp, which has the hash of each file."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return stamp["key"] == key and all(sha256(folder / name) == digest for name, digest in stamp["sha256"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
