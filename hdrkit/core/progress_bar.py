"""Progress bars that are seen where somebody looks: on a terminal, in JupyterLab, in the runner's status line."""

import os
import sys
from typing import Any

from tqdm import tqdm

LOGGED = "HDRKIT_LOG_BARS"  # set by the runner, which shows the end of its log


def bar(*arguments: Any, **options: Any) -> tqdm:
    """Return a tqdm bar, for the arguments of `tqdm.tqdm`; without a terminal it is quiet, but for two cases.

    tqdm takes a notebook for no terminal. In JupyterLab the bar is a widget; under the runner it goes to the log
    instead of into the executed notebook.
    """
    if LOGGED in os.environ:
        return tqdm(*arguments, **options, file=sys.__stderr__, mininterval=1, ascii=True, ncols=80)
    if _in_notebook():
        from tqdm.notebook import tqdm as widget

        return widget(*arguments, **options)
    return tqdm(*arguments, **options, disable=None)


def _in_notebook() -> bool:
    """Tell whether a Jupyter kernel runs this code; IPython in a terminal has no kernel."""
    if "IPython" not in sys.modules:  # a kernel has imported it; to import it here would cost a command its start
        return False
    return hasattr(sys.modules["IPython"].get_ipython(), "kernel")
