"""Maps of light, of which no value is too bright, as OpenEXR and Radiance HDR: linear, of sRGB's primaries."""

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import OpenEXR

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import written_whole
from hdrkit.images import code_points, sizes

CHROMATICITIES = (*code_points.RGB, *code_points.D65)  # x, y of red, green, blue and white
CHANNEL_BYTES = 4  # of a pixel, in floating point


def write_exr(path: str | Path, light: np.ndarray, comment: str) -> None:
    """Write light (float32, height x width x 3) as it is; `comment`, of several lines, goes into the header.

    Values below 0, colours outside sRGB's triangle, stay. Raises HdrkitError where the file cannot be written.
    """
    header = {
        "compression": OpenEXR.ZIP_COMPRESSION,  # without loss
        "type": OpenEXR.scanlineimage,
        "chromaticities": CHROMATICITIES,
        "comments": comment,
    }
    with written_whole(path) as temporary, OpenEXR.File(header, {"RGB": np.ascontiguousarray(light)}) as file:
        try:
            file.write(os.fsencode(temporary))  # bytes, as a folder's name may be of any
        except RuntimeError as error:
            raise HdrkitError(f"{path}: cannot be written ({error}); free some space") from error


def write_hdr(path: str | Path, light: np.ndarray, comment: str) -> None:
    """Write light as above in Radiance's RGBE: steps of up to 1/128 of a pixel's largest channel, nothing below 0.

    Its header has no line EXPOSURE, which would make watts of the numbers.
    """
    encoded = cv2.imencode(".hdr", np.maximum(light, 0)[..., ::-1])[1].tobytes()
    first, rest = encoded.split(b"\n", 1)
    lines = [f"# {line}" for line in comment.splitlines()]
    lines.append("PRIMARIES= " + " ".join(f"{number:g}" for number in CHROMATICITIES))
    with written_whole(path) as temporary:
        temporary.write_bytes(first + b"\n" + "\n".join(lines).encode() + b"\n" + rest)


def decode_exr(path: Path) -> dict[str, Any]:
    """Return `pixels` of an OpenEXR file, float32 (h, w, 3). `decoder_process` calls it: files may crash the library.

    Of several layers or parts it takes the one without a name, or else the first one that has red, green and blue.
    Alpha and other channels are left out; colours that were multiplied by alpha stay so.
    Raises HdrkitError where there are no such channels, or where the file is too large for memory, and what the library
    raises for a damaged file.
    """
    with OpenEXR.File(os.fsencode(path), header_only=True) as file:  # it empties the headers when it is closed
        headers = [file.header(part) for part in range(len(file.parts))]
        windows = [header["dataWindow"] for header in headers]
        channels = [[channel.name for channel in header["channels"]] for header in headers]
    for (first, last), names in zip(windows, channels, strict=True):
        width, height = (last - first + 1).tolist()
        sizes.check(path, (width, height), CHANNEL_BYTES * len(names))
    part, layer = _coloured(path, channels)
    with OpenEXR.File(os.fsencode(path), separate_channels=True) as file:
        found = file.channels(part)
        return {"pixels": np.stack([found[layer + name].pixels.astype(np.float32) for name in "RGB"], axis=-1)}


def _coloured(path: Path, channels: list[list[str]]) -> tuple[int, str]:
    """Return part and layer of the colours, the layer as its channels' names begin: "" or as in "rgba."."""
    layers = [(part, name[:-1]) for part, names in enumerate(channels) for name in names if name.endswith("R")]
    found = [(part, layer) for part, layer in layers if {layer + "G", layer + "B"} <= set(channels[part])]
    if not found:
        named = ", ".join(name for names in channels for name in names)
        raise HdrkitError(f"{path}: no channels R, G and B; it has {named or 'none'}; save it with colours")
    return min(found, key=lambda where: where[1] != "")


def decode_hdr(path: Path) -> dict[str, Any]:
    """Return `pixels` of a Radiance file as above. Raises cv2.error, also for more than 2^30 pixels, and ValueError."""
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise ValueError("no Radiance file")
    return {"pixels": pixels}
