"""What EXIF data say of a picture's exposure (EXIF 2.32, 4.6.5, tables 7 and 8).

A camera may state a number as itself (33434 ExposureTime, 33437 FNumber) or in the APEX system as a logarithm
(37377 ShutterSpeedValue, 37378 ApertureValue). Files hold both, one, none, zero, or a division by zero.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from hdrkit.images import image_files, kinds, raw

EXIF_IFD, EXPOSURE_TIME, F_NUMBER, ISO = raw.EXIF_IFD, raw.EXPOSURE_TIME, raw.F_NUMBER, raw.ISO
SHUTTER_SPEED_VALUE, APERTURE_VALUE, EXPOSURE_BIAS = 37377, 37378, 37380
# Where ISO does not fit 16 bits it says 65535, and one of these says it: standard output, recommended, ISO speed.
LONG_ISO = (34865, 34866, 34867)
UNKNOWN_ISO = 65535
LARGEST_APEX = 40  # 2^40 seconds are 35000 years; a number beyond is no exposure


@dataclass(frozen=True)
class ExposureSettings:
    """How a picture was exposed: time in seconds, ISO speed, f-number, bias in stops; None where it is not stated."""

    time: float | None = None
    iso: float | None = None
    f_number: float | None = None
    bias: float | None = None


def read_settings(path: str | Path) -> ExposureSettings:
    """Read what a file, a picture or a raw file, states of its exposure; nothing where it cannot be read."""
    try:
        if raw.is_raw(path):
            return of_header(raw.read_header(path))
        if kinds.kind(path) == "heif":
            exif = Image.Exif()
            exif.load(image_files.read_metadata(path).exif)
        else:
            with Image.open(path) as picture:
                exif = picture.getexif()
        return settings(dict(exif) | dict(exif.get_ifd(EXIF_IFD)))
    except Exception:  # each decoder has errors of its own; whoever needs the pixels says what is wrong with the file
        return ExposureSettings()


def of_header(header: raw.Header) -> ExposureSettings:
    """Return the settings that a raw file's header states."""
    return ExposureSettings(*map(_positive, (header.exposure_time, header.iso, header.f_number)))


def settings(tags: Mapping[int, Any]) -> ExposureSettings:
    """Return the settings in EXIF tags, {number: value} as Pillow reads them, whatever is wrong with the values.

    >>> settings({SHUTTER_SPEED_VALUE: 6.0, APERTURE_VALUE: 4.0, ISO: (200, 200)})
    ExposureSettings(time=0.015625, iso=200.0, f_number=4.0, bias=None)
    """
    time, f_number = _positive(tags.get(EXPOSURE_TIME)), _positive(tags.get(F_NUMBER))
    if time is None and (apex := _apex(tags.get(SHUTTER_SPEED_VALUE))) is not None:
        time = 2.0**-apex
    if f_number is None and (apex := _apex(tags.get(APERTURE_VALUE))) is not None:
        f_number = 2.0 ** (apex / 2)
    isos = (iso for iso in (_positive(tags.get(tag)) for tag in (ISO, *LONG_ISO)) if iso not in (None, UNKNOWN_ISO))
    return ExposureSettings(time, next(isos, None), f_number, _apex(tags.get(EXPOSURE_BIAS)))


def _number(value: Any) -> float | None:
    """Return the finite number that a tag holds, the first one of several; None where there is none."""
    if isinstance(value, (tuple, list)):
        value = value[0] if value else None
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _apex(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and abs(number) <= LARGEST_APEX else None


def _positive(value: Any) -> float | None:
    """Return a number of which a logarithm in stops makes sense; a time or an aperture of 0 means "not known"."""
    number = _number(value)
    return number if number is not None and 2.0**-LARGEST_APEX <= number <= 2.0**LARGEST_APEX else None
