"""What the runner shows while a notebook runs: a living line on a terminal, a line a minute in a log."""

import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

LINE_LENGTH = 110


class Progress:
    """Shows the running cell, its time, and the last line it printed; keeps all that was printed in a log file.

    Papermill writes a notebook's output into it as into a file, and calls `cell_start` before each cell.
    """

    def __init__(self, name: str, cells: int, log: Path, stream: TextIO = sys.stderr):
        self.name, self.cells = name, cells
        self.stream, self.living = stream, stream.isatty()
        self.cell = 0
        self._source = self._said = ""
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
            self.stream.write("\r\033[K")
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
        lines = [line.strip() for line in cell["source"].splitlines() if line.strip()]
        self._source, self._said, self._cell_started = lines[0] if lines else "", "", time.monotonic()
        self.log.write(f"-- [{self.cell}] {self._source}\n")
        self.log.flush()

    def write(self, text: str) -> None:
        self.log.write(text)
        if lines := [line for line in text.replace("\r", "\n").splitlines() if line.strip()]:
            self._said = lines[-1].strip()

    def flush(self) -> None:
        self.log.flush()

    def _watch(self) -> None:
        while not self._done.wait(0.5 if self.living else 60):
            elapsed = int(time.monotonic() - self._cell_started)
            line = f"{self.name}  cell {self.cell}/{self.cells}  {elapsed // 60}:{elapsed % 60:02}  "
            line = (line + (self._said or self._source))[:LINE_LENGTH]
            if self.living:
                self.stream.write(f"\r\033[K{line}")
                self.stream.flush()
            else:
                self._say(line)

    def _say(self, line: str) -> None:
        print(line, file=self.stream, flush=True)
