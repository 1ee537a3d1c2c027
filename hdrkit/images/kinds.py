"""What kind of file a photograph is: its first bytes tell, whatever its name says.

Signatures: the standards of each format; for raw files, the list of the `file` command.
"""

from pathlib import Path

import tifffile

from hdrkit.core import regular_files
from hdrkit.images import raw

SUFFIXES = {  # the usual ones of each kind, the first of which a file gets that has another
    "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "png": (".png",),
    "webp": (".webp",),
    "tiff": (".tif", ".tiff"),
    "avif": (".avif",),
    "heif": (".heic", ".heif", ".hif"),
    "raw": tuple(sorted(raw.RAW_SUFFIXES)),
}
NAMES = {suffix: kind for kind, suffixes in SUFFIXES.items() for suffix in suffixes}
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
RAW_STARTS = (b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FUJIFILMCCD-RAW", b"\0MRM", b"FOVb", b"II\x1a\0\0\0HEAP")
# What ISO base media files (HEIC, AVIF, Canon's CR3) say of themselves behind the word "ftyp".
BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"MiHE"), "heif"),
    b"crx ": "raw",
}
OTHERS = {  # pictures that are not read here, to call them by their names
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"8BPS": "Photoshop",
    b"%PDF": "PDF",
    b"\0\0\0\x0cjP": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL": "JPEG XL",
    b"v/1\x01": "OpenEXR",
    b"#?R": "Radiance HDR",
    b"\0\0\1\0": "an icon (ICO)",
    **dict.fromkeys((b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"PF", b"Pf"), "a portable pixmap (PBM, PGM, PPM, PFM)"),
    **dict.fromkeys((b"<", b"\xef\xbb\xbf<"), "a drawing (SVG) or a web page"),
}
# Photometric interpretations of a sensor's own values: behind a colour filter array, and of each channel by itself.
SENSOR = (32803, 34892)
DNG_VERSION = 50706


def kind(path: str | Path) -> str | None:
    """Return a key of SUFFIXES, or None where a file is of no kind that is read here.

    A file that says nothing of itself is taken for raw where its name says so: LibRaw knows more cameras than we do.
    Raises OSError where it cannot be opened.
    """
    start = _start(path)
    by_name = NAMES.get(Path(path).suffix.lower())
    if start.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if start[4:8] == b"ftyp":
        return _by_brands(start)
    if start.startswith(RAW_STARTS):
        return "raw"
    if start.startswith(TIFF_STARTS):
        return "raw" if start[8:10] == b"CR" or _holds_sensor_values(path) else "tiff"
    return "raw" if by_name == "raw" and start and other(path) is None else None


def other(path: str | Path) -> str | None:
    """Return the name of a file's kind that is not read here, where its first bytes tell it."""
    start = _start(path)
    if start[4:8] == b"ftyp" and _by_brands(start) is None:
        return "a film"
    return next((name for signature, name in OTHERS.items() if start.startswith(signature)), None)


def _start(path: str | Path) -> bytes:
    regular_files.check(path)
    with open(path, "rb") as file:
        return file.read(64)


def _by_brands(start: bytes) -> str | None:
    """Return the kind that the main brand, or else the first known compatible brand, stands for."""
    length = int.from_bytes(start[:4], "big")
    brands = [start[8:12], *(start[at : at + 4] for at in range(16, min(length, len(start)), 4))]
    known = [BRANDS[brand] for brand in brands if brand in BRANDS]
    if start[8:12] in (b"mif1", b"msf1") and "avif" in known:  # a container of either; what it lists says which
        return "avif"
    return known[0] if known else None


def _holds_sensor_values(path: str | Path) -> bool:
    """Tell whether a TIFF is a raw file (DNG, NEF, ARW, PEF and others): in itself or in one of its parts."""
    try:
        with open(path, "rb") as stream, tifffile.TiffFile(stream) as file:
            first = file.pages.first
            if DNG_VERSION in first.tags or first.photometric in SENSOR:
                return True
            parts = [part for part in first.pages or () if isinstance(part, tifffile.TiffPage)]
            return any(part.photometric in SENSOR for part in parts)
    except Exception:  # damaged; who reads it says so
        return False
