"""Calling a function that a student wrote: it may raise, change what it is given, or never return."""

import ctypes
import threading
from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np
import pandas as pd

from hdrkit.exercises.exercise import NotYetError

SECONDS = 10.0


class _Stop(BaseException):
    """Raised in a function that takes too long; no `except Exception` of its own holds it up."""


def called(function: Callable, *arguments: object) -> Any:
    """Return what a function makes of `arguments`, of whose arrays, lists and tables it gets copies.

    Raises NotYetError where it raises, or has not returned after SECONDS; Python code is then stopped.
    """
    outcome: dict[str, Any] = {}

    def run() -> None:
        try:
            outcome["value"] = function(
                *(copy(a) if isinstance(a, np.ndarray | list | pd.DataFrame) else a for a in arguments)
            )
        except _Stop:
            pass
        except BaseException as error:  # also SystemExit: it must not end the kernel
            outcome["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Stop))
        raise NotYetError(f"your function has not returned after {SECONDS:g} seconds. Does a loop of it never end?")
    if "error" in outcome:
        error = outcome["error"]
        words = " ".join(str(error).split()).rstrip(".")
        raise NotYetError(f"your function raises {type(error).__name__}{': ' if words else ''}{words}.")
    return outcome["value"]
