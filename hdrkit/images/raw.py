"""Raw files, and pictures, to RGB.

The report decoded with LibRaw's defaults (`libraw_default`). Automatic brightness multiplies each frame until 1 %
of its pixels clip, so that a pixel no longer tells how much light fell; a frame that clips as many already stays as it
is. Colours are balanced for daylight, whatever the light was, and encoded with the BT.709 curve, which leaves shadows
darker than the sRGB curve.
Decoding `radiometric` is proportional to light, balanced as the camera was, encoded with the sRGB curve.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from hdrkit.core import regular_files
from hdrkit.core.errors import HdrkitError
from hdrkit.images import libraw, sizes, srgb
from hdrkit.images.decoder_process import in_decoder
from hdrkit.images.libraw import undecodable

RAW_SUFFIXES = {  # of the cameras that LibRaw knows
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".k25", ".kdc", ".mef", ".mos"),
    *(".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
}
PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}

PIXEL_BYTES = 6  # three channels of up to 16 bits
EXIF_IFD, EXPOSURE_TIME, F_NUMBER, ISO = 0x8769, 33434, 33437, 34855


@dataclass(frozen=True)
class Header:
    """What a frame's file says of it: exposure time in seconds, ISO speed, f-number, size in pixels.

    An exposure time, ISO speed or f-number that the file does not state is None.
    """

    exposure_time: float | None
    iso: float | None
    f_number: float | None
    width: int
    height: int


def is_raw(path: str | Path) -> bool:
    """Tell by its suffix whether a file holds raw sensor data."""
    return Path(path).suffix.lower() in RAW_SUFFIXES


def read_header(path: str | Path) -> Header:
    """Read a frame's exposure and size without decoding its pixels.

    Raises HdrkitError where the file is missing, empty or not of its kind.
    """
    return _read_raw_header(path) if is_raw(path) else _read_picture_header(path)


def decode(path: str | Path, decoding: str = "radiometric") -> np.ndarray:
    """Decode a frame to an encoded picture: float32, height x width x 3, RGB, [0, 1].

    `radiometric`: linear light, sRGB-encoded. `libraw_default`: LibRaw's defaults, 8 bits, as the report's authors did.
    A JPEG, PNG or TIFF is taken as it is in both decodings: its camera has encoded it already.
    Raises HdrkitError where the file cannot be decoded, or decodes to nothing.
    """
    if not is_raw(path):
        return _read_picture(path)
    if decoding == "libraw_default":
        return in_decoder(libraw.develop_by_default, path)["pixels"].astype(np.float32) / 255
    return srgb.encode(decode_linear(path))


def decode_linear(path: str | Path, demosaicing: str = "AHD") -> np.ndarray:
    """Decode a frame to linear sRGB light, 1 where the sensor saturates: float32, height x width x 3, [0, 1].

    `demosaicing` names one of LibRaw's algorithms; LINEAR takes half the time of AHD and is as good where the picture
    is resampled to fewer pixels afterwards. A JPEG, PNG or TIFF is assumed to be sRGB-encoded.
    Raises HdrkitError like `decode`.
    """
    if not is_raw(path):
        return srgb.decode(_read_picture(path))
    linear = develop(path, demosaicing)
    return linear if linear.shape[2] == 3 else np.repeat(linear, 3, axis=2)


def develop(path: str | Path, demosaicing: str = "AHD") -> np.ndarray:
    """Decode a raw file, whatever its name, as `decode_linear` does; a monochrome sensor's picture is (h, w, 1)."""
    return in_decoder(libraw.develop, path, demosaicing)["pixels"] * np.float32(1 / 65535)


def _read_raw_header(path: str | Path) -> Header:
    found = in_decoder(libraw.header, path)
    time, iso, f_number = (found[name] or None for name in ("time", "iso", "aperture"))
    return Header(time, iso, f_number, found["width"], found["height"])


def _read_picture_header(path: str | Path) -> Header:
    try:
        regular_files.check(path)
        with Image.open(path) as picture:
            exif = picture.getexif().get_ifd(EXIF_IFD)
            width, height = picture.size
    except Exception as error:  # for damaged files, long texts and huge pictures, Pillow raises many kinds
        raise undecodable(path, error) from error
    time, iso, f_number = (_stated(exif.get(tag)) for tag in (EXPOSURE_TIME, ISO, F_NUMBER))
    return Header(time, iso, f_number, width, height)


def _stated(value: Any) -> float | None:
    try:
        return float(value) or None
    except (TypeError, ValueError, ZeroDivisionError):  # absent, several numbers, a text, a fraction with 0 below
        return None


def check_pixels(path: str | Path) -> None:
    """Raise HdrkitError where a picture cannot be decoded; it is, at an eighth of its size, which is quick."""
    decode_picture(path, cv2.IMREAD_REDUCED_COLOR_8)


def decode_picture(path: str | Path, flags: int) -> np.ndarray:
    """Decode a picture with flags of OpenCV, (h, w, 3), BGR. Raises HdrkitError where that cannot be done."""
    header = _read_picture_header(path)
    sizes.check(path, (header.width, header.height), PIXEL_BYTES)
    try:  # by Python, since OpenCV crashes on names that are not UTF-8
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise undecodable(path, error) from error
    picture = cv2.imdecode(data, flags) if data.size else None
    if picture is None:
        raise undecodable(path, "it is no picture that OpenCV reads")
    return picture


def _read_picture(path: str | Path) -> np.ndarray:
    picture = decode_picture(path, cv2.IMREAD_ANYDEPTH | cv2.IMREAD_COLOR)
    if picture.dtype not in (np.uint8, np.uint16):
        raise HdrkitError(f"{path}: {picture.dtype} pixels; frames of a bracket have 8 or 16 bits, so convert it")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.float32) / (255 if picture.dtype == np.uint8 else 65535)
