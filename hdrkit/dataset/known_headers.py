"""Headers of whole frames, kept between openings of a survey: to tell whether a file is whole, libraries unpack it.

A file is known by its folder, name, size and time of change.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

import numpy as np

from hdrkit.core import arrays
from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.images.raw import Header

NAME = "headers.npz"  # in a cache
Key = tuple[str, str, int, int]  # folder, name, bytes, time of change in nanoseconds


class KnownHeaders:
    """The headers that the last opening of a survey read, in the folder `cache`; with None, none is known or kept."""

    def __init__(self, cache: str | Path | None):
        self._path = Path(cache) / NAME if cache is not None else None
        self._code = code_key("hdrkit.images.raw") if self._path else ""
        self._known = _read(self._path, self._code) if self._path else {}
        self._seen: dict[Key, Header] = {}

    def get(self, path: Path, read: Callable[[Path], Header | str]) -> Header | str:
        """Return a file's header, or what `read` makes of the file: its header, or why it cannot be read."""
        try:
            state = path.stat()
        except OSError:
            return read(path)
        key = (path.parent.name, path.name, state.st_size, state.st_mtime_ns)
        found = self._known.get(key) or read(path)
        if isinstance(found, Header):
            self._seen[key] = found
        return found

    def keep(self) -> None:
        """Keep the headers of this opening, and no others, for the next one, where the cache can be written."""
        if self._path and self._seen != self._known:
            rows = sorted(self._seen.items())
            names, states = [key[:2] for key, _ in rows], [key[2:] for key, _ in rows]
            numbers = np.array([astuple(header) for _, header in rows], np.float64)  # NaN where something is not stated
            with suppress(HdrkitError):
                arrays.write(self._path, code=self._code, names=names, states=states, numbers=numbers)


def _read(path: Path, code: str) -> dict[Key, Header]:
    """Return the headers in a file that some code has read; none where there are no such."""
    kept = arrays.read(path)
    if not kept or str(kept["code"]) != code:
        return {}
    rows = zip(*(kept[name].tolist() for name in ("names", "states", "numbers")), strict=True)
    return {(*names, *state): _header(*numbers) for names, state, numbers in rows}


def _header(time: float, iso: float, f_number: float, width: float, height: float) -> Header:
    return Header(_stated(time), _stated(iso), _stated(f_number), int(width), int(height))


def _stated(number: float) -> float | None:
    return None if np.isnan(number) else number
