"""The Python that runs a notebook: this very interpreter and package, whatever kernels the user has installed."""

import os
import sys
from pathlib import Path
from typing import TextIO

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from hdrkit.core.files import DATA
from hdrkit.core.progress_bar import LOGGED
from hdrkit.exercises.progress import ELSEWHERE


def specification(log: str | Path, **environment: str) -> dict:
    """Return a kernel's entries in kernel.json: this interpreter and package, and `log` for what C code prints."""
    options = ["--IPKernelApp.capture_fd_output=False", "--IPKernelApp.log_level=ERROR"]
    python = [sys.executable, "-m", "hdrkit.jupyter.kernel_process", str(log)]
    package = os.pathsep.join(filter(None, [str(DATA.parent), os.environ.get("PYTHONPATH")]))
    return get_kernel_dict() | {
        "argv": [*python, "-f", "{connection_file}", *options],
        "env": {"PYTHONPATH": package, "PYDEVD_DISABLE_FILE_VALIDATION": "1", **environment},
    }


def own_kernel(settings: str, log: TextIO) -> type[AsyncKernelManager]:
    """Return the runner's kernel manager.

    `settings`: a folder for IPython's files, so that the user's start-up files and history stay out of it.
    `log`: an open file of the disk, to which the kernel appends its progress bars, too.
    """
    own = {LOGGED: "1", ELSEWHERE: os.path.join(settings, "progress.json")}
    spec = KernelSpec(**specification(log.name, IPYTHONDIR=settings, **own))

    class OwnKernel(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return spec

    return OwnKernel
