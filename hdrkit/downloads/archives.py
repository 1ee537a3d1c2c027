"""Zip archives of strangers: which of their files may be unpacked, and where their bytes lie.

Nothing leaves the folder that it is unpacked into, nothing is larger than it may be, and nothing is a link.
"""

import errno
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from hdrkit.core.files import LONGEST_NAME, written_whole

WRAP = 2**32  # where offsets begin again in an archive without ZIP64 records
MOST_BYTES = 2**28  # of one unpacked file; a raw frame of 12 megapixels has under 2**25
KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FORBIDDEN = set('<>:"/\\|?*')  # in names of files, on one system or another
CHUNK = 2**20
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Member(NamedTuple):
    """A file of an archive: its entry, the folder and the name that it is unpacked to, its size in bytes."""

    info: zipfile.ZipInfo
    folder: str
    name: str

    @property
    def bytes(self) -> int:
        return self.info.file_size


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive. Raises ValueError where it is none."""
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise _damage(error, "damaged, no zip archive") from error
    with archive:
        yield archive


def members(archive: zipfile.ZipFile, suffixes: tuple[str, ...]) -> tuple[list[Member], list[tuple[str, str]]]:
    """Return the files with these suffixes, each in the folder that is the last of its path; and the refused ones.

    Of the latter their names, as the archive states them, and why. Files that macOS adds, ._NAME for each NAME, are
    passed over.
    """
    found: dict[tuple[str, str], Member] = {}
    refused = []
    for info in _mended(archive):
        name = PurePosixPath(info.filename).name
        if not name.lower().endswith(suffixes) or name.startswith("._"):
            continue
        if why := _why_unsafe(info):
            refused.append((info.filename, f"{why}; left out"))
            continue
        member = Member(info, PurePosixPath(info.filename).parts[-2], name)
        key = (member.folder.lower(), name.lower())  # on some disks one name
        if key in found:
            refused.append((info.filename, "the second file of this name; left out"))
        else:
            found[key] = member
    return list(found.values()), refused


def unpack(archive: zipfile.ZipFile, member: Member, target: Path) -> None:
    """Write a file of the archive to `target`, whole or not at all.

    Raises ValueError where it is damaged: its bytes do not have the sum (CRC-32) or the number that is stated.
    """
    with written_whole(target) as temporary, open(temporary, "wb") as stream:
        try:
            _copy(archive, member, stream)
        except DAMAGED as error:
            raise _damage(error, "damaged in the archive") from error


def _damage(error: Exception, words: str) -> Exception:
    """Return the error as one of the archive; or as it is, where it is one of the disk."""
    is_archives = not isinstance(error, OSError) or error.errno in (
        None,
        errno.EINVAL,
    )  # the latter: a senseless offset
    return ValueError(f"{words} ({error})") if is_archives else error


def _copy(archive: zipfile.ZipFile, member: Member, stream: BinaryIO) -> None:
    written = 0
    with archive.open(member.info) as source:
        while chunk := source.read(CHUNK):
            written += stream.write(chunk)
    if written != member.bytes:
        raise ValueError(f"{written} of {member.bytes} bytes")


def _why_unsafe(info: zipfile.ZipInfo) -> str:
    parts = PurePosixPath(info.filename).parts
    if info.is_dir():
        return "a folder"
    if len(parts) < 2 or info.filename.startswith("/") or ".." in parts or not all(map(_is_plain, parts[-2:])):
        return "no safe name"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link"
    if info.compress_type not in KINDS:
        return "compressed in an unusual way"
    if info.file_size > MOST_BYTES:
        return f"{info.file_size / 1e6:.0f} MB unpacked, more than {MOST_BYTES / 1e6:.0f}"
    return ""


def _is_plain(name: str) -> bool:
    """Tell whether a name is one on every system."""
    if len(os.fsencode(name)) > LONGEST_NAME or not name.isprintable() or FORBIDDEN & set(name):
        return False
    return not name.startswith(".") and name[-1:] not in (".", " ")


def _mended(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the archive's entries, with true offsets where those of an archive over 4 GB began again.

    The archive of the Fairchild survey is one of these: macOS wrote 14 GB without ZIP64 records. `zipfile` takes the
    bytes that it cannot explain for something before the archive, and adds them to all offsets. Entries are stored in
    order, so an offset that is smaller than the one before has begun again.
    """
    entries = archive.infolist()
    added = entries[0].header_offset if entries else 0
    if not added or added % WRAP:
        return entries
    wraps, before = 0, 0
    mended = []
    for entry in entries:
        stated = entry.header_offset - added
        wraps, before = wraps + (stated < before), stated
        mended.append(_at(entry, stated + wraps * WRAP))
    return mended


def _at(entry: zipfile.ZipInfo, offset: int) -> zipfile.ZipInfo:
    """Return an entry that lies elsewhere; a new one, as an old one keeps where it believes the next to begin."""
    moved = zipfile.ZipInfo(entry.filename, entry.date_time)
    for name in ("compress_type", "compress_size", "file_size", "CRC", "flag_bits", "external_attr", "orig_filename"):
        setattr(moved, name, getattr(entry, name))
    moved.header_offset = offset
    return moved
