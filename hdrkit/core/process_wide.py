"""Settings of the whole process, changed for a while by several threads at once."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager


class ProcessWide:
    """A context that changes a setting of the whole process: the first to enter changes it, the last to leave restores.

    `change` makes a context manager that changes the setting and restores it. Were each thread to save and restore on
    its own, one that enters second and leaves last would restore what the first had set.
    """

    def __init__(self, change: Callable[[], AbstractContextManager]):
        self._change, self._lock, self._inside = change, threading.Lock(), 0

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._changed = self._change()
                self._changed.__enter__()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._changed.__exit__(None, None, None)
