"""Are the files that come with the kit here and whole: panoramas, tables, its own weights; and the embedded survey?"""

import csv
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from hdrkit.cli.arguments import SURVEY
from hdrkit.cli.checks.check import BAD, NOTE, OK, WARNING, Check
from hdrkit.cli.checks.child import Child
from hdrkit.core.files import DATA, PACKAGE, sha256
from hdrkit.core.registry import HASHES, is_intact

TABLES = (
    *("places.csv", "views.csv", "fairchild/scenes.csv"),
    *(f"reported/{name}.csv" for name in ("claims", "figures", "findings", "numbers", "readings", "sources")),
    *("reported/table1.csv", "reported/table2.csv"),
)
ADDRESSES = "downloads.toml"
WEIGHTS = PACKAGE / "enhancement" / "weights" / "hdrkit.tflite"
MISSING, POINTER, DAMAGED = "missing", "a pointer of git-LFS in place of the file", "damaged"
POINTS = b"version https://git-lfs"
SECONDS = 60
TRY_WEIGHTS = """
import sys, numpy
from hdrkit.core.errors import HdrkitError
from hdrkit.enhancement.api import predict
from hdrkit.models.grid_spec import THUMBNAIL
try:
    predict(numpy.zeros((THUMBNAIL, THUMBNAIL, 3), numpy.float32))
except HdrkitError as error:
    sys.exit(str(error))
"""


def data() -> Check:
    """Hold each panorama against its hash in the registry, and read each table and the addresses of downloads."""
    if not DATA.is_dir():
        advice = "clone the kit's repository, and install hdrkit from there with pip install -e ."
        return Check("data", BAD, f"there is no {DATA}", advice)
    registered = {name for name in HASHES if name.startswith("panoramas/")}
    panoramas = sorted(registered | _panoramas_of_places())
    faults = {name: _fault(DATA / name, is_intact(name, DATA / name)) for name in panoramas}
    faults |= {name: _fault(DATA / name, _is_table(DATA / name)) for name in TABLES}
    faults[ADDRESSES] = _fault(DATA / ADDRESSES, _is_toml(DATA / ADDRESSES))
    if any(faults.values()):
        return Check("data", BAD, _summary(faults), _restore(faults, "data"))
    found = f"all {len(panoramas)} panoramas, {len(TABLES)} tables and the addresses of downloads are whole"
    return Check("data", OK, found)


def start_weights() -> Child:
    """Let the kit's own network look at a picture, as `hdrkit enhance` does; in a process of its own."""
    return Child(TRY_WEIGHTS)


def weights(trial: Child) -> Check:
    """Hold the kit's own weights against their noted hash, and wait for the trial that `start_weights` began."""
    note = WEIGHTS.with_suffix(".json")
    faults = {note.name: _fault(note, (expected := _noted_hash(note)) is not None)}
    faults[WEIGHTS.name] = _fault(WEIGHTS, not faults[note.name] and WEIGHTS.is_file() and sha256(WEIGHTS) == expected)
    if any(faults.values()):
        return Check("weights", BAD, _summary(faults), _restore(faults, "hdrkit/enhancement/weights"))
    _, failure = trial.answer(SECONDS)
    if failure:
        return Check("weights", BAD, f"the kit's own are whole, but do not run ({failure})", "mend the packages first")
    return Check("weights", OK, "the kit's own are whole, and run")


def survey() -> Check:
    """Look for the embedded survey; it is no failure where it is missing, because it is made from data/.

    The folder of a scene is there whole or not at all.
    """
    name = SURVEY.as_posix()
    advice = "`hdrkit capture` makes it in a minute, and so does `make lab`"
    try:
        scenes = [row["scene"] for row in _rows(SURVEY / "survey.csv")]
    except FileNotFoundError:
        return Check("survey", NOTE, f"not in {name} yet", advice)
    except (OSError, ValueError, KeyError, csv.Error):
        return Check("survey", WARNING, f"{name}/survey.csv is damaged", advice)
    if gone := sum(not (SURVEY / scene).is_dir() for scene in scenes):
        return Check("survey", NOTE, f"{len(scenes)} scenes in {name}, {gone} of them missing", advice)
    return Check("survey", OK, f"{len(scenes)} scenes in {name}")


def _panoramas_of_places() -> set[str]:
    if not _is_table(DATA / "places.csv"):  # which is a fault of its own
        return set()
    return {f"panoramas/{row.get('panorama')}.exr" for row in _rows(DATA / "places.csv")}


def _fault(path: Path, intact: bool) -> str:
    """Return what is wrong with a file that is or is not as it should be."""
    if intact:
        return ""
    try:
        with open(path, "rb") as stream:
            return POINTER if stream.read(len(POINTS)) == POINTS else DAMAGED
    except FileNotFoundError:
        return MISSING
    except OSError as error:
        return f"not readable ({error.strerror})"


def _summary(faults: Mapping[str, str]) -> str:
    """Return names by their fault: "a.exr and b.exr missing, c.csv damaged"."""
    kinds = dict.fromkeys(filter(None, faults.values()))
    return ", ".join(f"{' and '.join(name for name in faults if faults[name] == kind)} {kind}" for kind in kinds)


def _restore(faults: Mapping[str, str], folder: str) -> str:
    if POINTER in faults.values():
        return "run `git lfs pull`"
    return f"restore it with `git checkout -- {folder}`, or clone the repository again"


def _is_table(path: Path) -> bool:
    """Tell whether a file is a table of text: a header and rows that are as long."""
    try:
        rows = _rows(path)
    except (OSError, ValueError, csv.Error):
        return False
    return bool(rows) and not any(None in row or None in row.values() for row in rows)


def _is_toml(path: Path) -> bool:
    """Tell whether a file is one of names and values."""
    try:
        return bool(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def _rows(table: Path) -> list[dict[str, str]]:
    with open(table, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _noted_hash(note: Path) -> str | None:
    try:
        return json.loads(note.read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
