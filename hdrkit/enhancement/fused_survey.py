"""Fuse every bracket of a survey, and keep count of how that went: what `hdrkit survey --fuse` does."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hdrkit.core.errors import in_one_line
from hdrkit.core.files import write_json
from hdrkit.core.progress_bar import bar, waiting
from hdrkit.dataset.scene_folders import SceneFolder
from hdrkit.enhancement import file_names
from hdrkit.enhancement.bracket_files import BracketOptions, fuse_into

METHOD = "mertens"
RECORD = "fused.json"  # of each scene: its frames, remarks


class Fusion(NamedTuple):
    """One bracket: the picture that it became, None where it could not be fused; and a line for each doubt."""

    picture: Path | None
    remarks: list[str]


def fuse_all(scenes: Sequence[SceneFolder], out: str | Path) -> list[Fusion]:
    """Fuse each scene by Mertens' method into a JPEG in the folder `out`, named after the scene.

    The record beside them keeps each scene's remarks. So the same call after an interruption makes the rest and comes
    to the same count; a picture whose scene has other frames now is made again. One bad bracket never stops the others.
    """
    out, kept = Path(out), 0
    record, found = _record(out), []
    for scene in bar(scenes, "fusing", unit="scene"):
        target = _target(scene, out)
        known, frames = record.get(scene.name), [path.name for path in scene.frames]
        if known and known["frames"] == frames and target.is_file():
            kept += 1
            found.append(Fusion(target, known["remarks"]))
            continue
        with waiting(scene.name):
            found.append(_fused(scene, target))
        if found[-1].picture:
            record[scene.name] = {"frames": frames, "remarks": found[-1].remarks}
            write_json(out / RECORD, record)
    if kept:
        print(f"hdrkit: {kept} pictures were there already and kept; remove {out} to make them anew", file=sys.stderr)
    return found


def _record(out: Path) -> dict[str, dict]:
    try:
        kept = json.loads((out / RECORD).read_text(encoding="utf-8"))
        return {name: {key: list(known[key]) for key in ("frames", "remarks")} for name, known in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError, KeyError):  # none there, or not by us: all is made
        return {}


def _target(scene: SceneFolder, out: Path) -> Path:
    *folders, last = scene.name.split("/")
    return out.joinpath(*folders, file_names.name(last, f"_{METHOD}.jpg"))


def _fused(scene: SceneFolder, target: Path) -> Fusion:
    try:
        return Fusion(target, fuse_into({"picture": target}, scene.frames, BracketOptions(METHOD)))
    except Exception as error:  # from a decoder, or for lack of memory: the others are still fused
        return Fusion(None, [in_one_line(error)])
