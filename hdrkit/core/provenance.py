"""Where a number comes from: digests of code and data, versions, and the machine. Imports nothing heavy."""

import hashlib
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from hdrkit.core.files import DATA, sha256

BFLOAT16_FLAGS = ("avx512_bf16", "amx_bf16")
CPU_FLAGS = ("avx2", "avx512f", *BFLOAT16_FLAGS)  # what TensorFlow's speed depends on


def digest(files: Iterable[Path], root: Path) -> str:
    """Return one SHA-256 over the names (relative to `root`) and contents of files."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(root).as_posix()}\0{sha256(path)}\n".encode())
    return total.hexdigest()


def files_in(path: Path) -> list[Path]:
    """Return the files of a folder and those below it, without hidden ones; a file alone is itself."""
    if path.is_file():
        return [path]
    files = (p for p in path.rglob("*") if not any(part.startswith(".") for part in p.relative_to(path).parts))
    return sorted(p for p in files if p.is_file())


def status_digest(files: Iterable[Path], root: Path) -> str:
    """Return a digest of names, sizes and times of files: quick, and different whenever a file was touched."""
    lines = (f"{p.relative_to(root).as_posix()}\0{p.stat().st_size}\0{p.stat().st_mtime_ns}\n" for p in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that pyproject.toml asks for."""
    try:
        required = importlib.metadata.requires("hdrkit") or []
    except importlib.metadata.PackageNotFoundError:  # a source tree on PYTHONPATH
        required = []
    names = sorted({re.split(r"[^\w.-]", line)[0] for line in required if "extra ==" not in line})
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # the other one of tensorflow and tensorflow-cpu
    return found


def facts() -> dict[str, object]:
    """Return what every kept result says of its origin: {git, versions, machine}."""
    return {"git": commit(), "versions": versions(), "machine": machine()}


def commit() -> dict[str, str | bool] | None:
    """Return the commit of the source tree and whether it has changes; None outside of git.

    What runs write into results/ is no change: the second of two studies has the same source as the first.
    """
    head = _git("rev-parse", "HEAD")
    status = _git("status", "--porcelain", "--", ":/", ":(top,exclude)results")
    return None if head is None else {"commit": head, "dirty": bool(status)}


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", DATA.parent, *arguments], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def machine() -> dict[str, str | int | float | list[str]]:
    """Return the processor, its cores and the flags that matter, memory in GB, and the system."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor()[0],
        "cores": usable_cores(),
        "memory_gb": round(memory_bytes() / 2**30, 1),
        "cpu_flags": cpu_flags(),
    }


def cpu_flags() -> list[str]:
    """Return which of `CPU_FLAGS` the processor has; none where the system does not tell."""
    _, flags = _processor()
    return [flag for flag in CPU_FLAGS if flag in flags]


def has_bfloat16() -> bool:
    """Tell whether the processor computes in bfloat16; emulated, it is slower than float32."""
    return not set(BFLOAT16_FLAGS).isdisjoint(cpu_flags())


def _processor() -> tuple[str, set[str]]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux
        return platform.processor() or platform.machine(), set()
    model, flags = re.search(r"model name\s*: (.*)", text), re.search(r"flags\s*: (.*)", text)
    return model[1] if model else platform.machine(), set(flags[1].split()) if flags else set()


def usable_cores() -> int:
    """Return the number of cores this process may use, which in a container is not the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_bytes() -> int:
    """Return the machine's memory; 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        return 0


def peak_memory_mb() -> int | None:
    """Return the largest resident size that any one process of this run has had; None where unknown."""
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:  # Windows
        return None
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return round(getrusage(RUSAGE_CHILDREN).ru_maxrss / unit)


def free_bytes(folder: Path) -> int:
    """Return the free space on the disk that holds a folder, or would hold it."""
    folder = folder.resolve()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
