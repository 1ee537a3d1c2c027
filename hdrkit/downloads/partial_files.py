"""What there is of a file that is not whole yet, kept so that the next try, or the next run, goes on from there."""

import json
from pathlib import Path
from urllib.parse import quote

from hdrkit.core.files import write_json

PARTIAL = ".partial"  # in the folder of a download; a survey takes no hidden folder for a scene


class PartialFile:
    """The beginning of a file, and beside it a note of what it is the beginning of.

    The note holds the address, the file's length in bytes (None where unknown), and what tells its version from
    others: a strong ETag or the time of its last change (RFC 9110, section 8.8). Without the latter no beginning can
    be trusted, and each try begins anew.
    """

    def __init__(self, folder: Path, name: str):
        self.path = folder / PARTIAL / f"{quote(name, safe='() ')}.part"
        self._note = self.path.with_suffix(".json")

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def length(self) -> int | None:
        """Bytes of the whole file; None where unknown."""
        return self._noted().get("length")

    def is_whole(self, address: str) -> bool:
        """Tell whether all of the file at this address is there."""
        note = self._noted()
        return note.get("address") == address and self.path.is_file() and note.get("length") == self.size

    def headers(self, address: str) -> dict[str, str]:
        """Return what asks a server for the rest, provided that it still has the same version (If-Range)."""
        note = self._noted()
        if self.size and note.get("address") == address and note.get("version"):
            return {"Range": f"bytes={self.size}-", "If-Range": note["version"]}
        return {}

    def begin(self, address: str, version: str | None, length: int | None) -> None:
        """Begin anew. The note is there before the first byte, so that a kill leaves no bytes of unknown origin."""
        self.discard()
        write_json(self._note, {"address": address, "version": version, "length": length})
        self.path.touch()

    def end(self) -> None:
        """Note that what is there is all: only now is the length of such a file known."""
        write_json(self._note, self._noted() | {"length": self.size})

    def discard(self) -> None:
        """Remove what is there."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def become(self, target: Path) -> None:
        """Give the whole file its name."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)
        self.discard()

    def _noted(self) -> dict:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return note if isinstance(note, dict) and _is_note(note.get("version"), note.get("length")) else {}


def _is_note(version: object, length: object) -> bool:
    """Tell whether a note is of the types that `begin` writes; the version goes into the header of a request."""
    is_version = version is None or (isinstance(version, str) and version.isascii() and version.isprintable())
    return is_version and (length is None or type(length) is int)
