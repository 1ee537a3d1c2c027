"""Directories of TIFF files and of EXIF blocks, which are small TIFFs: read, and written at another place.

Values stay as the bytes that they are, so that texts in any encoding, unknown tags and every rational come back.
TIFF 6.0, section 2; BigTIFF; Exif 2.32, 4.6.
"""

import mmap
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

EXIF, GPS, INTEROPERABILITY, MAKER_NOTE = 34665, 34853, 40965, 37500
POINTERS = (EXIF, GPS, INTEROPERABILITY)  # tags whose value is the place of a further directory
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}  # bytes
LONG, LONG8 = 4, 16
HEADER, LONGEST_HEADER = 8, 16  # bytes before all else, of a block and of a BigTIFF
FARTHEST = 2**26  # bytes before a maker note in a block: so much memory it takes to keep it in its place
BIG = 43  # the version that a BigTIFF says in its header
SHARED = 2  # times its length that all values of a file may have: two entries may lead to one value, a thousand may not


@dataclass(frozen=True)
class Entry:
    """A tag's type, number of values, and their bytes; or, of a pointer, the directory that it leads to.

    at: where the bytes lie and have to stay, as those of a maker note do: places in it count from the file's beginning.
    """

    kind: int
    count: int
    value: bytes
    inside: "Directory | None" = None
    at: int | None = None


Directory = dict[int, Entry]
Data = bytes | mmap.mmap
Order = Literal["<", ">"]  # of bytes, as `struct` says it


@dataclass(frozen=True)
class Layout:
    """How numbers lie in a TIFF: byte order, "<" or ">", and whether places are of 64 bits (BigTIFF)."""

    order: Order
    big: bool = False

    @property
    def place(self) -> str:
        return self.order + ("Q" if self.big else "I")

    @property
    def number(self) -> str:  # of entries
        return self.order + ("Q" if self.big else "H")

    @property
    def entry(self) -> str:
        return self.order + ("HHQ8s" if self.big else "HHI4s")


def layout(data: Data) -> Layout:
    """Return how the numbers of a TIFF lie; raises ValueError where it is none."""
    if data[:2] not in (b"II", b"MM"):
        raise ValueError("no TIFF directory")
    order: Order = "<" if data[:2] == b"II" else ">"
    return Layout(order, _number(data, order + "H", 2) == BIG)


def first_place(data: Data) -> int:
    """Return where the first directory of a TIFF lies."""
    found = layout(data)
    return _number(data, found.place, 8 if found.big else 4)


def read(data: Data, at: int | None = None) -> Directory:
    """Return a TIFF's first directory, or the one at a place, with those that it leads to.

    An entry that leads out of the file is left out. Raises ValueError where there is no directory, and where the values
    are longer than the file can hold (see SHARED).
    """
    return _Reader(data).directory(first_place(data) if at is None else at, depth=0)


class _Reader:
    """Reads directories, with bounds to what entries that lead to one place over and over cost in time and memory."""

    def __init__(self, data: Data):
        self.data, self.form = data, layout(data)
        self.left = SHARED * len(data)  # bytes of further values

    def directory(self, at: int, depth: int) -> Directory:
        found: Directory = {}
        tried = set()  # of POINTERS
        for tag, kind, count, value in self._entries(at):
            if tag not in POINTERS:
                if entry := self._entry(tag, kind, count, value):
                    found[tag] = entry
            elif tag not in tried and depth < len(POINTERS):  # else a directory leads to itself
                tried.add(tag)
                with suppress(ValueError):
                    found[tag] = pointer(self.directory(_number(value, self.form.place, 0), depth + 1))
        return found

    def _entries(self, at: int) -> Iterator[tuple[int, int, int, bytes]]:
        """Yield tag, type, number of values and the last bytes of each entry: its value, or where that lies."""
        size = struct.calcsize(self.form.entry)
        first = at + struct.calcsize(self.form.number)
        for number in range(_number(self.data, self.form.number, at)):
            entry = self.data[first + number * size : first + (number + 1) * size]
            if len(entry) < size:
                raise ValueError("a TIFF directory is cut short")
            yield struct.unpack(self.form.entry, entry)

    def _entry(self, tag: int, kind: int, count: int, value: bytes) -> Entry | None:
        length, place = SIZES.get(kind, 0) * count, _number(value, self.form.place, 0)
        far = length > len(value)
        value = self._far(place, length) if far else value[:length]
        if not length or len(value) != length:
            return None
        stays = far and tag == MAKER_NOTE and place >= LONGEST_HEADER
        return Entry(kind, count, value, at=place if stays else None)

    def _far(self, place: int, length: int) -> bytes:
        value = self.data[place : place + length]
        self.left -= len(value)
        if self.left < 0:
            raise ValueError("the values of a TIFF directory are longer than the file")
        return value


def pointer(directory: Directory) -> Entry:
    """Return the entry that leads to a directory."""
    return Entry(LONG, 1, b"", directory)


def maker_note(directory: Directory) -> Entry | None:
    """Return the maker note that a first directory leads to, where it is one that has to stay in its place."""
    inside = directory[EXIF].inside if EXIF in directory else None
    note = (inside or {}).get(MAKER_NOTE)
    return note if note is not None and note.at is not None else None


def without_maker_note(directory: Directory) -> Directory:
    """Return a first directory that leads to no maker note."""
    inside = directory[EXIF].inside if EXIF in directory else None
    if not inside:
        return directory
    return directory | {EXIF: pointer({tag: entry for tag, entry in inside.items() if tag != MAKER_NOTE})}


def place_of_next(data: Data) -> int:
    """Return where a TIFF says, in its first directory, where the second one lies."""
    found, at = layout(data), first_place(data)
    return at + struct.calcsize(found.number) + struct.calcsize(found.entry) * _number(data, found.number, at)


def next_place(data: Data) -> int:
    """Return where the second directory of a TIFF lies, 0 where there is none."""
    return _number(data, layout(data).place, place_of_next(data))


def _number(data: Data, form: str, at: int) -> int:
    try:
        return struct.unpack_from(form, data, at)[0]
    except struct.error as error:
        raise ValueError("a TIFF directory is cut short") from error


def written(directory: Directory, at: int, form: Layout) -> bytes:
    """Return the bytes of a directory that is to lie at a place (even), its values and further directories behind.

    A value that has to stay in its place is led to, not written.
    """
    room = struct.calcsize(form.place)
    behind = at + struct.calcsize(form.number) + struct.calcsize(form.entry) * len(directory) + room
    entries, values = struct.pack(form.number, len(directory)), b""
    for tag in sorted(directory):
        entry = directory[tag]
        kind, value = entry.kind, entry.value
        if entry.inside is not None:
            kind, place = (LONG8 if form.big else LONG), behind + len(values)
            values += written(entry.inside, place, form)
            value = struct.pack(form.place, place)
        elif entry.at is not None:
            value = struct.pack(form.place, entry.at)
        elif len(value) > room:
            place = behind + len(values)
            values += value + b"\0" * (len(value) % 2)
            value = struct.pack(form.place, place)
        entries += struct.pack(form.entry, tag, kind, entry.count, value.ljust(room, b"\0"))
    return entries + struct.pack(form.place, 0) + values


def amended(data: bytes, changes: Directory) -> bytes:
    """Return an EXIF block with entries put into its first directory, and into those that this one leads to.

    Values must fit into the entries themselves. All else stays where it lies, as a maker note must; the directories
    that change are written anew at the end. Raises ValueError where the block is illegible.
    """
    form = layout(data)
    data += b"\0" * (len(data) % 2)
    place = first_place(data)
    data, place = _amended(data, form, place, changes)
    return data[:4] + struct.pack(form.place, place) + data[8:]


def _amended(data: bytes, form: Layout, at: int | None, changes: Directory) -> tuple[bytes, int]:
    """Return a block with the directory at a place, none for an empty one, changed at its end; and where it lies."""
    entries, following = _raw_entries(data, form, at)
    for tag, entry in changes.items():
        kind, value = entry.kind, entry.value
        if entry.inside is not None:
            leads_to = entries[tag][-struct.calcsize(form.place) :] if tag in entries else b""
            data, place = _amended(data, form, _number(leads_to, form.place, 0) if leads_to else None, entry.inside)
            value = struct.pack(form.place, place)
        entries[tag] = struct.pack(form.entry, tag, kind, entry.count, value)
    numbered = struct.pack(form.number, len(entries))
    return data + numbered + b"".join(entries[tag] for tag in sorted(entries)) + following, len(data)


def _raw_entries(data: bytes, form: Layout, at: int | None) -> tuple[dict[int, bytes], bytes]:
    """Return the entries of a directory as they lie, by their tags, and the place of the next directory."""
    if at is None:
        return {}, bytes(struct.calcsize(form.place))
    size, first = struct.calcsize(form.entry), at + struct.calcsize(form.number)
    end = first + size * _number(data, form.number, at)
    if end + struct.calcsize(form.place) > len(data):
        raise ValueError("a TIFF directory is cut short")
    lines = [data[place : place + size] for place in range(first, end, size)]
    return {_number(line, form.order + "H", 0): line for line in lines}, data[end : end + struct.calcsize(form.place)]


def block(directory: Directory, order: Order) -> bytes:
    """Return a directory as a TIFF without pixels: an EXIF block, its maker note where it was.

    A maker note that lies farther than FARTHEST is left out.
    """
    note, form, at, fixed = maker_note(directory), Layout(order), HEADER, b""
    if note is not None and note.at is not None:
        if note.at <= FARTHEST:
            fixed = bytes(note.at - HEADER) + note.value
            fixed += bytes(len(fixed) % 2)
            at += len(fixed)
        else:
            directory = without_maker_note(directory)
    header = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, at)
    return header + fixed + written(directory, at, form)
