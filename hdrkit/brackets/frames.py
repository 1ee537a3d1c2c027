"""The files of one bracket read, and those left out that cannot help: each is named, with the reason."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets.camera_response import CLIPPED, NOISE
from hdrkit.brackets.frame_pairs import LEAST_ALIKE, PIXELS, FramePairs
from hdrkit.core.errors import HdrkitError
from hdrkit.images import raw

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


def read_frames(paths: Sequence[Path]) -> Frames:
    """Read the files of one bracket.

    Left out, with a line each: files that cannot be read, pictures among raw files or the other way round (the fewer
    ones; another curve), frames of another size than most, duplicates, all black or all white frames, and those of
    another scene.
    """
    kept, remarks = _of_one_kind(paths)
    read: dict[Path, np.ndarray] = {}
    for path in kept:
        try:
            read[path] = raw.decode_8bit(path)
        except HdrkitError as error:
            remarks.append(f"{error}; left out")
    sizes = Counter(picture.shape[1::-1] for picture in read.values())
    usual = max(sizes, key=lambda size: (sizes[size], size), default=(0, 0))
    found: dict[Path, np.ndarray] = {}
    for path, picture in read.items():
        if reason := _useless(picture, usual, found):
            remarks.append(f"{path}: {reason}; left out")
        else:
            found[path] = picture
    pairs = FramePairs(list(found.values()))
    return _without_strangers(Frames(list(found), list(found.values()), pairs, remarks))


def _without_strangers(frames: Frames) -> Frames:
    """Leave out frames that show another scene than those next to them in brightness, as far as pixels can tell."""
    likeness: dict[int, list[float]] = defaultdict(list)
    for pair in frames.pairs.neighbours():
        if (found := frames.pairs.pair(*pair).likeness) is not None:
            for i in pair:
                likeness[i].append(found)
    strange = {i for i, values in likeness.items() if max(values) < LEAST_ALIKE}
    lines = [f"{frames.paths[i]}: not of one scene with the others; left out" for i in sorted(strange)]
    kept = [i for i in range(len(frames.paths)) if i not in strange]
    return Frames(
        [frames.paths[i] for i in kept],
        [frames.pictures[i] for i in kept],
        frames.pairs.of(kept),
        frames.remarks + lines,
    )


def _of_one_kind(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    raws = [path for path in paths if raw.is_raw(path)]
    others = [path for path in paths if not raw.is_raw(path)]
    kept, dropped = (raws, others) if len(raws) >= len(others) else (others, raws)
    what = "a picture among raw files" if kept is raws else "a raw file among pictures"
    return kept, [f"{path}: {what}, which another curve encodes; left out" for path in dropped]


def _useless(picture: np.ndarray, usual: tuple[int, int], found: Mapping[Path, np.ndarray]) -> str | None:
    """Return why a picture cannot help those found before it, or None where it can."""
    size = picture.shape[1::-1]
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
