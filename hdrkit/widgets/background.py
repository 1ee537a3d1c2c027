"""Work beside the kernel's own, of which only the newest counts."""

import atexit
import threading
import weakref
from collections.abc import Callable


class Newest:
    """Does `work` for one request after the other, in one thread, which ends when nothing waits.

    A request that has not begun when a newer one comes is dropped; one that has begun can ask `superseded`.
    """

    def __init__(self, work: Callable):
        self._work = work
        self._lock = threading.Lock()
        self._waiting: list = []
        self._thread: threading.Thread | None = None
        self._ended = False
        _ALL.add(self)

    def ask(self, request: object) -> None:
        """Have `work(request)` done, soon."""
        with self._lock:
            self._waiting = [request]
            if self._thread is None or not self._thread.is_alive():  # it ends by itself, or by an error
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def superseded(self) -> bool:
        """Tell whether to give up: a newer request waits, or Python ends."""
        return bool(self._waiting) or self._ended

    def finish(self) -> None:
        """Wait until nothing is left to do."""
        if thread := self._thread:
            thread.join()

    def end(self) -> None:
        """Do nothing more, and wait until what has begun has given up."""
        self._ended = True
        self.finish()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._ended:
                    self._thread = None
                    return
                request = self._waiting.pop()
            self._work(request)


_ALL: weakref.WeakSet[Newest] = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    """End all threads while Python is still there: one that runs code of a library when it is gone aborts."""
    for newest in list(_ALL):
        newest.end()
