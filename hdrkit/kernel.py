"""The Python that runs a notebook: this very interpreter and package, whatever kernels the user has installed."""

import os
from typing import TextIO

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from hdrkit.bars import LOGGED
from hdrkit.files import DATA


def own_kernel(settings: str, log: TextIO) -> type[AsyncKernelManager]:
    """Return a kernel manager for this interpreter.

    `settings`: a folder for IPython's files, so that the user's start-up files and history stay out of it.
    `log`: an open file for progress bars and for what libraries written in C say of themselves, which IPython would
    put into the notebook; what cells print comes back as output.
    """
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(DATA.parent), os.environ.get("PYTHONPATH")])),
        "IPYTHONDIR": settings,
        LOGGED: "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }

    command = get_kernel_dict(["--IPKernelApp.capture_fd_output=False", "--IPKernelApp.log_level=ERROR"])

    class OwnKernel(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(**command | {"env": environment})

        async def start_kernel(self, **options) -> None:
            await self._async_start_kernel(stderr=log, **options)

    return OwnKernel
