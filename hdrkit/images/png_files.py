"""PNG files: pixels by libpng, and all parts of a file that stay true when its pixels change."""

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import imagecodecs
import numpy as np

from hdrkit.core.quiet import quiet
from hdrkit.images import code_points, refusals, sizes
from hdrkit.images.metadata import Metadata, with_new_thumbnail

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Run lengths of differences: five times as fast as searching for repetitions, and as small for photographs.
FAST = {"level": 1, "strategy": 3, "filter": 16}
PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
# What colours mean; resolution, texts, EXIF and others are marked as safe to copy (PNG specification, 5.4).
COLOUR = (b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI")
PIXEL_BYTES = 8  # four channels of up to 16 bits
LONGEST_PROFILE = 2**26  # bytes; those of printers have some million, and a chunk of zeros unpacks to a thousandfold
XMP_START = b"XML:com.adobe.xmp" + bytes(5)
GREY = (0, 4)  # colour types, without alpha and with it

Chunk = tuple[bytes, bytes]


def read(path: Path) -> tuple[np.ndarray, Metadata]:
    """Return the pixels of a PNG, (h, w) or (h, w, 2 to 4), uint8 or uint16, and what belongs to them.

    Raises HdrkitError for an animation and for HDR, and what libpng raises for a damaged file.
    """
    chunks = _chunks(path.read_bytes())
    for name, body in chunks:
        if name == b"acTL" and (frames := int.from_bytes(body[:4], "big")) > 1:
            raise refusals.several(path, f"an animation of {frames} pictures")
        if name == b"cICP" and body[1:2] and body[1] in refusals.HDR_CURVES:
            raise refusals.hdr(path)
    width, height = struct.unpack_from(">II", dict(chunks)[b"IHDR"])
    sizes.check(path, (width, height), PIXEL_BYTES)
    # Nothing but the pixels: libpng refuses long texts and profiles, which are only copied.
    with quiet:  # of damage, libpng also writes lines of its own
        pixels = imagecodecs.png_decode(_file([chunk for chunk in chunks if chunk[0] in PIXELS]))
    return pixels, _metadata(chunks)


def read_metadata(path: Path) -> Metadata:
    """Return what belongs to the pixels of a PNG."""
    return _metadata(_chunks(path.read_bytes()))


def _metadata(chunks: Sequence[Chunk]) -> Metadata:
    kept = tuple(chunk for chunk in chunks if chunk[0] in COLOUR or (chunk[0] not in PIXELS and _safe_to_copy(chunk)))
    named, xmp = dict(kept), b""
    for name, body in kept:
        if name == b"iTXt" and body.startswith(XMP_START):  # not compressed, as XMP's part 3, 1.1.5, asks for
            xmp = body[len(XMP_START) :]
    grey = dict(chunks)[b"IHDR"][9] in GREY
    # Where several are there, cICP comes first, then the profile (PNG specification, third edition, 4.3).
    profile = b"" if b"cICP" in named else _profile(named.get(b"iCCP", b""))
    profile = profile or code_points.of_png(named, grey)
    return Metadata(named.get(b"eXIf", b""), xmp, profile=profile, chunks=kept)


def write(path: Path, pixels: np.ndarray, metadata: Metadata) -> None:
    """Write pixels as `read` gives them; of metadata that came from another kind of file, the colour profile."""
    header, *rest = _chunks(bytes(imagecodecs.png_encode(pixels, **FAST)))
    colour = pixels if pixels.ndim == 2 else pixels[..., : 1 if pixels.shape[2] == 2 else 3].squeeze()
    kept = metadata.chunks
    if not kept and metadata.profile:
        kept = ((b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.profile)),)
    renewed = [(name, with_new_thumbnail(body, colour) if name == b"eXIf" else body) for name, body in kept]
    path.write_bytes(_file([header, *renewed, *rest]))


def _safe_to_copy(chunk: Chunk) -> bool:
    return chunk[0][3:].islower()


def _chunks(data: bytes) -> list[Chunk]:
    """Return the parts of a file up to its end mark; raises ValueError where that is missing.

    Of a file that is cut short, libpng would read what lies behind it in memory.
    """
    found, at = [], len(SIGNATURE)
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        found.append((name, data[at + 8 : at + 8 + length]))
        at += length + 12
        if name == b"IEND" and at <= len(data):
            return found
    raise ValueError("the file is cut short")


def _file(chunks: Sequence[Chunk]) -> bytes:
    return SIGNATURE + b"".join(
        struct.pack(">I4s", len(body), name) + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def _profile(chunk: bytes) -> bytes:
    try:
        found = zlib.decompressobj()
        profile = found.decompress(chunk.partition(b"\0")[2][1:], LONGEST_PROFILE)
        return profile if found.eof else b""
    except zlib.error:
        return b""
