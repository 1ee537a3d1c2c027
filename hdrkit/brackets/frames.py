"""The files of one bracket read, and those left out that cannot help: each is named, with the reason."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import borders, results_beside
from hdrkit.brackets.camera_response import CLIPPED, NOISE
from hdrkit.brackets.coarse_alignment import shrunk
from hdrkit.brackets.frame_pairs import LEAST_ALIKE, PIXELS, FramePairs
from hdrkit.core.errors import HdrkitError
from hdrkit.images import image_files, raw

FEWEST = 0.0005  # share of values between noise and clipping that a frame needs; fewer are dust and hot pixels


class Frames(NamedTuple):
    """Frames of one size and one kind.

    paths: their files; pictures: uint8, height x width x 3, encoded; pairs: what each two of them say of each other;
    remarks: a line for each file that was left out.
    """

    paths: list[Path]
    pictures: list[np.ndarray]
    pairs: FramePairs
    remarks: list[str]


def read_frames(paths: Sequence[Path], largest: float = math.inf) -> Frames:
    """Read the files of one bracket; pictures of more than `largest` pixels are made smaller.

    Left out, with a line each: results beside their frames, by their names, files that cannot be read, frames of
    another size than most, duplicates, all black or all white frames, and those of another scene; and, with one line
    for all, pictures among raw files or the other way round (the fewer ones; another curve).
    """
    paths, results = results_beside.apart(paths)
    kept, remarks = of_one_kind(paths)
    remarks += [f"{path}: by its name made from the other frames; left out" for path in results]
    read: dict[Path, np.ndarray] = {}
    sizes: dict[Path, tuple[int, int]] = {}
    for path in kept:
        try:
            picture = _picture(path)
            sizes[path], read[path] = picture.shape[1::-1], shrunk(picture, largest)
        except HdrkitError as error:
            remarks.append(f"{error}; left out")
    read, lines = _without_borders(read)
    remarks += lines
    counts = Counter(sizes.values())
    usual = max(counts, key=lambda size: (counts[size], size), default=(0, 0))
    found: dict[Path, np.ndarray] = {}
    for path, picture in read.items():
        if reason := _useless(picture, sizes[path], usual, found):
            remarks.append(f"{path}: {reason}; left out")
        else:
            found[path] = picture
    pairs = FramePairs(list(found.values()))
    return _without_strangers(Frames(list(found), list(found.values()), pairs, remarks))


def _without_borders(pictures: dict[Path, np.ndarray]) -> tuple[dict[Path, np.ndarray], list[str]]:
    """Repeat the scene where frames have a border of one pure colour, which says nothing of its light.

    Raw frames have none: there, it is coloured light that has clipped.
    """
    if any(raw.is_raw(path) for path in pictures):
        return pictures, []
    found = {path: borders.find(picture) for path, picture in pictures.items()}
    count = sum(bool(border.any()) for border in found.values())
    if not count:
        return pictures, []
    line = (
        f"a border of one pure colour in {count} of {len(found)} frames shows nothing of the scene, "
        "whose edge is repeated there"
    )
    return {path: borders.fill(picture, found[path]) for path, picture in pictures.items()}, [line]


def _without_strangers(frames: Frames) -> Frames:
    """Leave out frames that show another scene than those next to them in brightness, as far as pixels can tell.

    Where that leaves fewer than two, nobody knows which are of one scene, and all are kept.
    """
    likeness: dict[int, list[float]] = defaultdict(list)
    for pair in frames.pairs.neighbours():
        if (found := frames.pairs.pair(*pair).likeness) is not None:
            for i in pair:
                likeness[i].append(found)
    strange = {i for i, values in likeness.items() if max(values) < LEAST_ALIKE}
    lines = [f"{frames.paths[i]}: not of one scene with the others; left out" for i in sorted(strange)]
    kept = [i for i in range(len(frames.paths)) if i not in strange]
    if strange and len(kept) < 2:
        return frames._replace(remarks=[*frames.remarks, "no two frames look alike; all are used"])
    return Frames(
        [frames.paths[i] for i in kept],
        [frames.pictures[i] for i in kept],
        frames.pairs.of(kept),
        frames.remarks + lines,
    )


def of_one_kind(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Return the raw files, or the pictures where these are more, and a line for each other file."""
    raws = [path for path in paths if raw.is_raw(path)]
    others = [path for path in paths if not raw.is_raw(path)]
    kept, dropped = (raws, others) if len(raws) >= len(others) else (others, raws)
    if not dropped:
        return kept, []
    what, among = ("picture", "raw files") if kept is raws else ("raw file", "pictures")
    named = f"{dropped[0]}: a {what}"
    if len(dropped) > 1:
        named = f"{dropped[0]} to {dropped[-1].name}: {len(dropped)} {what}s"
    return kept, [f"{named} among {among}, which another curve encodes; left out"]


def _picture(path: Path) -> np.ndarray:
    """Return a frame upright, 8 bits, RGB; raises HdrkitError where it is none."""
    picture = image_files.upright(image_files.read(path))
    if picture.dtype == np.float32:
        raise HdrkitError(f"{path}: float32 pixels; frames of a bracket have 8 or 16 bits, so convert it")
    if picture.dtype == np.uint16:
        picture = ((picture.astype(np.uint32) + 128) // 257).astype(np.uint8)
    return picture if picture.ndim == 3 else np.dstack([picture] * 3)


def _useless(
    picture: np.ndarray, size: tuple[int, int], usual: tuple[int, int], found: Mapping[Path, np.ndarray]
) -> str | None:
    """Return why a picture, of `size` as a file, cannot help those found before it, or None where it can."""
    if size == usual[::-1] and size != usual:
        return f"upright where the others lie, or the other way round ({size[0]} x {size[1]} pixels)"
    if size != usual:
        return f"{size[0]} x {size[1]} pixels, the others have {usual[0]} x {usual[1]}"
    for path, other in found.items():
        if np.array_equal(_sparse(picture), _sparse(other)) and np.array_equal(picture, other):
            return f"the same picture as {path.name}"
    if np.mean(_sparse(picture) > NOISE) < FEWEST:
        return "all black"
    if np.mean(_sparse(picture) < CLIPPED) < FEWEST:
        return "all white"
    return None


def _sparse(picture: np.ndarray) -> np.ndarray:
    """Return every pixel of a small picture, and some of a large one."""
    every = max(1, int((picture.shape[0] * picture.shape[1] / PIXELS) ** 0.5))
    return picture[::every, ::every]
