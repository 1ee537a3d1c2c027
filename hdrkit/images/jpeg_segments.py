"""The segments of a JPEG file that Pillow passes on unread: resolution, Photoshop's resources, long XMP, its coding.

JFIF 1.02; ITU-T T.81, annex B; Adobe, XMP Specification, part 3, 1.1.3; Photoshop File Formats Specification.
"""

import hashlib
import re
import struct
from collections.abc import Iterable

HOLDS = 65_533  # bytes that a segment has room for
EXIF_WORD, JFIF_WORD, PHOTOSHOP_WORD = b"Exif\0\0", b"JFIF\0", b"Photoshop 3.0\0"
XMP_WORD, LONG_XMP_WORD = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
DENSITY = slice(13, 18)  # of a file that begins with a JFIF segment: unit, across, down
LEADS_ON = re.compile(rb"""\sxmpNote:HasExtendedXMP\s*=\s*(?:"[^"]*"|'[^']*')""")
LED_TO = (  # a packet that holds nothing but where the rest is
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/"'
    b' xmpNote:HasExtendedXMP=""/></rdf:RDF></x:xmpmeta>'
)
# How frames of a JPEG begin: those that Pillow reads, the lossless ones, and those of JPEG-LS.
FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF}

Part = tuple[str, bytes]  # a segment as Pillow lists it: its marker's name, and its bytes


def density(parts: Iterable[Part]) -> bytes:
    """Return unit and pixels per unit as a JFIF segment says them, 5 bytes; empty where there is none."""
    return next((body[7:12] for _, body in parts if body.startswith(JFIF_WORD) and len(body) >= 12), b"")


def with_density(data: bytes, found: bytes) -> bytes:
    """Return a JPEG file that begins with a JFIF segment, with this density in it."""
    return data[: DENSITY.start] + found + data[DENSITY.stop :] if found else data


def photoshop(parts: Iterable[Part]) -> bytes:
    """Return the block of Photoshop's image resources, IPTC among them, put together from its segments."""
    return b"".join(body[len(PHOTOSHOP_WORD) :] for _, body in parts if body.startswith(PHOTOSHOP_WORD))


def long_xmp(parts: Iterable[Part]) -> bytes:
    """Return the part of XMP that is too long for one segment, put together; empty where a piece is missing."""
    found, head = bytearray(), len(LONG_XMP_WORD)
    pieces = sorted(  # each says, behind a digest, how long the whole is, and where it belongs
        (*struct.unpack_from(">II", body, head + 32)[::-1], body[head + 40 :])
        for _, body in parts
        if body.startswith(LONG_XMP_WORD) and len(body) > head + 40
    )
    for at, _, piece in pieces:
        if at == len(found):
            found += piece
    return bytes(found) if pieces and len(found) == pieces[0][1] else b""


def xmp(packet: bytes, rest: bytes) -> tuple[bytes, bytes]:
    """Return the XMP packet for one segment, and the further segments of a JPEG that hold `rest`, or a long packet."""
    if len(packet) > HOLDS - len(XMP_WORD):
        packet, rest = LED_TO, packet
    if not rest:
        return LEADS_ON.sub(b"", packet), b""
    digest = hashlib.md5(rest, usedforsecurity=False).hexdigest().upper().encode()
    most = HOLDS - len(LONG_XMP_WORD) - 40
    pieces = [
        LONG_XMP_WORD + digest + struct.pack(">II", len(rest), at) + rest[at : at + most]
        for at in range(0, len(rest), most)
    ]
    return LEADS_ON.sub(b' xmpNote:HasExtendedXMP="' + digest + b'"', packet), b"".join(
        _segment(0xE1, piece) for piece in pieces
    )


def of_photoshop(block: bytes) -> bytes:
    """Return the segments of a JPEG that hold Photoshop's image resources; a long block is continued in the next."""
    most = HOLDS - len(PHOTOSHOP_WORD)
    pieces = (block[at : at + most] for at in range(0, len(block), most))
    return b"".join(_segment(0xED, PHOTOSHOP_WORD + piece) for piece in pieces)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def unread_coding(data: bytes) -> str | None:
    """Return what a JPEG is where its coding is not the usual one of 8 bits; None where it is, or is damaged."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 5 <= len(data):
        marker, length, bits = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big"), data[at + 4]
        if marker == 0xF7:
            return "JPEG-LS"
        if marker in LOSSLESS:
            return "a lossless JPEG"
        if marker in FRAMES:
            return None if bits == 8 else f"a JPEG of {bits} bits"
        at += 2 + length
    return None
