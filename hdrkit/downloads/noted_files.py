"""Files that are fetched, and noted with their checksums as they come."""

from collections.abc import Callable, Mapping, Sequence

from hdrkit.downloads.checksums import Checksums
from hdrkit.downloads.several_files import fetch_all
from hdrkit.downloads.wanted import MissingError, Patience, Wanted


def fetch_and_note(
    wanted: Sequence[Wanted],
    table: Checksums,
    patience: Patience,
    what: str,
    about: Callable[[str], Mapping[str, str]] = lambda _: {},
) -> dict[str, str]:
    """Fetch files into the folder of a table, and note them there; return, by name, why some could not be had.

    about: returns what else the table says of a file, by its name. Raises HdrkitError as `fetch_all` does.
    """
    failures = {}
    for file, outcome in fetch_all(wanted, table.path.parent, patience, what):
        try:
            if isinstance(outcome, MissingError):
                raise outcome
            table.accept(file, outcome, **about(file.name))
        except MissingError as error:
            failures[file.name] = str(error)
    return failures
