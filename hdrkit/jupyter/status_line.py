"""What the runner shows while a notebook runs: a status line on a terminal, one line per minute in a log."""

import os
import shutil
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TextIO

LINE_LENGTH = 120


class Place(NamedTuple):
    """Where a notebook stands in a run: its number, from 1, of how many; the seconds that are expected of it and of
    all after it, None where nobody knows.
    """

    number: int
    of: int
    expected: float | None = None
    after: float | None = None

    def left(self, elapsed: float) -> str:
        """Say about how long the run will take from here, `elapsed` seconds after the notebook began."""
        if self.expected is None or self.after is None:
            return ""
        minutes = round((max(self.expected - elapsed, 0) + self.after) / 60)
        return f"about {minutes} min left" if minutes else "about a minute left"


ALONE = Place(1, 1)


class StatusLine:
    """Shows the running cell, its time, and the end of the log, where all that a notebook prints is kept.

    Papermill writes a notebook's output into it as into a file, and calls `cell_start` before each cell. The kernel
    writes its progress bars into the same file.
    """

    def __init__(self, name: str, cells: int, log: Path, place: Place = ALONE, stream: TextIO = sys.stderr):
        self.name, self.cells, self.place = name, cells, place
        self.stream, self.living = stream, stream.isatty()
        self.cell = 0
        self._started = self._cell_started = time.monotonic()
        self.log = open(log, "a", encoding="utf-8")  # noqa: SIM115  closed in __exit__
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self.log.write(f"\n== {self.name}, {time.strftime('%Y-%m-%d %H:%M:%S')}\n")
        self._thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()
        self.log.close()
        if self.living:
            self._redraw("")
        if kind is None:
            self._say(f"{self.name}  {self.seconds:.0f} s")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def cell_start(self, cell: dict, cell_index: int) -> None:
        """Count a cell that will run, so that `cell` is the number in its `In [...]`."""
        if cell["cell_type"] != "code" or not cell["source"].strip():
            return
        self.cell += 1
        self._cell_started = time.monotonic()
        self.log.write(f"-- [{self.cell}] {cell['source'].strip().splitlines()[0]}\n")
        self.log.flush()

    def write(self, text: str) -> None:
        self.log.write(text)

    def flush(self) -> None:
        self.log.flush()

    def _watch(self) -> None:
        while not self._done.wait(0.5 if self.living else 60):
            elapsed = int(time.monotonic() - self._cell_started)
            where = f"{self.name} ({self.place.number} of {self.place.of})  cell {self.cell} of {self.cells}"
            times = f"{elapsed // 60}:{elapsed % 60:02}", self.place.left(self.seconds)
            last = self._last_line() if self.cell else "starting its Python"
            line = "  ".join(filter(None, [where, *times, last]))
            if self.living:
                self._redraw(line)
            else:
                self._say(line[:LINE_LENGTH])

    def _last_line(self) -> str:
        """Return the end of the log: a progress bar, what the cell printed last, or its first line."""
        with open(self.log.name, "rb") as log:
            log.seek(max(0, os.path.getsize(self.log.name) - 1000))
            text = log.read().decode(errors="replace").replace("\r", "\n").strip()
        return text.splitlines()[-1].strip() if text else ""

    def _redraw(self, line: str) -> None:
        """Put a line in the place of the last one; with spaces, since a console of Windows may know no other way."""
        width = min(LINE_LENGTH, shutil.get_terminal_size().columns - 1)
        self.stream.write(f"\r{line[:width]:{width}}\r")
        self.stream.flush()

    def _say(self, line: str) -> None:
        print(line, file=self.stream, flush=True)
