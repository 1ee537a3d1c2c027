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

    Raised wherever it comes, it would often be lost: Python drops, with a traceback, what a signal raises within a
    callback of its garbage collector, and a training has many of these.
    Another thread than the main one hears no signal; nor does a process that was started to ignore it.
    """
    asked, before = threading.Event(), signal.getsignal(signal.SIGINT)

    def check() -> None:
        if asked.is_set():
            raise KeyboardInterrupt

    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield check
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            before(number, frame)
        asked.set()

    signal.signal(signal.SIGINT, ask)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
    check()
