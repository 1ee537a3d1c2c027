"""Bring the locks in line with pyproject.toml: one version of each package, with hashes, for all systems and Pythons.

A version that is locked already stays, as long as pyproject.toml allows it; delete the locks to take the newest ones.
Needs uv and a package index; `make lock` installs uv and runs this.
"""

import os
import subprocess
import sys
import tomllib

from hdrkit.cli.checks.packages import LOCK, LOCKED, PROJECT

TEACH_LOCK = "requirements-teach.lock"
TEACH = "teach"  # the extra with an environment of its own, which sees the packages of the other one
# `fewest`: no newer versions for newer Pythons, so that all of them compute with the same libraries.
RULES = ("--universal", "--python-version=3.11", "--fork-strategy=fewest", "--generate-hashes", "--no-build")
LOOK = ("--no-annotate", "--quiet")


def main() -> None:
    """Write both locks. Raises CalledProcessError where uv, which then has said why, finds no versions that fit."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = [extra for extra in project["optional-dependencies"] if extra != TEACH]
    _lock(LOCK.name, [f"--extra={extra}" for extra in extras])
    known = [f"--no-emit-package={name}" for name, _ in LOCKED.findall(LOCK.read_text(encoding="utf-8"))]
    _lock(TEACH_LOCK, [f"--extra={TEACH}", f"--constraints={LOCK.name}", *known])


def _lock(name: str, options: list[str]) -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", PROJECT.name, "-o", name, *RULES, *LOOK, *options]
    subprocess.run(command, cwd=PROJECT.parent, check=True, env=os.environ | {"UV_CUSTOM_COMPILE_COMMAND": "make lock"})


if __name__ == "__main__":
    main()
