"""A survey: scenes, each a bracket of frames of one view and, where there is one, its render.

One class reads the embedded survey, the Fairchild survey and a user's own folder of scene folders:

    <survey>/survey.csv                 scene, place and split of each scene (may be missing, as may the last two)
    <survey>/<Scene name>/*.DNG, *.NEF, *.jpg ...     the frames
    <survey>/<Scene name>/*Rendered.jpg               the render (may lie beside the scene's folder, or be missing)

Nothing that reads a `Survey` knows which of them it has.
"""

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.core.long_lists import some
from hdrkit.core.progress_bar import bar
from hdrkit.core.references import MADE, RENDER
from hdrkit.core.scene_names import RENDER_ENDING, plain
from hdrkit.core.vocabulary import SPLITS
from hdrkit.dataset import survey_list
from hdrkit.dataset.known_headers import KnownHeaders
from hdrkit.dataset.scene_frames import Frame, read_bracket
from hdrkit.images.raw import PICTURE_SUFFIXES, RAW_SUFFIXES

NO_FILE = "a link to nothing, or no file; left out"


@dataclass(frozen=True)
class Scene:
    """A bracket of one view: frames from dark to bright, the render if there is one, its place and split."""

    name: str
    place: str
    split: str
    frames: tuple[Frame, ...]
    render: Path | None

    @property
    def reference(self) -> str:
        """What its frames are held against: the `render`, or what the kit's `local operator` makes of them."""
        return RENDER if self.render else MADE


class Survey:
    """The scenes of a folder, and what is wrong with those that had to be left out.

    `name` is the folder's name, the key under which its numbers appear. `scenes` are sorted by name.
    `problems` holds a line for each file or scene left out, `remarks` one for each scene without render and each doubt
    about exposures. One line is enough for all folders that the survey's list lacks, and one for all that are missing.
    `cache`: a folder in which headers are kept, so that the survey opens faster the next time.
    Raises HdrkitError where the folder is missing or holds no bracket at all.

    >>> Survey("no_such_folder")
    Traceback (most recent call last):
    hdrkit.core.errors.HdrkitError: no_such_folder: no such folder; name the folder that holds one folder per scene
    """

    def __init__(self, folder: str | Path, cache: str | Path | None = None):
        self.folder = Path(folder)
        self.name = self.folder.resolve().name
        self.problems: list[str] = []
        self.remarks: list[str] = []
        if not self.folder.is_dir():
            mend = "name the folder that holds one folder per scene"
            if self.name == "embedded":
                mend = "run `hdrkit capture` in the kit's folder, which takes half a minute"
            raise HdrkitError(f"{folder}: no such folder; {mend}")
        listed = _listed_scenes(self.folder)
        folders = [path for path in sorted(self.folder.iterdir()) if _is_scene(path)]
        folders = self._in_list(folders, listed) if listed else folders
        known = KnownHeaders(cache)
        opening = bar(folders, "opening the survey", unit="scene", leave=False)
        self.scenes = tuple(scene for folder in opening if (scene := self._scene_or_problem(folder, listed, known)))
        known.keep()
        if not self.scenes:
            why = f" ({self.problems[0]})" if self.problems else ""
            raise HdrkitError(f"{folder}: no scene with two frames or more{why}; put each bracket in its own folder")
        if not any("split" in row for row in listed.values()):
            self.scenes = _split_by_place(self.scenes)

    def split(self, name: str) -> tuple[Scene, ...]:
        """Return the scenes of one split, `train`, `dev` or `test`."""
        return tuple(scene for scene in self.scenes if scene.split == name)

    def sample(self, per_split: int) -> tuple[Scene, ...]:
        """Return up to `per_split` scenes of each split, spread evenly over it; 0 means all scenes."""
        if per_split == 0:
            return self.scenes
        splits = [self.split(name) for name in SPLITS]
        return tuple(s for scenes in splits for s in scenes[:: max(1, len(scenes) // per_split)][:per_split])

    def _in_list(self, folders: list[Path], listed: dict[str, dict[str, str]]) -> list[Path]:
        """Return the folders of listed scenes; a line names the other folders, another one the scenes without any."""
        others = [path.name for path in folders if plain(path.name) not in listed]
        missing = listed.keys() - {plain(path.name) for path in folders}
        if others:
            self.problems.append(f"{self.folder}: not in the survey's list of scenes: {some(others)}; left out")
        if missing:
            names = some([row["scene"] for name, row in listed.items() if name in missing])
            self.remarks.append(f"{self.folder}: {len(missing)} of {len(listed)} listed scenes are not there: {names}")
        return [path for path in folders if plain(path.name) in listed]

    def _scene_or_problem(self, folder: Path, listed: dict[str, dict], known: KnownHeaders) -> Scene | None:
        try:
            return self._read_scene(folder, listed, known)
        except Exception as error:  # whatever is wrong with one scene, the others are opened
            self.problems.append(f"{folder}: cannot be read ({error}); left out")
            return None

    def _read_scene(self, folder: Path, listed: dict[str, dict], known: KnownHeaders) -> Scene | None:
        row = listed.get(plain(folder.name), {})
        named = [path for path in sorted(folder.iterdir()) if is_frame(path)]
        paths = [path for path in named if path.is_file()]  # to open a pipe would wait for ever
        frames, problems, remarks = read_bracket(paths, known)
        self.problems += [f"{path}: {NO_FILE}" for path in named if path not in paths] + problems
        self.remarks += [line if line.startswith(str(folder)) else f"{folder}: {line}" for line in remarks]
        if len(frames) < 2:
            self.problems.append(f"{folder}: {len(frames)} usable frame(s), a bracket needs two; left out")
            return None
        render = find_render(folder)
        if render is None:
            self.remarks.append(f"{folder}: no render (a file ending in {RENDER_ENDING}): reference made")
        place = row.get("place") or place_of(folder.name)
        return Scene(folder.name, place, row.get("split", "train"), frames, render)


def place_of(scene_name: str) -> str:
    """Return the place of a scene by its name: the name without a trailing number in parentheses."""
    return re.sub(r"\s*\(\d+\)$", "", scene_name)


def _is_scene(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def is_frame(path: Path) -> bool:
    """Tell by its name whether a file is a frame of a scene, and not its render."""
    known = path.suffix.lower() in RAW_SUFFIXES | PICTURE_SUFFIXES
    return known and not path.name.startswith(".") and not path.name.endswith(RENDER_ENDING)


def find_render(folder: Path) -> Path | None:
    """Return the render of the scene in a folder, which lies in it or beside it; None where there is none."""
    inside = sorted(folder.glob(f"*{RENDER_ENDING}"))
    wanted = plain(folder.name + RENDER_ENDING)
    beside = [path for path in folder.parent.glob(f"*{RENDER_ENDING}") if plain(path.name) == wanted]
    return next((path for path in inside + beside if path.is_file()), None)


def _listed_scenes(folder: Path) -> dict[str, dict[str, str]]:
    """Read the survey's own list of scenes; for the Fairchild survey, the list that the kit carries."""
    if (folder / survey_list.NAME).is_file():
        return {plain(row["scene"]): row for row in survey_list.read(folder / survey_list.NAME)}
    if folder.resolve().name == "fairchild":
        with open(DATA / "fairchild" / "scenes.csv", newline="", encoding="utf-8") as stream:
            return {plain(row["render"].removesuffix(RENDER_ENDING)): row for row in csv.DictReader(stream)}
    return {}


def _split_by_place(scenes: tuple[Scene, ...]) -> tuple[Scene, ...]:
    """Split by place: of every five places in alphabetical order, the third is dev and the fifth is test."""
    places = sorted({scene.place for scene in scenes})
    split = {place: ("train", "train", "dev", "train", "test")[i % 5] for i, place in enumerate(places)}
    return tuple(replace(scene, split=split[scene.place]) for scene in scenes)
