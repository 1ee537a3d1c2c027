"""What this machine has: processor, memory, room on its disks. Each system tells it in another way."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

BFLOAT16_FLAGS = ("avx512_bf16", "amx_bf16")
CPU_FLAGS = ("avx", "avx2", "avx512f", *BFLOAT16_FLAGS)  # what TensorFlow and its speed depend on
# The most that a container may use, in the files of Linux's control groups, versions 2 and 1.
CONTAINER_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


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


def tells_flags() -> bool:
    """Tell whether the system says what the processor can do: those of ARM, and old Windows, say nothing of use."""
    return bool(_processor()[1])


def has_bfloat16() -> bool:
    """Tell whether the processor computes in bfloat16; emulated, it is slower than float32."""
    return not set(BFLOAT16_FLAGS).isdisjoint(cpu_flags())


def usable_cores() -> int:
    """Return the number of cores this process may use, which in a container is not the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_bytes() -> int:
    """Return the memory that this process may use, which in a container is not the machine's; 0 where unknown."""
    with suppress(ValueError, OSError):
        return min([_installed_memory(), *_container_limits()])
    return 0


def peak_memory_mb() -> int | None:
    """Return the largest resident size that any one ended child of this process has had.

    None on Windows, which forgets it with the child.
    """
    if sys.platform != "win32":
        from resource import RUSAGE_CHILDREN, getrusage

        unit = 2**20 if sys.platform == "darwin" else 2**10
        return round(getrusage(RUSAGE_CHILDREN).ru_maxrss / unit)
    return None


def free_bytes(folder: Path) -> int:
    """Return the free space on the disk that holds a folder, or would hold it; 0 where there is no such disk."""
    existing = nearest(folder)
    return shutil.disk_usage(existing).free if existing else 0


def nearest(folder: Path) -> Path | None:
    """Return the folder itself, or the first around it that exists; None on a drive that does not."""
    folder = folder.resolve()
    return next((path for path in (folder, *folder.parents) if path.exists()), None)


def _container_limits() -> Iterator[int]:
    for path in CONTAINER_LIMITS:
        with suppress(OSError, ValueError):  # there is none, or it is "max"
            yield int(path.read_text(encoding="ascii"))


if sys.platform == "win32":
    import ctypes

    # Numbers of IsProcessorFeaturePresent; it knows no bfloat16.
    _WINDOWS_FEATURES = {"avx": 39, "avx2": 40, "avx512f": 41}

    class _MemoryStatus(ctypes.Structure):
        """MEMORYSTATUSEX of GlobalMemoryStatusEx."""

        _fields_ = [
            *(("length", ctypes.c_uint32), ("load", ctypes.c_uint32)),
            *((name, ctypes.c_uint64) for name in ("total", "free", "pages", "free_pages", "virtual", "free_virtual")),
            ("free_extended", ctypes.c_uint64),
        ]

    def _installed_memory() -> int:
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            raise ctypes.WinError()
        return status.total

    @cache
    def _processor() -> tuple[str, set[str]]:
        present = ctypes.windll.kernel32.IsProcessorFeaturePresent
        return platform.processor(), {name for name, number in _WINDOWS_FEATURES.items() if present(number)}

else:

    def _installed_memory() -> int:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

    @cache
    def _processor() -> tuple[str, set[str]]:
        read = _processor_of_a_mac if sys.platform == "darwin" else _processor_of_linux
        try:
            return read()
        except (OSError, subprocess.SubprocessError):
            return platform.processor() or platform.machine(), set()


def _processor_of_linux() -> tuple[str, set[str]]:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model, flags = re.search(r"model name\s*: (.*)", text), re.search(r"flags\s*: (.*)", text)
    return model[1] if model else platform.machine(), set(flags[1].split()) if flags else set()


def _processor_of_a_mac() -> tuple[str, set[str]]:
    """Ask `sysctl`, which knows no features of Apple's own processors, and fails of these only."""
    names = ["machdep.cpu.brand_string", "machdep.cpu.features", "machdep.cpu.leaf7_features"]
    done = subprocess.run(["/usr/sbin/sysctl", "-n", *names], capture_output=True, encoding="utf-8", timeout=10)
    model, *features = done.stdout.splitlines() or [platform.machine()]
    return model, set(" ".join(features).lower().replace("avx1.0", "avx").split())
