"""Where work is done that is too much for one machine: on a Dask cluster, which --executor or a caller names.

What is sent there are functions of the kit and files' names. So all machines see the same folders under the same paths,
and have the same code of the kit: others would make other numbers, and are refused.
"""

import os
import re
from collections.abc import Callable
from concurrent.futures import Executor
from functools import cache, partial
from importlib import import_module
from typing import Any, TypeVar

from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError

VARIABLE = "HDRKIT_EXECUTOR"  # by which the kernels of notebooks hear of --executor
HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63})*|\[[0-9a-fA-F:]+\]"  # longer or empty parts are in no name (RFC 1035, 2.3.4)
ADDRESS = re.compile(rf"dask://(?:{HOST}):\d{{1,5}}", re.ASCII)
OTHER_CODE = "no hdrkit, or another version of it or of a package; install the same on all machines"
PATIENCE = 10  # seconds until a scheduler has answered
Made = TypeVar("Made")


def checked(address: str) -> str:
    """Return an address as --executor takes it; raise HdrkitError for any other."""
    if not ADDRESS.fullmatch(address):
        raise HdrkitError(f"{address}: not the address of a scheduler; write dask://HOST:PORT, as in dask://node1:8786")
    return address


def choose(address: str | None) -> None:
    """Let this process, and those that it starts, work on the executor of an address; None changes nothing."""
    if address:
        os.environ[VARIABLE] = checked(address)


def chosen(module: str) -> Executor | None:
    """Return the executor that the environment names; None, to work on this machine, where it names none.

    module: whose work it is to do. Raises HdrkitError where Dask is not installed, no scheduler answers, it has no
    workers, or one of them has another version of the module, or of what that imports.
    """
    address = os.environ.get(VARIABLE)
    return _with_workers(checked(address), module) if address else None


@cache
def _with_workers(address: str, module: str) -> Executor:
    # Asked before any work is sent, so that one line says it.
    client = _client(address)
    answers = client.run(code_key, module, on_error="return")
    if not answers:
        raise HdrkitError(
            f"{address}: this scheduler has no workers; start some with `dask worker`, see docs/cluster.md"
        )
    for worker, answer in answers.items():
        if answer != _code_here(module):
            raise HdrkitError(f"{worker}: this worker has {OTHER_CODE}")
    # Not "pure": a task writes files, so that its result may not be taken from an earlier task of equal arguments.
    return client.get_executor(pure=False)


@cache
def _client(address: str) -> Any:
    """Connect to a scheduler, once in a process."""
    try:
        # Not by `import`: a key of code holds the versions of what it imports, and Dask changes no number.
        client_of = import_module("distributed").Client
    except ImportError as error:
        raise HdrkitError(f'{address}: Dask is not installed; run `pip install "hdrkit[dask]"`') from error
    try:
        return client_of(address.replace("dask", "tcp", 1), timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        mend = "start it with `dask scheduler`, and workers with `dask worker`; see docs/cluster.md"
        raise HdrkitError(f"{address}: no Dask scheduler answers there; {mend}") from error


def elsewhere(module: str, function: Callable[..., Made]) -> Callable[..., Made]:
    """Return what an executor is to call in the place of a function of `module`, which it can pickle.

    It refuses to run where the kit is not that of here, and lets OpenCV work alone in each process.
    """
    return partial(_elsewhere, module, _code_here(module), function)


def _elsewhere(module: str, code: str, function: Callable[..., Made], *arguments: Any, **options: Any) -> Made:
    from hdrkit.core.workers import opencv_alone  # brings OpenCV, for which --help does not wait

    same_code(module, code)
    with opencv_alone:
        return function(*arguments, **options)


def same_code(module: str, code: str) -> None:
    """Raise HdrkitError in a worker whose kit is not that of who sent the work: `code` is the sender's `code_key`."""
    if _code_here(module) != code:
        raise HdrkitError(f"a worker has {OTHER_CODE}")


# Once in a process: what has been imported stays, and some releases of Python 3.11 cannot parse code in two threads.
_code_here = cache(code_key)
