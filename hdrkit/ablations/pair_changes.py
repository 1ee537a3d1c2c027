"""What a study changes about the pairs: which of them a network learns from, and what happened to their pictures."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from hdrkit.dataset.augmentation import through_jpeg
from hdrkit.dataset.crops import Crops, spread

UNUSED = "unused"  # the split of crops that a network neither learns from nor is scored on
HELD_VIEWS = 3  # views per test place, in the study of leaks
# Pillow's default, and the worst case. The authors saved pairs by plt.imsave, with a version of Matplotlib that is not
# recorded: until 3.0, current in March 2019, it wrote quality 95.
JPEG_QUALITY = 75


def none(crops: Crops) -> Crops:
    """Change nothing."""
    return crops


def _train_on(crops: Crops, kept: np.ndarray) -> Crops:
    return replace(crops, split=np.where((crops.split == "train") & ~kept, UNUSED, crops.split))


def few_crops(count: int) -> Callable[[Crops], Crops]:
    """Learn from the given number of crops of all train scenes."""
    return lambda crops: _train_on(
        crops, np.isin(np.arange(len(crops.x)), spread(np.flatnonzero(crops.split == "train"), count))
    )


def few_scenes(count: int) -> Callable[[Crops], Crops]:
    """Learn from all crops of the given number of train scenes."""
    return lambda crops: _train_on(
        crops, np.isin(crops.scene, spread(np.unique(crops.scene[crops.split == "train"]), count))
    )


def _held_out(crops: Crops) -> tuple[np.ndarray, np.ndarray]:
    """Return the scenes of the test places that are scored in the study of leaks, and the others."""
    test = pd.DataFrame({"scene": crops.scene, "place": crops.place})[crops.split == "test"].drop_duplicates()
    view = test.sort_values("scene").groupby("place").cumcount()
    return test.scene[view < HELD_VIEWS].to_numpy(), test.scene[view >= HELD_VIEWS].to_numpy()


def by_place(crops: Crops) -> Crops:
    """Score some views of the test places, and learn from other places only."""
    return replace(crops, split=np.where(np.isin(crops.scene, _held_out(crops)[1]), UNUSED, crops.split))


def by_scene(crops: Crops) -> Crops:
    """Score the same views, and learn from other views of their places instead of as many train scenes."""
    leaked = _held_out(crops)[1]
    dropped = spread(np.unique(crops.scene[crops.split == "train"]), len(leaked))
    split = np.where(np.isin(crops.scene, dropped), UNUSED, crops.split)
    return replace(crops, split=np.where(np.isin(crops.scene, leaked), "train", split))


def recompressed(crops: Crops) -> Crops:
    """Learn from pairs that went through JPEG."""
    train = crops.split == "train"
    x, y = crops.x.copy(), crops.y.copy()
    x[train] = [through_jpeg(picture, JPEG_QUALITY) for picture in x[train]]
    targets = np.unique(crops.target[train])
    y[targets] = [through_jpeg(picture, JPEG_QUALITY) for picture in y[targets]]
    return replace(crops, x=x, y=y)
