"""The files of one bracket read, and those left out that cannot help: each is named, with the reason."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from hdrkit.brackets import brightness_transfer, coarse_alignment
from hdrkit.brackets.camera_response import CLIPPED, NOISE
from hdrkit.core.errors import HdrkitError
from hdrkit.images import raw, srgb

FEWEST = 0.0005  # share of values between noise and clipping that a frame needs; fewer are dust and hot pixels

NEIGHBOURS = 2  # frames that a frame is compared with, brighter ones and darker ones
LEAST_ALIKE = 0.4  # correlation with one of them; frames of two scenes reach 0.3, of one scene 0.5 and more


class Frames(NamedTuple):
    """Frames of one size and one kind: `paths`, `pictures` (uint8, height x width x 3, encoded), a line for others."""

    paths: list[Path]
    pictures: list[np.ndarray]
    remarks: list[str]


def read_frames(paths: Sequence[Path], largest: float = math.inf) -> Frames:
    """Read the files of one bracket; pictures of more than `largest` pixels are made smaller.

    Left out, with a line each: files that cannot be read, pictures among raw files or the other way round (the fewer
    ones; another curve), frames of another size than most, duplicates, all black or all white frames, and those of
    another scene.
    """
    kept, remarks = _of_one_kind(paths)
    read: dict[Path, np.ndarray] = {}
    sizes: dict[Path, tuple[int, int]] = {}
    for path in kept:
        try:
            picture = _picture(path, "AHD" if largest == math.inf else "LINEAR")
            sizes[path], read[path] = picture.shape[1::-1], _shrunk(picture, largest)
        except HdrkitError as error:
            remarks.append(f"{error}; left out")
    counts = Counter(sizes.values())
    usual = max(counts, key=lambda size: (counts[size], size), default=(0, 0))
    found = Frames([], [], remarks)
    for path, picture in read.items():
        if reason := _useless(picture, sizes[path], usual, found):
            remarks.append(f"{path}: {reason}; left out")
        else:
            found.paths.append(path)
            found.pictures.append(picture)
    return _without_strangers(found)


def _without_strangers(frames: Frames) -> Frames:
    """Leave out frames that show another scene than those next to them in brightness, as far as pixels can tell."""
    order = np.argsort([picture.mean() for picture in frames.pictures], kind="stable")
    likeness: dict[int, list[float]] = defaultdict(list)
    for place, i in enumerate(order):
        for j in order[place + 1 : place + 1 + NEIGHBOURS]:
            pair = frames.pictures[i], frames.pictures[j]
            common = coarse_alignment.overlap(*pair, coarse_alignment.shift_between(*pair))
            if (found := brightness_transfer.correlation(*common)) is not None:
                likeness[i].append(found)
                likeness[j].append(found)
    strange = {i for i, values in likeness.items() if max(values) < LEAST_ALIKE}
    lines = [f"{frames.paths[i]}: not of one scene with the others; left out" for i in sorted(strange)]
    kept = [i for i in range(len(frames.paths)) if i not in strange]
    return Frames([frames.paths[i] for i in kept], [frames.pictures[i] for i in kept], frames.remarks + lines)


def _of_one_kind(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    raws = [path for path in paths if raw.is_raw(path)]
    others = [path for path in paths if not raw.is_raw(path)]
    kept, dropped = (raws, others) if len(raws) >= len(others) else (others, raws)
    what = "a picture among raw files" if kept is raws else "a raw file among pictures"
    return kept, [f"{path}: {what}, which another curve encodes; left out" for path in dropped]


def _picture(path: Path, demosaicing: str) -> np.ndarray:
    if raw.is_raw(path):
        return srgb.encode_integers(raw.decode_linear(path, demosaicing), np.uint8)
    return np.rint(raw.decode(path) * 255).astype(np.uint8)


def _shrunk(picture: np.ndarray, largest: float) -> np.ndarray:
    scale = (largest / (picture.shape[0] * picture.shape[1])) ** 0.5
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture


def _useless(picture: np.ndarray, size: tuple[int, int], usual: tuple[int, int], found: Frames) -> str | None:
    """Return why a picture, of `size` as a file, cannot help those found before it, or None where it can."""
    if size == usual[::-1] and size != usual:
        return f"upright where the others lie, or the other way round ({size[0]} x {size[1]} pixels)"
    if size != usual:
        return f"{size[0]} x {size[1]} pixels, the others have {usual[0]} x {usual[1]}"
    for path, other in zip(found.paths, found.pictures, strict=True):
        if np.array_equal(picture, other):
            return f"the same picture as {path.name}"
    if np.mean(picture > NOISE) < FEWEST:
        return "all black"
    if np.mean(picture < CLIPPED) < FEWEST:
        return "all white"
    return None
