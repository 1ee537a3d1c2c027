"""Is the machine enough: processor, memory, disk?"""

import platform
import tempfile
from pathlib import Path

from hdrkit.cli.checks.check import BAD, OK, WARNING, Check
from hdrkit.core import machine

MEMORY_GB, DISK_GB = 6, 3  # what `hdrkit reproduce --profile quick` needs
X86 = ("x86_64", "amd64")  # as Linux and macOS, and as Windows call the processors of Intel and AMD


def processor() -> Check:
    """Look for AVX, without which TensorFlow stops at its import; where the system does not tell, all is taken well."""
    facts, flags = machine.machine(), machine.cpu_flags()
    found = f"{facts['processor']}, {facts['cores']} cores"
    speed = "trains in bfloat16" if machine.has_bfloat16() else "trains in float32"
    if platform.machine().lower() not in X86 or not machine.tells_flags():
        return Check("processor", OK, f"{found}; {speed}")
    if "avx" not in flags:
        advice = "take another machine; in a virtual one, let its host pass the processor's own features on"
        return Check("processor", BAD, f"{found}, without AVX, which TensorFlow needs", advice)
    if "avx2" not in flags:
        return Check("processor", WARNING, f"{found}, without AVX2", "nothing to do, but trainings are slow")
    return Check("processor", OK, f"{found}; AVX2, {speed}")


def memory() -> Check:
    """Hold the memory against what a run needs; in a container, that which it may use."""
    have = machine.memory_bytes() / 2**30
    if have == 0:
        return Check("memory", OK, "the system does not tell")
    if round(have) < MEMORY_GB:  # the system keeps some of it for itself
        return Check("memory", WARNING, f"{have:.1f} GB", f"profile quick needs {MEMORY_GB} GB, take -p batch=8")
    return Check("memory", OK, f"{have:.0f} GB")


def disk(folder: Path) -> Check:
    """Look at the disk that has or will have a folder: is there room, and may we write?"""
    name, free = folder.as_posix(), machine.free_bytes(folder) / 2**30
    if free < DISK_GB:
        advice = f"a run needs {DISK_GB} GB, free some or choose another --out"
        return Check("disk", BAD, f"{free:.1f} GB free for {name}/", advice)
    if reason := unwritable(folder):
        return Check(
            "disk", BAD, f"{name}/ cannot be written ({reason})", "work in another folder, or name one by --out"
        )
    return Check("disk", OK, f"{free:.0f} GB free for {name}/")


def unwritable(folder: Path) -> str:
    """Write a file into a folder, or the nearest one around it, and delete it again; return why that failed, if so."""
    try:
        with tempfile.TemporaryFile(dir=machine.nearest(folder)) as trial:
            trial.write(bytes(4096))
    except OSError as error:
        return error.strerror or str(error)
    return ""
