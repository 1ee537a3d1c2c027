"""What a study changes about the pairs: which of them a network learns from, and what happened to their pictures."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from hdrkit.dataset.augmentation import through_jpeg
from hdrkit.dataset.crops import Crops

UNUSED = "unused"  # the split of crops that a network neither learns from nor is scored on
HELD_VIEWS = 3  # views per test place, in the study of leaks

# From crops and the seed of a training to the crops that it learns from. What is drawn is drawn for each seed anew, so
# that no single draw decides.
PairChange = Callable[[Crops, int], Crops]


def none(crops: Crops, _seed: int) -> Crops:
    """Change nothing."""
    return crops


def _train_on(crops: Crops, kept: np.ndarray) -> Crops:
    return replace(crops, split=np.where((crops.split == "train") & ~kept, UNUSED, crops.split))


def _drawn(values: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Return `count` of the values, drawn by the seed; all, where there are no more."""
    return np.random.default_rng(seed).permutation(values)[:count]


def few_crops(count: int) -> PairChange:
    """Learn from the given number of crops of all train scenes."""

    def change(crops: Crops, seed: int) -> Crops:
        drawn = _drawn(np.flatnonzero(crops.split == "train"), count, seed)
        return _train_on(crops, np.isin(np.arange(len(crops.x)), drawn))

    return change


def few_scenes(count: int) -> PairChange:
    """Learn from all crops of the given number of train scenes."""

    def change(crops: Crops, seed: int) -> Crops:
        return _train_on(crops, np.isin(crops.scene, _drawn(_train_scenes(crops), count, seed)))

    return change


def _train_scenes(crops: Crops) -> np.ndarray:
    return np.unique(crops.scene[crops.split == "train"])


def _held_out(crops: Crops) -> tuple[np.ndarray, np.ndarray]:
    """Return the scenes of the test places that are scored in the study of leaks, and the others."""
    test = pd.DataFrame({"scene": crops.scene, "place": crops.place})[crops.split == "test"].drop_duplicates()
    view = test.sort_values("scene").groupby("place").cumcount()
    return test.scene[view < HELD_VIEWS].to_numpy(), test.scene[view >= HELD_VIEWS].to_numpy()


def by_place(crops: Crops, _seed: int) -> Crops:
    """Score some views of the test places, and learn from other places only."""
    return replace(crops, split=np.where(np.isin(crops.scene, _held_out(crops)[1]), UNUSED, crops.split))


def by_scene(crops: Crops, seed: int) -> Crops:
    """Score the same views, and learn from other views of their places instead of as many train scenes."""
    leaked = _held_out(crops)[1]
    dropped = _drawn(_train_scenes(crops), len(leaked), seed)
    split = np.where(np.isin(crops.scene, dropped), UNUSED, crops.split)
    return replace(crops, split=np.where(np.isin(crops.scene, leaked), "train", split))


SCORED_ON_FEWER = by_place, by_scene


def jpeg_95(crops: Crops, _seed: int) -> Crops:
    """Learn from pairs that went through JPEG, as the authors very probably wrote it.

    They saved pairs by plt.imsave, with a version of Matplotlib that is not recorded. Until 3.0, current in March 2019,
    it wrote quality 95.
    """
    return _recompressed(crops, 95)


def jpeg_75(crops: Crops, _seed: int) -> Crops:
    """Learn from pairs that went through JPEG at Pillow's default, which plt.imsave took since: the worst case."""
    return _recompressed(crops, 75)


def _recompressed(crops: Crops, quality: int) -> Crops:
    train = crops.split == "train"
    x, y = crops.x.copy(), crops.y.copy()
    x[train] = [through_jpeg(picture, quality) for picture in x[train]]
    targets = np.unique(crops.target[train])
    y[targets] = [through_jpeg(picture, quality) for picture in y[targets]]
    return replace(crops, x=x, y=y)
