"""Is this machine ready: Python, packages, processor, memory, disk, data, weights; and what to do if not."""

import csv
import importlib.metadata
import sys
from dataclasses import dataclass
from pathlib import Path

from hdrkit.cli.arguments import SURVEY
from hdrkit.core import provenance
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.core.registry import is_intact

RESTORE_DATA = "restore it with `git checkout -- data`, or clone the repository again"
MEMORY_GB, DISK_GB = 6, 3  # what `hdrkit reproduce --profile quick` needs


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is good, and what was found or what to do."""

    name: str
    good: bool
    found: str

    def __str__(self) -> str:
        return f"{'ok ' if self.good else 'BAD'}  {self.name:10} {self.found}"


def examine() -> list[Check]:
    """Look at everything the kit stands on."""
    return [_python(), _packages(), _processor(), _memory(), _disk(), _data(), _survey(), _network(), _weights()]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Check("python", good, version if good else f"{version}; install Python 3.11, 3.12 or 3.13")


def _packages() -> Check:
    """Compare what is installed with what pyproject.toml asks for."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in importlib.metadata.requires("hdrkit") or []]
    except importlib.metadata.PackageNotFoundError:
        return Check("packages", False, "hdrkit is not installed; run pip install -e . in its clone")
    bad = []
    for requirement in wanted:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            bad.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            bad.append(f"{requirement.name} {version} is not {requirement.specifier}")
    return Check("packages", not bad, f"{', '.join(bad)}; run pip install -e ." if bad else "as pyproject.toml asks")


def _processor() -> Check:
    machine = provenance.machine()
    speed = "trains in bfloat16" if provenance.has_bfloat16() else "trains in float32"
    return Check("processor", True, f"{machine['processor']}, {machine['cores']} cores; {speed}")


def _memory() -> Check:
    have = provenance.memory_bytes() / 2**30
    enough = have == 0 or have >= MEMORY_GB  # 0: the system does not tell
    advice = "" if enough else f"; profile quick needs {MEMORY_GB} GB, take -p batch=8"
    return Check("memory", enough, f"{have:.0f} GB{advice}")


def _disk() -> Check:
    free = provenance.free_bytes(Path("build")) / 2**30
    advice = "" if free >= DISK_GB else f"; a run needs {DISK_GB} GB, free some or choose another --out"
    return Check("disk", free >= DISK_GB, f"{free:.0f} GB free for build/{advice}")


def _data() -> Check:
    """Hold the panorama of each place against its hash in the registry."""
    try:
        names = sorted(f"{row['panorama']}.exr" for row in _rows(DATA / "places.csv"))
    except (FileNotFoundError, KeyError):
        names = []
    if not names:
        return Check("data", False, f"{DATA / 'places.csv'} is missing or damaged; {RESTORE_DATA}")
    bad = [name for name in names if not is_intact(f"panoramas/{name}", DATA / "panoramas" / name)]
    advice = f"{', '.join(bad)} missing or damaged; {RESTORE_DATA}"
    return Check("data", not bad, advice if bad else f"all {len(names)} panoramas are whole")


def _survey() -> Check:
    """Look for the embedded survey; it is no failure where it is missing, because it is made from data/.

    The folder of a scene is there whole or not at all.
    """
    advice = "`hdrkit capture` makes it in a minute, and so does `make lab`"
    try:
        scenes = [row["scene"] for row in _rows(SURVEY / "survey.csv")]
    except FileNotFoundError:
        return Check("survey", True, f"not in {SURVEY.as_posix()} yet; {advice}")
    gone = sum(not (SURVEY / scene).is_dir() for scene in scenes)
    missing = f", {gone} of them missing; {advice}" if gone else ""
    return Check("survey", True, f"{len(scenes)} scenes in {SURVEY.as_posix()}{missing}")


def _rows(table: Path) -> list[dict[str, str]]:
    with open(table, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _network() -> Check:
    """Load the kit's own network and let it look at a picture, as `hdrkit enhance` does."""
    try:
        import numpy as np

        from hdrkit.enhancement.api import predict
        from hdrkit.models.grid_spec import THUMBNAIL

        predict(np.zeros((THUMBNAIL, THUMBNAIL, 3), np.float32))
    except HdrkitError as error:
        return Check("network", False, str(error))
    except ImportError as error:
        return Check("network", False, f"{error}; run pip install -e .")
    return Check("network", True, "the kit's own weights are whole, and run")


def _weights() -> Check:
    from hdrkit.models.pretrained import cache

    path = cache() / "vgg16.npz"
    return Check("weights", True, str(path) if path.is_file() else "not here yet; hdrkit download weights fetches them")
