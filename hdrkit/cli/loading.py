"""The wait for the libraries that a command needs: TensorFlow alone takes some seconds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Show on a terminal that libraries are loaded, in the block that imports them.

    What their C++ says of itself meanwhile goes nowhere: no setting of TensorFlow's silences all of it.
    """
    from hdrkit.core.progress_bar import waiting
    from hdrkit.core.quiet import quiet

    with (
        open(os.dup(2), "w", encoding="utf-8") as terminal,
        waiting("loading libraries, about 10 s, the first time longer", file=terminal),
        quiet,
    ):
        yield
