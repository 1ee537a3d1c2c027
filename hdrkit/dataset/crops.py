"""Square crops of aligned frames and their renders, as the report cut them: the unit of training and of scoring."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from hdrkit.core.progress_bar import brief

if TYPE_CHECKING:
    from hdrkit.dataset.alignment import AlignedScene


@dataclass(frozen=True)
class Crops:
    """Square crops of aligned frames, each with the crop of its scene's render.

    `x`: uint8, crops x size x size x 3. `y`: uint8, distinct render crops x size x size x 3;
    crop i's target is `y[target[i]]`. `scene`, `place`, `split`, `ev` and `crop` (0, 1 ... along the long edge)
    say where each crop comes from.
    """

    x: np.ndarray
    y: np.ndarray
    target: np.ndarray
    scene: np.ndarray
    place: np.ndarray
    split: np.ndarray
    ev: np.ndarray
    crop: np.ndarray

    def where(self, keep: np.ndarray) -> "Crops":
        """Return the crops that a boolean array (one value per crop) keeps."""
        columns = (self.scene, self.place, self.split, self.ev, self.crop)
        return Crops(self.x[keep], self.y, self.target[keep], *(column[keep] for column in columns))

    def of(self, split: str) -> "Crops":
        """Return the crops of one split."""
        return self.where(self.split == split)

    def spread(self, count: int) -> "Crops":
        """Return `count` of the crops, spread evenly; all of them for 0."""
        size = len(self.x)
        return self.where(np.isin(np.arange(size), spread(np.arange(size), count or size)))

    def metered(self) -> "Crops":
        """Return the crops of each scene's metered frame, or of the one closest to it; of two, of the first."""
        first: dict[tuple[str, int], int] = {}
        for i in np.argsort(np.abs(self.ev), kind="stable"):
            first.setdefault((self.scene[i], self.crop[i]), i)
        return self.where(np.isin(np.arange(len(self.ev)), list(first.values())))


def spread(values: np.ndarray, count: int) -> np.ndarray:
    """Return `count` of the values, spread evenly over them; all, where there are no more."""
    return values[np.linspace(0, len(values) - 1, min(count, len(values))).round().astype(int)]


def crop_offsets(long_edge: int, size: int) -> list[int]:
    """Return where the authors cut squares of `size` from a picture whose short edge is `size`.

    They tile the long edge as far as whole squares fit; the last one lies flush with the far end.

    >>> crop_offsets(336, 224)  # the two crops of a 3:2 frame, which share half of their pixels
    [0, 112]
    """
    return [*range(0, long_edge - size, size), long_edge - size]


def squares(picture: np.ndarray, size: int) -> np.ndarray:
    """Scale a picture so that its short edge is `size`, and cut it into squares.

    uint8, height x width x 3, to uint8, squares x size x size x 3.

    >>> squares(np.zeros((400, 600, 3), np.uint8), 96).shape
    (2, 96, 96, 3)
    """
    height, width = picture.shape[:2]
    short = min(height, width)
    scaled = (math.ceil(width * size / short), math.ceil(height * size / short))
    # Area averaging: the authors' bilinear sampling skips pixels when it shrinks, which turns detail into noise.
    picture = cv2.resize(picture, scaled, interpolation=cv2.INTER_AREA)
    if height <= width:
        return np.stack([picture[:, at : at + size] for at in crop_offsets(scaled[0], size)])
    return np.stack([picture[at : at + size] for at in crop_offsets(scaled[1], size)])


def cut(scenes: "Sequence[AlignedScene]", size: int) -> Crops:
    """Cut every aligned frame of `scenes`, and their references, into squares of `size` pixels."""
    x: list[np.ndarray] = []
    y: list[np.ndarray] = []
    rows: list[tuple] = []
    for scene in brief([scene for scene in scenes if len(scene.frames)], "cutting crops", unit="scene"):
        targets = squares(scene.render, size)
        for frame, ev in zip(scene.frames, scene.evs, strict=True):
            x.append(squares(frame, size))
            rows += [(len(y) + i, scene.name, scene.place, scene.split, ev, i) for i in range(len(targets))]
        y.extend(targets)
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Crops(np.concatenate(x), np.stack(y), *columns)
