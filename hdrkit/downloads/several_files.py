"""Several files over two polite connections, with the progress of each and of all."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from hdrkit.core.errors import HdrkitError
from hdrkit.core.progress_bar import TICK, bar
from hdrkit.downloads.addresses import is_remote
from hdrkit.downloads.connection import Connection, StoppedError
from hdrkit.downloads.disk_room import check_room
from hdrkit.downloads.partial_files import PARTIAL, PartialFile
from hdrkit.downloads.wanted import GaveUpError, MissingError, Patience, Wanted

CONNECTIONS = 2
IN_A_ROW = 4  # files given up one after the other: it is the server or the network, not the files

Outcome = PartialFile | Exception


def fetch_all(
    wanted: Sequence[Wanted], folder: Path, patience: Patience, what: str
) -> Iterator[tuple[Wanted, PartialFile | MissingError]]:
    """Fetch files into `folder`, which is there; yield each as it comes, with its whole part or with why there is none.

    What is begun stays when the caller goes away: the next call goes on from there.
    Raises HdrkitError where the disk has no room for them, or where one file after the other is given up.
    """
    if not wanted:
        _tidy(folder)
        return
    missing = [max((file.bytes or 0) - PartialFile(folder, file.name).size, 0) for file in wanted]
    check_room(folder, sum(missing), what)
    todo: SimpleQueue[Wanted] = SimpleQueue()
    done: SimpleQueue[tuple[Wanted, Outcome]] = SimpleQueue()
    for file in wanted:
        todo.put(file)
    stop = threading.Event()
    for row in range(1, CONNECTIONS + 1):
        # Daemons: on Ctrl-C nobody waits for a server that says nothing. What they leave is a part like any other.
        arguments = (todo, done, folder, Connection(patience, stop), row)
        threading.Thread(target=_work, args=arguments, daemon=True).start()
    try:
        yield from _outcomes(done, len(wanted), what)
        _tidy(folder)
    finally:
        stop.set()


def _tidy(folder: Path) -> None:
    with suppress(OSError):  # what is left there is for the next call
        (folder / PARTIAL).rmdir()


def _outcomes(
    done: SimpleQueue[tuple[Wanted, Outcome]], count: int, what: str
) -> Iterator[tuple[Wanted, PartialFile | MissingError]]:
    given_up = 0
    for _ in bar(range(count), what, unit="file", position=0):
        file, outcome = _next(done)
        if not isinstance(outcome, PartialFile | MissingError):
            raise outcome
        given_up = given_up + 1 if isinstance(outcome, GaveUpError) else 0
        if given_up == IN_A_ROW:
            mend = "check the network, try later, or name a mirror with --from"
            raise HdrkitError(f"{file.address}: {outcome}, and so for the {given_up - 1} files before it; {mend}")
        yield file, outcome


def _next(done: SimpleQueue[tuple[Wanted, Outcome]]) -> tuple[Wanted, Outcome]:
    """Wait for a file in small steps: on some systems nothing interrupts a longer wait."""
    while True:
        try:
            return done.get(timeout=TICK)
        except Empty:
            continue


def _work(
    todo: SimpleQueue[Wanted],
    done: SimpleQueue[tuple[Wanted, Outcome]],
    folder: Path,
    connection: Connection,
    row: int,
) -> None:
    """Fetch one file after the other, in a thread; whatever is raised is for the main thread to say."""
    with connection.session, suppress(StoppedError, Empty):
        while not connection.stop.is_set():
            wanted = todo.get_nowait()
            done.put((wanted, _fetched(wanted, folder, connection, row)))


def _fetched(wanted: Wanted, folder: Path, connection: Connection, row: int) -> Outcome:
    part = PartialFile(folder, wanted.name)
    name = wanted.name if len(wanted.name) < 32 else wanted.name[:29] + "..."
    options = {"unit": "B", "unit_scale": True, "leave": False, "delay": TICK, "position": row}
    with bar(desc=name, total=wanted.bytes, **options) as shown:
        try:
            if is_remote(wanted.address):
                connection.fetch(wanted, part, shown)
            else:
                _copy(wanted, part)
        except StoppedError:
            raise
        except Exception as error:
            return error
    return part


def _copy(wanted: Wanted, part: PartialFile) -> None:
    source = Path(wanted.address)
    if not source.is_file():
        raise MissingError("no such file")
    part.begin(wanted.address, None, source.stat().st_size)
    shutil.copyfile(source, part.path)
