"""A table of what was fetched: each file with its size and SHA-256 as they were at first sight, and where it came from.

It stands beside the files, so that a change of any of them is noticed ever after, on this side or on the server's.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256, stays_below, written_whole
from hdrkit.core.long_lists import some
from hdrkit.core.progress_bar import bar, waiting
from hdrkit.downloads.partial_files import PartialFile
from hdrkit.downloads.wanted import MissingError, Wanted

FORMULA = "=+-@ "
COLUMNS = ("file", "bytes", "sha256", "address")


class Checksums:
    """The table `path`; `more` are columns beside its own. `rows` are its rows by file name, all of them texts.

    After `verify`, `intact` holds the names of files that are there and as they were, `changed` of those that are
    there and are not. Raises HdrkitError where the table cannot be read.
    """

    def __init__(self, path: Path, more: Sequence[str] = ()):
        self.path, self.columns = path, (*COLUMNS, *more)
        self.intact: set[str] = set()
        self.changed: list[str] = []
        self.rows: dict[str, dict[str, str]] = {}
        if path.is_file():
            try:
                with open(path, newline="", encoding="utf-8") as stream:
                    rows = list(csv.DictReader(stream))
                self.rows = {_name(row): {name: row[name] or "" for name in self.columns} for row in rows}
            except (ValueError, KeyError, csv.Error) as error:
                mend = "restore it, or delete it to have all files fetched and noted anew"
                raise HdrkitError(f"{path}: no table of checksums ({error}); {mend}") from error

    def verify(self, what: str) -> None:
        """Hold each file that is there against its row."""
        self.intact, self.changed = set(), []
        for name, row in bar(self.rows.items(), what, unit="file", leave=False, delay=1):
            path = self.path.parent / name
            if path.is_file():
                if str(path.stat().st_size) == row["bytes"] and sha256(path) == row["sha256"]:
                    self.intact.add(name)
                    PartialFile(self.path.parent, name).discard()  # its note: a kill may have left it
                else:
                    self.changed.append(name)

    @property
    def present(self) -> set[str]:
        """Names of files that are there."""
        return self.intact | set(self.changed)

    def adopt(self, wanted: Wanted) -> bool:
        """Note a file that somebody else put here, as it is at this first sight; tell whether there is one.

        Raises MissingError where it has not the size that it should have.
        """
        path = self.path.parent / wanted.name
        if wanted.name in self.rows or not path.is_file():
            return False
        if wanted.bytes not in (None, size := path.stat().st_size):
            raise MissingError(f"has {size} bytes, {wanted.bytes} are expected; delete it, and run again to fetch it")
        self.note(wanted.name, path, wanted.address)
        self.save()
        return True

    def note(self, name: str, path: Path, address: str, /, **more: str) -> None:
        """Note what a new file holds; it lies at `path` for now. The table on the disk is written by `save`.

        Raises MissingError where a file of this name was another one when it was first seen.
        """
        found = {"file": name, "bytes": str(path.stat().st_size), "sha256": sha256(path), "address": address}
        seen = self.rows.get(name)
        if seen and seen["sha256"] != found["sha256"]:
            why = (
                f"its SHA-256 was {seen['sha256'][:12]}... when it was first fetched, and is {found['sha256'][:12]}..."
            )
            mend = f"delete its row in {self.path} if that is meant"
            raise MissingError(f"changed where it comes from: {why}; {mend}")
        self.rows[name] = dict.fromkeys(self.columns, "") | found | more
        self.intact.add(name)

    def accept(self, wanted: Wanted, part: PartialFile, /, **more: str) -> None:
        """Note a whole part and give it its name. The row comes first: a kill between the two loses neither.

        Raises MissingError as `note` does; the part is then discarded.
        """
        try:
            with waiting(f"checking {wanted.name}"):
                self.note(wanted.name, part.path, wanted.address, **more)
        except MissingError:
            part.discard()
            raise
        self.save()
        part.become(self.path.parent / wanted.name)

    def save(self) -> None:
        """Write the table, sorted by file."""
        with written_whole(self.path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, self.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows[name] for name in sorted(self.rows))


def _name(row: Mapping[str, str | None]) -> str:
    """Return the file of a row. Raises ValueError where it is none of the table's folder."""
    name = row["file"] or ""
    if not stays_below(name):
        raise ValueError(f"{name!r} is no file of this folder")
    return name


def in_words(changed: Sequence[str], folder: Path) -> str:
    """Return what to do about files that changed since they were fetched."""
    mend = "delete what was not meant to change, and run again"
    return f"{folder}: not what was fetched at first: {some(changed)}; {mend}"


def one_line(values: Mapping[str, object]) -> dict[str, str]:
    """Return texts that others wrote as a table may hold them, one line each.

    Without what a terminal obeys, and without the signs in front by which a spreadsheet takes a text for a formula.
    """
    printed = {name: "".join(letter for letter in str(value) if letter.isprintable()) for name, value in values.items()}
    return {name: " ".join(text.split()).lstrip(FORMULA) for name, text in printed.items()}
