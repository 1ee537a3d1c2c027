"""Work beside the kernel's own, of which only the newest counts."""

import threading
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

    def ask(self, request: object) -> None:
        """Have `work(request)` done, soon."""
        with self._lock:
            self._waiting = [request]
            if self._thread is None or not self._thread.is_alive():  # it ends by itself, or by an error
                self._thread = threading.Thread(target=self._run, daemon=True)  # a kernel that ends does not wait
                self._thread.start()

    def superseded(self) -> bool:
        """Tell whether a newer request waits."""
        return bool(self._waiting)

    def finish(self) -> None:
        """Wait until nothing is left to do."""
        if thread := self._thread:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                request = self._waiting.pop()
            self._work(request)
