"""A byte of a file is changed, as a disk or a copy does it now and then."""

import os

import numpy as np


def changed(path, at):
    """Change the lowest bit of a byte of a file, whose size and time stay; a negative place counts from its end."""
    before, data = path.stat(), bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def places(path, count=12):
    """Return places all over a file: its ends, and some in between."""
    size = path.stat().st_size
    return [0, 5, 30, *np.random.default_rng(0).integers(0, size, count).tolist(), size - 1]
