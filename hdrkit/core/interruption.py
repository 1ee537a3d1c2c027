"""What a student sees who interrupts the kernel: one line that says what is kept and how to go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from hdrkit.core.errors import HdrkitError
from hdrkit.core.progress_bar import in_notebook


class StoppedError(HdrkitError):
    """Something was stopped by hand. The cell fails, so that no later one runs without what it makes."""


@contextmanager
def resumable(kept: str) -> Iterator[None]:
    """Turn an interruption of the block into StoppedError where this is a notebook; a command says such a line itself.

    kept: what the next call takes up, as in "the finished scenes are kept". Decorates functions, too.
    """
    try:
        yield
    except KeyboardInterrupt:
        if not in_notebook():
            raise
        raise StoppedError(f"interrupted: {kept}; run the cell again to go on") from None
