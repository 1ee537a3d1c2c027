"""What a student sees who interrupts the kernel: one line that says what is kept and how to go on."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from hdrkit.core.progress_bar import in_notebook


class StoppedError(KeyboardInterrupt):
    """Something was stopped by hand. The cell fails, so that no later one runs without what it makes.

    Nothing that mends failures may catch it, so it is no HdrkitError; but a notebook shows its line alone, too.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [str(self)]


@contextmanager
def resumable(kept: str) -> Iterator[None]:
    """Turn an interruption of the block into StoppedError where this is a notebook; a command says such a line itself.

    kept: what the next call takes up, as in "the finished scenes are kept". Decorates functions, too.
    """
    try:
        yield
    except KeyboardInterrupt as interruption:
        if isinstance(interruption, StoppedError) or not in_notebook():
            raise
        raise StoppedError(f"interrupted: {kept}; run the cell again to go on") from None


@contextmanager
def at_checks() -> Iterator[Callable[[], None]]:
    """Let Ctrl-C wait, in the block, for the next call of what is yielded, or for the end; a second one does not wait.

    So does SIGTERM, where this process handles it. Raised wherever they come, their exceptions would often be lost:
    Python drops them, with a traceback, within a callback of its garbage collector, and a training has many of these.
    Another thread than the main one hears no signal; nor does a process that was started to ignore it.
    """
    kinds = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    handlers = {int(kind): handler for kind in kinds if callable(handler := signal.getsignal(kind))}
    asked: list[int] = []

    def check() -> None:
        for kind in asked:
            handlers[kind](kind, None)

    def ask(kind: int, _frame: FrameType | None) -> None:
        waits = not asked
        asked.append(kind)
        if not waits:
            check()

    for kind in handlers:
        signal.signal(kind, ask)
    try:
        yield check
    finally:
        for kind, handler in handlers.items():
            signal.signal(kind, handler)
    check()
