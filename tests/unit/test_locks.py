"""The locked versions fit pyproject.toml on every system and Python, with hashes, and name no server."""

import functools
import re
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hdrkit.core.files import DATA

ROOT = DATA.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
LOCKS = ("requirements.lock", "requirements-teach.lock")
HASH = re.compile(r" *--hash=sha256:[0-9a-f]{64}")
SYSTEMS = {
    "linux": ("linux", "posix", "Linux", "x86_64"),
    "linux-arm": ("linux", "posix", "Linux", "aarch64"),
    "mac": ("darwin", "posix", "Darwin", "arm64"),
    "windows": ("win32", "nt", "Windows", "AMD64"),
}
MACHINES = [(python, system) for python in ("3.11", "3.12", "3.13") for system in SYSTEMS]
every_machine = pytest.mark.parametrize("machine", MACHINES, ids="-".join)


@functools.cache
def entries(lock):
    """Return the requirements of a lock, each with the lines of its hashes; an option on a line of its own fails."""
    lines = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "\n").splitlines()
    found = []
    for line in (line.rstrip() for line in lines if not line.startswith("#")):
        if line.startswith(" "):
            found[-1][1].append(line)
        else:
            found.append((Requirement(line), []))
    return found


def environment(python, system):
    platform, kind, name, machine = SYSTEMS[system]
    here = {"python_version": python, "python_full_version": f"{python}.9", "platform_python_implementation": "CPython"}
    here |= {"sys_platform": platform, "os_name": kind, "platform_system": name, "platform_machine": machine}
    return here | {"implementation_name": "cpython"}


def locked(machine, locks=LOCKS):
    """Return the version of each package that the locks install on a machine."""
    here = [
        r for lock in locks for r, _ in entries(lock) if r.marker is None or r.marker.evaluate(environment(*machine))
    ]
    versions = {canonicalize_name(r.name): re.fullmatch("==([^*,]+)", str(r.specifier))[1] for r in here}
    assert len(versions) == len(here), "a package has one version on a machine"
    return versions


@every_machine
def test_what_the_kit_asks_for_is_locked_at_a_version_that_it_allows(machine):
    asked = chain(PYPROJECT["project"]["dependencies"], PYPROJECT["build-system"]["requires"], *EXTRAS.values())
    wanted = [r for r in map(Requirement, asked) if r.marker is None or r.marker.evaluate(environment(*machine))]
    versions = locked(machine)
    unfit = [str(r) for r in wanted if not r.specifier.contains(versions.get(canonicalize_name(r.name), "0"))]
    assert unfit == [], "run `make lock`"


def test_only_what_graders_need_is_in_a_lock_of_its_own():
    first, second = ({canonicalize_name(r.name) for r, _ in entries(lock)} for lock in LOCKS)
    assert not first & second and {canonicalize_name(Requirement(r).name) for r in EXTRAS["teach"]} <= second


@pytest.mark.parametrize("lock", LOCKS)
def test_every_file_is_named_by_its_hash_and_no_server_by_its_address(lock):
    assert [str(r) for r, hashes in entries(lock) if not hashes or not all(map(HASH.fullmatch, hashes))] == []
    assert [str(r) for r, _ in entries(lock) if r.url] == []
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_all_machines_compute_with_the_same_versions():
    asked = {canonicalize_name(Requirement(line).name) for line in PYPROJECT["project"]["dependencies"]}
    chosen = {(name.removesuffix("-cpu"), version) for machine in MACHINES for name, version in locked(machine).items()
              if name in asked}  # fmt: skip
    assert sorted(name for name, _ in chosen) == sorted(asked - {"tensorflow-cpu"})
