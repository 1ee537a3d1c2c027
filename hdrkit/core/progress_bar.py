"""Progress bars that are seen where somebody looks: on a terminal, in JupyterLab, in the runner's status line."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

LOGGED = "HDRKIT_LOG_BARS"  # set by the runner, which shows the end of its log
LINE = "{desc}: {percentage:.0f} %, {n_fmt} of {total_fmt}, {remaining} left{postfix}"  # in the log: it has no width
TICK = 1  # seconds


def bar(*arguments: Any, **options: Any) -> tqdm:
    """Return a tqdm bar, for the arguments of `tqdm.tqdm`; without a terminal it is quiet, but for two cases.

    tqdm takes a notebook for no terminal. In JupyterLab the bar is a widget; under the runner it goes to the log
    instead of into the executed notebook.
    """
    options = {"unit": "step"} | options
    if LOGGED in os.environ:
        # A bar within a bar would go up a line, which a log cannot.
        logged = {"file": sys.__stderr__, "mininterval": 1, "bar_format": LINE, "position": 0}
        return tqdm(*arguments, **logged | options)
    if in_notebook():
        from tqdm.notebook import tqdm as widget

        return widget(*arguments, **options)
    return tqdm(*arguments, **options, disable=None)


def brief(*arguments: Any, **options: Any) -> tqdm:
    """Return a bar for steps that may be few: it comes after a second, and leaves when all are done.

    In a thread of a pool there is none: who fills the pool counts what comes back.
    """
    if threading.current_thread() is not threading.main_thread():
        return tqdm(*arguments, **options, disable=True)
    return bar(*arguments, **options, delay=TICK, leave=False)


@contextmanager
def waiting(what: str, **options: Any) -> Iterator[tqdm]:
    """Show what is done, and a clock, while the block runs: for work whose steps cannot be counted.

    The line comes after a second and leaves with the block. `set_description_str` of what is yielded tells of the next
    step. `options` are those of `tqdm.tqdm`.
    """
    with bar(desc=what, bar_format="{desc}: {elapsed}", delay=TICK, leave=False, **options) as clock:
        threading.Thread(target=_tick, args=(clock,), daemon=True).start()
        yield clock


def _tick(clock: tqdm) -> None:
    """Draw a clock anew every second until it is closed, which sets `disable`."""
    while not clock.disable:
        time.sleep(TICK)
        with clock.get_lock():
            if not clock.disable:
                clock.refresh(nolock=True)
                clock.last_print_t = time.time()  # tells tqdm that there is a line to wipe out


def in_notebook() -> bool:
    """Tell whether a Jupyter kernel runs this code; IPython in a terminal has no kernel."""
    if "IPython" not in sys.modules:  # a kernel has imported it; to import it here would cost a command its start
        return False
    return hasattr(sys.modules["IPython"].get_ipython(), "kernel")
