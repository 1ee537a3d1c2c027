"""Python in a process of its own, for what may raise anything, crash, or never come back."""

import signal
import subprocess

from hdrkit.core import python_process

ILLEGAL_INSTRUCTION = (-signal.SIGILL, 0xC000001D)  # the status of a process that met one; the second on Windows


class Child:
    """A running program of Python, which sees the packages that this process sees; it is ended with the block.

    Several children run side by side: each starts at once, and `answer` waits for it.
    """

    def __init__(self, code: str, *arguments: str):
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            python_process.command("-c", code, *arguments), env=python_process.environment(),
            stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace",
        )  # fmt: skip

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def answer(self, seconds: float) -> tuple[str, str]:
        """Return what the child printed, and how it failed: empty where it did not."""
        try:
            printed, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.communicate()[0], f"no answer in {seconds:.0f} seconds"
        return printed, _failure(self._process.returncode, errors)


def _failure(status: int, errors: str) -> str:
    if status == 0:
        return ""
    if status in ILLEGAL_INSTRUCTION:
        return "stopped by an instruction that this processor does not have"
    if status < 0:
        return f"crashed ({signal.Signals(-status).name})"
    lines = errors.strip().splitlines()
    return lines[-1].strip() if lines else f"ended with status {status}"
