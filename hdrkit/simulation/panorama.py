"""Panoramas in linear light, and the pictures that a camera standing in one sees."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.images import radiance_files
from hdrkit.images.decoder_process import in_decoder

SUFFIXES = (".exr", ".hdr")
COPY = "copy it again from its source"


def is_panorama(path: Path) -> bool:
    """Tell by its name whether a file is meant as a panorama."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def load_panorama(path: str | Path) -> np.ndarray:
    """Return an equirectangular panorama, OpenEXR or Radiance (.hdr), as float32 (h, 2h, 3), at least 0.

    Linear light, colours of sRGB. The lossy DWA compression rings a little around lamps, to 0.1 % below black: no light
    is less than none, so negative values become 0. Raises HdrkitError when the file is missing or damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise HdrkitError(f"{path}: this panorama is missing; {mend(path)}")
    decode = radiance_files.decode_hdr if path.suffix.lower() == ".hdr" else radiance_files.decode_exr
    try:
        pixels = in_decoder(decode, path)["pixels"]
    except (ValueError, MemoryError) as error:
        raise HdrkitError(f"{path}: this panorama is damaged; {mend(path)}") from error
    height, width = pixels.shape[:2]
    if width != 2 * height or not np.isfinite(pixels).all():
        what = f"{width} x {height} pixels" if width != 2 * height else "some are infinite, or no numbers"
        raise HdrkitError(f"{path}: not a 2:1 panorama of finite values ({what}); {mend(path)}")
    return np.maximum(pixels, 0)


def mend(path: Path) -> str:
    """Return what to do about a panorama that is not as it should be."""
    ours = path.parent == DATA / "panoramas"
    return f"restore it with `git checkout -- data/panoramas`, or {COPY}" if ours else COPY


def rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Return the 3 x 3 matrix from camera to world axes (x right, y down, z forward); angles in degrees.

    Yaw turns to the right, pitch up, roll clockwise.
    """
    (a, b, c), (p, q, r) = np.cos(np.radians([yaw, pitch, roll])), np.sin(np.radians([yaw, pitch, roll]))
    turn = np.array([[a, 0, p], [0, 1, 0], [-p, 0, a]])
    lift = np.array([[1, 0, 0], [0, b, -q], [0, q, b]])
    lean = np.array([[c, -r, 0], [r, c, 0], [0, 0, 1]])
    return turn @ lift @ lean


def view(
    panorama: np.ndarray,
    pose: np.ndarray,
    fov: float,
    size: tuple[int, int],
    shift: Sequence[float] | np.ndarray = (0.0, 0.0),
) -> np.ndarray:
    """Return what a pinhole camera sees: linear float32 (height, width, 3).

    pose: 3 x 3 from `rotation`; fov: horizontal field of view, degrees; size: (width, height), pixels;
    shift: how far the picture moves to the right and down, pixels. Interpolated linearly, because cubic
    interpolation rings around lamps; the panorama's left and right edge are one.
    """
    width, height = size
    focal = width / 2 / np.tan(np.radians(fov) / 2)  # pixels
    x = (np.arange(width) - shift[0] - (width - 1) / 2) / focal
    y = (np.arange(height)[:, None] - shift[1] - (height - 1) / 2) / focal
    right, down, forward = (a * x + b * y + c for a, b, c in pose)
    rows, columns = panorama.shape[:2]
    u = (np.arctan2(right, forward) / (2 * np.pi) + 0.5) * columns - 0.5
    v = (np.arctan2(down, np.hypot(right, forward)) / np.pi + 0.5) * rows - 0.5
    v = np.clip(v, 0, rows - 1)
    return cv2.remap(panorama, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
