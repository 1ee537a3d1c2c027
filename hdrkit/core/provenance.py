"""Where a number comes from: digests of code and data, versions, and the machine. Imports nothing heavy."""

import hashlib
import importlib.metadata
import platform
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from hdrkit.core.files import DATA, sha256
from hdrkit.core.machine import machine


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
        done = subprocess.run(["git", "-C", DATA.parent, *arguments], capture_output=True, encoding="utf-8", timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
