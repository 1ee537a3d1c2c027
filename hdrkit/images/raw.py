"""Raw files, and pictures, to RGB.

The report decoded with LibRaw's defaults (`libraw_default`). Automatic brightness multiplies each frame until 1 %
of its pixels clip, so that a pixel no longer tells how much light fell; a frame that clips as many already stays as it
is. Colours are balanced for daylight, whatever the light was, and encoded with the BT.709 curve, which leaves shadows
darker than the sRGB curve.
Decoding `radiometric` is proportional to light, balanced as the camera was, encoded with the sRGB curve.
"""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.core.quiet import quiet
from hdrkit.images import srgb

# LibRaw starts OpenMP threads inside each of our own; with one thread each, two decodings at once take half the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
import rawpy  # reads the variable when it loads

RAW_SUFFIXES = {  # of the cameras that LibRaw knows
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".k25", ".kdc", ".mef", ".mos"),
    *(".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
}
PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}

# Without these, LibRaw brightens each frame by itself and rescales it by its brightest pixel (up to 1.31 times).
RADIOMETRIC = {
    "no_auto_bright": True,
    "adjust_maximum_thr": 0.0,
    "gamma": (1, 1),
    "output_bps": 16,
    "use_camera_wb": True,
}
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
        return _postprocess(path).astype(np.float32) / 255
    return srgb.encode(decode_linear(path))


def decode_8bit(path: str | Path) -> np.ndarray:
    """Decode a frame as `decode` does, to 8 bits: uint8, height x width x 3, RGB; many times as fast for a JPEG."""
    if is_raw(path):
        return srgb.encode_integers(decode_linear(path), np.uint8)
    picture = _read_integers(path)
    return picture if picture.dtype == np.uint8 else np.rint(picture / np.float32(257)).astype(np.uint8)


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
    algorithm = rawpy.DemosaicAlgorithm[demosaicing]
    return _postprocess(path, **RADIOMETRIC, demosaic_algorithm=algorithm) * np.float32(1 / 65535)


def preview(data: bytes) -> bytes:
    """Return the preview in the bytes of a raw file, a JPEG; empty where it is none. Raises rawpy.LibRawError."""
    with rawpy.imread(io.BytesIO(data)) as raw:
        thumb = raw.extract_thumb()
    return bytes(thumb.data) if thumb.format == rawpy.ThumbFormat.JPEG else b""


def shot(data: bytes) -> Any:
    """Return what LibRaw knows of the exposure in the bytes of a raw file, as rawpy's `other`."""
    with rawpy.imread(io.BytesIO(data)) as raw:
        return raw.other


def _postprocess(path: str | Path, **settings: Any) -> np.ndarray:
    try:
        # Not by name: LibRaw takes none that is not UTF-8. Of damage it would also write a line of its own.
        with quiet, open(path, "rb") as file, rawpy.imread(file) as raw:
            picture = raw.postprocess(**settings)
    except (rawpy.LibRawError, OSError, ValueError) as error:
        raise _undecodable(path, error) from error
    # Some damaged files decode without complaint, to nothing.
    if picture.size == 0 or picture.ndim != 3:
        raise _undecodable(path, "it holds no picture")
    return picture


def _read_raw_header(path: str | Path) -> Header:
    try:
        with open(path, "rb") as file, rawpy.imread(file) as raw:
            shot, size = raw.other, raw.sizes
    except (rawpy.LibRawError, OSError, ValueError) as error:
        raise _undecodable(path, error) from error
    return Header(shot.shutter_speed or None, shot.iso_speed or None, shot.aperture or None, size.width, size.height)


def _read_picture_header(path: str | Path) -> Header:
    try:
        with Image.open(path) as picture:
            exif = picture.getexif().get_ifd(EXIF_IFD)
            width, height = picture.size
    except Exception as error:  # for damaged files, long texts and huge pictures, Pillow raises many kinds
        raise _undecodable(path, error) from error
    time, iso, f_number = (float(exif[tag]) if exif.get(tag) else None for tag in (EXPOSURE_TIME, ISO, F_NUMBER))
    return Header(time, iso, f_number, width, height)


def _read_picture(path: str | Path) -> np.ndarray:
    picture = _read_integers(path)
    return picture.astype(np.float32) / np.float32(srgb.top(picture))


def _read_integers(path: str | Path) -> np.ndarray:
    try:  # by Python, since OpenCV crashes on names that are not UTF-8
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise _undecodable(path, error) from error
    picture = cv2.imdecode(data, cv2.IMREAD_ANYDEPTH | cv2.IMREAD_COLOR_RGB) if data.size else None
    if picture is None:
        raise _undecodable(path, "it is no picture that OpenCV reads")
    if picture.dtype not in (np.uint8, np.uint16):
        raise HdrkitError(f"{path}: {picture.dtype} pixels; frames of a bracket have 8 or 16 bits, so convert it")
    return picture


def _undecodable(path: str | Path, why: Any) -> HdrkitError:
    if isinstance(why, rawpy.LibRawError):  # its message is bytes
        why = why.args[0].decode(errors="replace")
        if "Unsupported file format" in why:
            why = "damaged, or of a camera or compression that LibRaw does not know"
            mend = "copy the file again from its source, or convert it to DNG or TIFF"
            return HdrkitError(f"{path}: cannot be decoded ({why}); {mend}")
    return HdrkitError(f"{path}: cannot be decoded ({why}); copy the file again from its source, or leave it out")
