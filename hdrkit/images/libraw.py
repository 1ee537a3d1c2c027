"""What LibRaw reads of a raw file. It knows hundreds of formats and trusts files, so `decoder_process` calls these."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hdrkit.core import regular_files
from hdrkit.core.errors import HdrkitError
from hdrkit.images import sizes

# LibRaw starts OpenMP threads inside each of our own; with one thread each, two decodings at once take half the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Without these, LibRaw brightens each frame by itself and rescales it by its brightest pixel (up to 1.31 times).
RADIOMETRIC = {
    "no_auto_bright": True,
    "adjust_maximum_thr": 0.0,
    "gamma": (1, 1),
    "output_bps": 16,
    "use_camera_wb": True,
}
PIXEL_BYTES = 16  # four of two bytes, and the picture that is made of them


def develop(path: Path, demosaicing: str) -> dict[str, Any]:
    """Return `pixels`, linear: uint16, (h, w, 3), or (h, w, 1) of a monochrome sensor.

    demosaicing: a name of LibRaw's algorithms. Raises HdrkitError where the file cannot be decoded.
    """
    import rawpy

    return _postprocessed(path, **RADIOMETRIC, demosaic_algorithm=rawpy.DemosaicAlgorithm[demosaicing])


def develop_by_default(path: Path) -> dict[str, Any]:
    """Return `pixels` as LibRaw's defaults make them: uint8, (h, w, 3). Raises HdrkitError as `develop` does."""
    return _postprocessed(path)


def header(path: Path) -> dict[str, Any]:
    """Return `time` in seconds, `iso`, `aperture`, `focal_length`, `width` and `height`; 0 is not known.

    Raises HdrkitError where the file is no raw file.
    """
    with _opened(path) as raw:
        shot, size = raw.other, raw.sizes
        return {
            "time": shot.shutter_speed,
            "iso": shot.iso_speed,
            "aperture": shot.aperture,
            "focal_length": shot.focal_length,
            "width": size.width,
            "height": size.height,
        }


def preview(path: Path) -> dict[str, Any]:
    """Return `jpeg`, the preview in a raw file; empty where it is of another kind. Raises HdrkitError where none is."""
    import rawpy

    with _opened(path) as raw:
        thumb = raw.extract_thumb()
    return {"jpeg": bytes(thumb.data) if thumb.format == rawpy.ThumbFormat.JPEG else b""}


def _postprocessed(path: Path, **settings: Any) -> dict[str, Any]:
    with _opened(path) as raw:
        sizes.check(path, (raw.sizes.raw_width, raw.sizes.raw_height), PIXEL_BYTES)
        pixels = raw.postprocess(**settings)
    # Some damaged files decode without complaint, to nothing.
    if pixels.size == 0 or pixels.ndim != 3:
        raise undecodable(path, "it holds no picture")
    return {"pixels": pixels}


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a raw file; not by name, as LibRaw takes none that is not UTF-8."""
    import rawpy  # in the decoding process alone

    try:
        regular_files.check(path)
        with open(path, "rb") as file, rawpy.imread(file) as raw:
            yield raw
    except (rawpy.LibRawError, OSError, ValueError) as error:
        raise undecodable(path, error) from error


def undecodable(path: str | Path, why: Any) -> HdrkitError:
    """Return what there is to say of a file that cannot be decoded; LibRaw's messages are bytes."""
    if isinstance(why, Exception) and why.args and isinstance(why.args[0], bytes):
        why = why.args[0].decode(errors="replace")
        if "Unsupported file format" in why:
            why = "damaged, or of a camera or compression that LibRaw does not know"
            mend = "copy the file again from its source, or convert it to DNG or TIFF"
            return HdrkitError(f"{path}: cannot be decoded ({why}); {mend}")
    return HdrkitError(f"{path}: cannot be decoded ({why}); copy the file again from its source, or leave it out")
