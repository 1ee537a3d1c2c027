"""Folders that hold the frames of one scene each, found below a folder, of any name and in any disorder."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from hdrkit.core.errors import HdrkitError
from hdrkit.core.long_lists import some
from hdrkit.core.scene_names import RENDER_ENDING
from hdrkit.dataset.survey import NO_FILE, is_frame
from hdrkit.images import kinds


class SceneFolder(NamedTuple):
    """One folder of frames: its path from the survey's folder, that path as a name, its frames sorted by name.

    problems: a line for what else is there and could have been meant as a frame.
    """

    path: Path
    name: str
    frames: list[Path]
    problems: list[str]


class Found(NamedTuple):
    """What `find` found: scenes, and a line for each folder that is none."""

    scenes: list[SceneFolder]
    problems: list[str]


def find(folder: str | Path, skipped: Collection[str | Path] = ()) -> Found:
    """Find the scenes in a folder, at any depth; a folder that holds frames is a scene, whatever lies deeper in it.

    Frames that lie in `folder` itself are one scene if no folder in it holds any. Hidden folders and those `skipped`
    are not looked at. A link may lead to a scene, but no further: it could lead anywhere. What cannot be read is named
    in `problems`.
    Raises HdrkitError where `folder` is missing, or a file.
    """
    top, skip = Path(folder), {os.path.realpath(path) for path in skipped}
    if not os.path.isdir(top):
        why = "a file, not a folder" if os.path.exists(top) else "no such folder"
        raise HdrkitError(f"{folder}: {why}; name the folder that holds one folder per scene")
    scenes: list[SceneFolder] = []
    problems: list[str] = []
    waiting, seen = [top], {str(above) for above in Path(os.path.realpath(top)).parents}
    while waiting:
        path = waiting.pop()
        if (real := os.path.realpath(path)) in skip:  # unlike `Path.resolve`, it bears links in circles
            continue
        if real in seen:
            problems.append(f"{path}: a link to a folder that is looked at already, or holds this one; left out")
            continue
        seen.add(real)
        try:
            scene, folders = _look_into(path, top)
        except OSError as error:
            problems.append(f"{path}: a folder that cannot be read ({error.strerror}); left out")
            continue
        if scene.frames:
            scenes.append(scene)
        elif not folders or os.path.islink(path):
            problems += [f"{path}: {line}" for line in scene.problems or ["no picture that is read here; left out"]]
        if path == top or not (scene.frames or os.path.islink(path)):
            waiting += reversed(folders)
    return _without_loose(Found(scenes, problems), top)


def _without_loose(found: Found, top: Path) -> Found:
    """Leave out the frames that lie beside folders of scenes."""
    if len(found.scenes) < 2 or found.scenes[0].path != top:
        return found
    loose, *scenes = found.scenes
    line = f"{top}: {len(loose.frames)} pictures beside the scenes; left out, as each bracket has a folder of its own"
    return Found(scenes, [line, *found.problems])


def _look_into(path: Path, top: Path) -> tuple[SceneFolder, list[Path]]:
    """Return what a folder holds as a scene, and the folders in it."""
    inside = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    folders = [entry for entry in inside if os.path.isdir(entry)]
    named = [entry for entry in inside if entry not in folders and is_frame(entry)]
    frames = [entry for entry in named if os.path.isfile(entry)]  # to open a pipe would wait for ever
    problems = [f"{entry.name}: {NO_FILE}" for entry in named if entry not in frames]
    others = [entry.name for entry in inside if entry not in folders and _is_another_picture(entry)]
    if others:
        problems.append(f"not read as frames: {some(others)}; convert them to JPEG, PNG or TIFF")
    name = top.resolve().name if path == top else path.relative_to(top).as_posix()
    return SceneFolder(path, name, frames, problems), folders


def _is_another_picture(path: Path) -> bool:
    return path.suffix.lower() in kinds.NAMES and not is_frame(path) and not path.name.endswith(RENDER_ENDING)
