"""What a HEIC or AVIF file says of the picture that is meant, and not of its gain map, depth or alpha.

ISO 14496-12, 8.11 (items, "meta") and 23008-12, 9.3 (their properties).
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

UNSPECIFIED = 2  # the number of primaries and of a curve (ISO 23091-2) that says nothing

Properties = dict[bytes, bytes]


def of_primary(path: Path) -> Properties:
    """Return the properties of the primary item by name, "colr" with its kind (colrnclx); empty where it is damaged."""
    try:
        meta = dict(_boxes(_meta(path)[4:]))
        properties = dict(_boxes(meta[b"iprp"]))
        listed = list(_boxes(properties[b"ipco"]))
        found = [listed[i - 1] for i in _indices(properties[b"ipma"], _primary(meta[b"pitm"])) if i]
    except (KeyError, IndexError, struct.error):
        return {}
    return {name + body[:4] if name == b"colr" else name: body for name, body in found}


def depth(properties: Properties) -> int:
    """Return the bits of a channel, 8 where nothing is said.

    By the pixel information (ISO 23008-12, 6.5.6), or else by what the decoder is told: ISO 14496-15, 8.3.2 for HEVC;
    AV1 Codec ISO Media File Format Binding, 2.3.3.
    """
    if found := properties.get(b"pixi", b"")[5:]:
        return max(found)
    if len(found := properties.get(b"hvcC", b"")) > 17:
        return 8 + (found[17] & 7)
    if len(found := properties.get(b"av1C", b"")) > 2 and found[2] & 0x40:
        return 12 if found[2] & 0x20 else 10
    return 8


def code_points(properties: Properties) -> tuple[int, int]:
    """Return the numbers of primaries and curve (ISO 23091-2, 8.1 and 8.2); UNSPECIFIED where none is said."""
    found = properties.get(b"colrnclx", b"")
    return struct.unpack_from(">HH", found, 4) if len(found) >= 8 else (UNSPECIFIED, UNSPECIFIED)


def _meta(path: Path) -> bytes:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size  # boxes may claim any length
        while len(start := file.read(8)) == 8:
            length, name = struct.unpack(">I4s", start)
            head = 8
            if length == 1:
                head, length = 16, int.from_bytes(file.read(8), "big")
            if name == b"meta":
                return file.read(max(0, min(length, size) - head))
            if not head <= length <= size:  # the last one, or damaged
                break
            file.seek(length - head, 1)
    raise KeyError("meta")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if length < 8:
            return
        yield name, data[at + 8 : at + length]
        at += length


def _primary(box: bytes) -> int:
    return struct.unpack_from(">I" if box[0] else ">H", box, 4)[0]


def _indices(box: bytes, item: int) -> list[int]:
    """Return the places of an item's properties in their list, from 1; 0 stands for none."""
    entry, place = (">IB" if box[0] else ">HB"), (">H" if box[3] & 1 else ">B")
    number, at = struct.unpack_from(">I", box, 4)[0], 8
    for _ in range(number):
        found, count = struct.unpack_from(entry, box, at)
        at += struct.calcsize(entry)
        size = struct.calcsize(place)
        if found == item:
            largest = 2 ** (8 * size - 1) - 1  # without the bit that says whether it is essential
            return [struct.unpack_from(place, box, at + i * size)[0] & largest for i in range(count)]
        at += count * size
    return []
