"""Where work is done that is too much for one machine: on a Dask cluster, which --executor or a caller names.

What is sent there are functions of the kit and files' names. So all machines see the same folders under the same paths,
and have the same code of the kit; `same_code` refuses others, as they would make other numbers.
"""

import os
import re
from concurrent.futures import Executor
from functools import cache
from importlib import import_module

from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError

VARIABLE = "HDRKIT_EXECUTOR"  # by which the kernels of notebooks hear of --executor
ADDRESS = re.compile(r"dask://[\w.-]+:\d+|dask://\[[0-9a-fA-F:]+\]:\d+")
OTHER_CODE = "no hdrkit, or another version of it or of a package; install the same on all machines"
PATIENCE = 10  # seconds until a scheduler has answered


def checked(address: str) -> str:
    """Return an address as --executor takes it; raise HdrkitError for any other."""
    if not ADDRESS.fullmatch(address):
        raise HdrkitError(f"{address}: not the address of a scheduler; write dask://HOST:PORT, as in dask://node1:8786")
    return address


def choose(address: str | None) -> None:
    """Let this process, and those that it starts, work on the executor of an address; None changes nothing."""
    if address:
        os.environ[VARIABLE] = checked(address)


def chosen() -> Executor | None:
    """Return the executor that the environment names; None, to work on this machine, where it names none.

    Raises HdrkitError where Dask is not installed, or no scheduler answers.
    """
    address = os.environ.get(VARIABLE)
    return _dask(checked(address)) if address else None


@cache
def _dask(address: str) -> Executor:
    """Connect to a scheduler, once in a process."""
    try:
        # Not by `import`: a key of code holds the versions of what it imports, and Dask changes no number.
        client_of = import_module("distributed").Client
    except ImportError as error:
        raise HdrkitError(f'{address}: Dask is not installed; run `pip install "hdrkit[dask]"`') from error
    try:
        # Not "pure": a task writes files, so that its result may not be taken from an earlier task of equal arguments.
        client = client_of(address.replace("dask", "tcp", 1), timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        mend = "start it with `dask scheduler`, and workers with `dask worker`; see docs/cluster.md"
        raise HdrkitError(f"{address}: no Dask scheduler answers there; {mend}") from error
    # Asked now, since a worker without the kit's functions answers nothing later.
    answers = client.run(code_key, __name__, on_error="return")
    if not answers:
        raise HdrkitError(
            f"{address}: this scheduler has no workers; start some with `dask worker`, see docs/cluster.md"
        )
    for worker, answer in answers.items():
        if answer != code_key(__name__):
            raise HdrkitError(f"{worker}: this worker has {OTHER_CODE}")
    return client.get_executor(pure=False)


def same_code(module: str, code: str) -> None:
    """Raise HdrkitError in a worker whose kit is not that of who sent the work: `code` is the sender's `code_key`."""
    if code_key(module) != code:
        raise HdrkitError(f"a worker has {OTHER_CODE}")
