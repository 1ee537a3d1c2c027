"""Keep what libraries in C and C++ write by themselves off the terminal; what fails, they also return."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from hdrkit.core.process_wide import ProcessWide


@ProcessWide
@contextmanager
def quiet() -> Iterator[None]:
    """Send standard error of the whole process nowhere; no option turns such words off."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
