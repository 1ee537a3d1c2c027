"""Arrays in caches, as .npz files of NumPy: a zip, whose checksums show where a byte has changed."""

import math
import struct
import sys
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy

from hdrkit.core.files import written_whole

LOCAL_HEADER = 30  # bytes before the name of a file in a zip; the last four say how long the name and what follows are


def write(path: Path, **arrays: object) -> None:
    """Write arrays, or what NumPy makes arrays of. Raises HdrkitError as `written_whole` does."""
    with written_whole(path) as temporary:
        np.savez(temporary, allow_pickle=False, **arrays)  # type: ignore[arg-type]


def read(path: Path) -> dict[str, np.ndarray] | None:
    """Return the arrays of `write` by name; None where there is no file, or, with a line to say so, a damaged one.

    Pictures, of uint8, are mapped into memory: it can be had back while they are not looked at, so that a survey of any
    size fits. To change one changes no file.
    """
    try:
        with ZipFile(path) as archive:
            if damaged := archive.testzip():
                raise BadZipFile(damaged)
            return {info.filename.removesuffix(".npy"): _array(path, archive, info) for info in archive.infolist()}
    except FileNotFoundError:
        return None
    except Exception as error:  # a changed byte may be anywhere, also where it says how large an array is
        print(f"{path} is damaged ({type(error).__name__}): made again", file=sys.stderr)
        return None


def _array(path: Path, archive: ZipFile, info: ZipInfo) -> np.ndarray:
    with archive.open(info) as member:
        npy.read_magic(member)
        shape, fortran_order, dtype = npy.read_array_header_1_0(member)
        header = member.tell()
        if dtype != np.uint8 or fortran_order or not math.prod(shape):  # others would lie across words
            member.seek(0)
            return npy.read_array(member, allow_pickle=False)
    with open(path, "rb") as file:
        file.seek(info.header_offset)
        lengths = struct.unpack("<2H", file.read(LOCAL_HEADER)[-4:])
    start = info.header_offset + LOCAL_HEADER + sum(lengths) + header
    return np.asarray(np.memmap(path, np.uint8, "c", start, shape))
