"""Decoders that some damaged files crash or hang, in processes of their own: here, what fails there is one line.

A process starts when the first file asks for it, which takes a fifth of a second, and is kept for the next ones; there
are as many as threads decode at once. Pixels come through a pipe, as the bytes that they are.
"""

import atexit
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from hdrkit.core import python_process
from hdrkit.core.errors import HdrkitError, in_one_line
from hdrkit.core.machine import memory_bytes

SECONDS = 180.0  # for one file; the largest raw files take a sixth of that
MEND = "copy the file again from its source, or leave it out"

Found = dict[str, Any]


def in_decoder(function: Callable[..., Found], path: str | Path, *options: Any) -> Found:
    """Return what a decoding function, which stands at the top of its module, makes of a file in another process.

    options: plain values, as JSON has them. The function returns a dictionary of such values, arrays and bytes.
    Raises HdrkitError and MemoryError as the function does, ValueError with a line for whatever else it raises, and
    HdrkitError where it crashes or takes longer than `SECONDS`.
    """
    decoder = _take()
    try:
        found = decoder.ask(path, [function.__module__, function.__name__, str(path), *options])
    except BaseException:  # also Ctrl-C: an answer may be under way that nobody waits for
        decoder.end()
        raise
    _idle.append(decoder)
    match found.pop("failure", None):
        case None:
            return found
        case "HdrkitError":
            raise HdrkitError(found["why"])
        case "MemoryError":
            raise MemoryError
        case _:
            raise ValueError(found["why"])


class _Decoder:
    """A process that decodes one file after the other."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            python_process.command("-c", f"from {__name__} import serve; serve()"),
            env=python_process.environment(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, path: str | Path, request: list[Any]) -> Found:
        assert self._process.stdin is not None and self._process.stdout is not None
        overdue = threading.Event()

        def end_it() -> None:
            overdue.set()
            self._process.kill()

        alarm = threading.Timer(SECONDS, end_it)
        alarm.start()
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            return _received(self._process.stdout)
        except (EOFError, OSError, ValueError):
            status = self._process.wait()
            why = f"took longer than {SECONDS:.0f} s" if overdue.is_set() else f"crashed{_name(status)}"
            raise HdrkitError(f"{path}: could not be read: the decoder {why}; {MEND}") from None
        finally:
            alarm.cancel()

    def waits(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


_idle: list[_Decoder] = []


def _take() -> _Decoder:
    """Return a process that waits, or a new one."""
    with suppress(IndexError):  # another thread may take the last one
        while True:
            if (decoder := _idle.pop()).waits():
                return decoder
    return _Decoder()


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()


def _name(status: int) -> str:
    """Return, in parentheses, the signal that a process ended by."""
    with suppress(ValueError):
        return f" ({signal.Signals(-status).name})"
    return ""


def serve() -> None:
    """Answer requests on standard input, until it ends, on standard output. What a library prints goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks
    _limit()
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    for line in requests:
        module, name, path, *options = json.loads(line)
        try:
            found = getattr(importlib.import_module(module), name)(Path(path), *options)
        except Exception as error:
            known = isinstance(error, HdrkitError | MemoryError)
            found = {"failure": type(error).__name__ if known else "", "why": in_one_line(error)}
        _send(replies, found)


def _limit() -> None:
    """Leave the machine its memory, whatever a file asks for, and its disk, without an image of each crash."""
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if memory := memory_bytes():
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _send(stream: IO[bytes], found: Found) -> None:
    arrays = {name: np.ascontiguousarray(value) for name, value in found.items() if isinstance(value, np.ndarray)}
    arrays |= {name: np.frombuffer(value, "V1") for name, value in found.items() if isinstance(value, bytes)}
    plain = {name: value for name, value in found.items() if name not in arrays}
    shapes = {name: [array.dtype.str, array.shape] for name, array in arrays.items()}
    stream.write(json.dumps([plain, shapes]).encode() + b"\n")
    for array in arrays.values():
        stream.write(array.reshape(-1).view(np.uint8).data)
    stream.flush()


def _received(stream: IO[bytes]) -> Found:
    """Return what was sent. Raises EOFError or ValueError where the process ended before it was all sent."""
    if not (line := stream.readline()):
        raise EOFError
    found, shapes = json.loads(line)
    for name, (kind, shape) in shapes.items():
        array = np.empty(shape, kind)
        if array.size and stream.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:  # type: ignore[attr-defined]
            raise EOFError
        found[name] = array.tobytes() if kind == "|V1" else array
    return found
