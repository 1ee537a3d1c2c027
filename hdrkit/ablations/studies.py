"""Studies: what the report says it varied, trained on equal terms, each setting with several seeds.

A study's cell is one setting with one seed. Cells are kept as they are done, and a cell that two studies share, like
the report's final network, is trained once. Each setting is compared with the first of its study, scene by scene.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hdrkit.ablations.analysis import KEYS, MEASURES
from hdrkit.ablations.cells import train_and_score
from hdrkit.core import provenance
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import write_json, written_whole
from hdrkit.core.parameters import load_profile_as
from hdrkit.core.progress_bar import bar
from hdrkit.dataset.alignment import align
from hdrkit.dataset.augmentation import through_jpeg
from hdrkit.dataset.crops import Crops, cut, spread
from hdrkit.dataset.survey import Scene, Survey
from hdrkit.models.report_net import Design
from hdrkit.training.recipes import RECIPES, Recipe, TrainingBudget

UNUSED = "unused"  # the split of crops that a network neither learns from nor is scored on
HELD_VIEWS = 3  # views per test place, in the study of leaks
# Pillow's default, and the worst case. The authors saved pairs by plt.imsave, with a version of Matplotlib that is not
# recorded: until 3.0, current in March 2019, it wrote quality 95.
JPEG_QUALITY = 75


def _all(crops: Crops) -> Crops:
    return crops


def _train_on(crops: Crops, kept: np.ndarray) -> Crops:
    return replace(crops, split=np.where((crops.split == "train") & ~kept, UNUSED, crops.split))


def _few_crops(count: int) -> Callable[[Crops], Crops]:
    """Learn from `count` crops of all train scenes."""
    return lambda crops: _train_on(
        crops, np.isin(np.arange(len(crops.x)), spread(np.flatnonzero(crops.split == "train"), count))
    )


def _few_scenes(count: int) -> Callable[[Crops], Crops]:
    """Learn from all crops of `count` train scenes."""
    return lambda crops: _train_on(
        crops, np.isin(crops.scene, spread(np.unique(crops.scene[crops.split == "train"]), count))
    )


def _held_out(crops: Crops) -> tuple[np.ndarray, np.ndarray]:
    """Return the scenes of the test places that are scored in the study of leaks, and the others."""
    test = pd.DataFrame({"scene": crops.scene, "place": crops.place})[crops.split == "test"].drop_duplicates()
    view = test.sort_values("scene").groupby("place").cumcount()
    return test.scene[view < HELD_VIEWS].to_numpy(), test.scene[view >= HELD_VIEWS].to_numpy()


def _by_place(crops: Crops) -> Crops:
    """Score some views of the test places, and learn from other places only."""
    return replace(crops, split=np.where(np.isin(crops.scene, _held_out(crops)[1]), UNUSED, crops.split))


def _by_scene(crops: Crops) -> Crops:
    """Score the same views, and learn from other views of their places instead of as many train scenes."""
    leaked = _held_out(crops)[1]
    dropped = spread(np.unique(crops.scene[crops.split == "train"]), len(leaked))
    split = np.where(np.isin(crops.scene, dropped), UNUSED, crops.split)
    return replace(crops, split=np.where(np.isin(crops.scene, leaked), "train", split))


def _recompressed(crops: Crops) -> Crops:
    """Learn from pairs that went through JPEG."""
    learned = crops.split == "train"
    x, y = crops.x.copy(), crops.y.copy()
    x[learned] = [through_jpeg(picture, JPEG_QUALITY) for picture in x[learned]]
    targets = np.unique(crops.target[learned])
    y[targets] = [through_jpeg(picture, JPEG_QUALITY) for picture in y[targets]]
    return replace(crops, x=x, y=y)


@dataclass(frozen=True)
class Setting:
    """A recipe, what is done to the crops' splits or to the pictures that are learned from, and whether training
    sees registered frames; what is scored is always registered."""

    recipe: Recipe = RECIPES["published"]
    data: Callable[[Crops], Crops] = _all
    registered: bool = True


def _network(**design: Any) -> Setting:
    return Setting(Recipe(design=Design(**design)))


STUDIES: dict[str, dict[str, Setting]] = {
    "loss": {"L1 + TV": Setting()} | {
        name: Setting(Recipe(loss=loss)) for name, loss in {"L1": "l1", "L2": "l2", "L1 + L2 + TV": "l1_l2_tv"}.items()
    },
    "activation": {"leaky ReLU 0.4": Setting()} | {
        f"leaky ReLU {slope}": _network(leaky_slope=slope) for slope in (0.3, 0.2)
    } | {"ReLU": _network(leaky_slope=0.0), "ReLU at the output": _network(output="relu")},
    "skips": {"6": Setting()} | {str(count): _network(skips=count) for count in range(5, -1, -1)},
    "upsampling": {
        "transposed 3 x 3": Setting(),
        "transposed 5 x 5": _network(filter_size=5),
        "bilinear, 3 x 3": _network(upsampling="bilinear"),
    },
    "regularisation": {
        "L2": Setting(),
        "none": _network(decay_weight=0.0),
        "L1": _network(decay="l1", decay_weight=1e-6),  # the report gives no weight
        "dropout": _network(decay_weight=0.0, dropout=0.2),  # after each skip; the authors': after every decoder layer
        "L2 and dropout": _network(dropout=0.2),
        "batch normalisation": _network(normalisation=True),
    },
    "trainable_layers": {
        "those with a skip": Setting(),
        "none": _network(trained="none"),
        "the last block": _network(trained="last"),
        "all": _network(trained="all"),
    },
    "pretraining": {"ImageNet": Setting(), "random": Setting(Recipe(pretrained=False))},
    "repairs": {
        "as published": Setting(),
        "correct VGG input": _network(preprocessing="imagenet"),
        "radiometric frames": Setting(Recipe(decoding="radiometric")),
        "eight symmetries": Setting(Recipe(symmetries="dihedral8")),
        "all three": Setting(RECIPES["published_repaired"]),
        "pairs through JPEG": Setting(data=_recompressed),
        "not registered": Setting(registered=False),
    },
    "dataset_size": {"all crops": Setting()}
    | {f"{count} crops": Setting(data=_few_crops(count)) for count in (360, 72, 18)}
    | {f"{count} scenes": Setting(data=_few_scenes(count)) for count in (20, 4)},
    "systems": {
        "the report's network": Setting(),
        "ExpandNet": Setting(RECIPES["expandnet"]),
        "HDRCNN": Setting(RECIPES["hdrcnn"]),
        # A third of the picture's gradient after 120 steps; with the 1 to 100 of pix2pix (Isola et al. 2017) it is 4 %.
        "adversarial": Setting(Recipe(adversarial=0.1)),
    },
    "leak": {"split by place": Setting(data=_by_place), "split by scene": Setting(data=_by_scene)},
}  # fmt: skip


@dataclass(frozen=True)
class StudyConfig:
    """How large a study is: a file of hdrkit/profiles/studies/. `scenes` per split and `test_crops`: 0 means all."""

    size: int
    scenes: int
    seeds: int
    pairs: int
    batch: int
    learning_rate: float
    schedule: str
    width: float
    test_crops: int

    def budget(self, seed: int) -> TrainingBudget:
        """Return the budget of one training: a single epoch, since nothing is scored in between."""
        return TrainingBudget(1, self.batch, self.learning_rate, self.schedule, self.pairs, 1, self.width, seed)


def load_config(profile: str) -> StudyConfig:
    """Read a profile of studies; raises HdrkitError where there is none of that name, or it holds other parameters."""
    return load_profile_as(StudyConfig, profile, "studies")


def run(name: str, profile: str, survey: str | Path, out: str | Path, into: str | Path) -> Path:
    """Run a study, going on where an earlier run stopped, and return <into>/<name>.csv, with its provenance beside it.

    out: the folder of caches: prepared scenes, finished cells, the training in hand. The table is written anew after
    each cell, so that it can be looked at on the way.
    Raises HdrkitError for an unknown study or profile, and as preparation and training do.
    """
    if name not in STUDIES:
        raise HdrkitError(f"{name}: no such study; choose one of {', '.join(STUDIES)}")
    config, opened, out = load_config(profile), Survey(survey), Path(out)
    target = Path(into) / f"{name}.csv"
    pictures = _Pictures(opened.sample(config.scenes), out / "cache", config.size)
    wanted = [(setting, seed) for seed in range(1, config.seeds + 1) for setting in STUDIES[name]]
    rows, seconds = [], 0.0
    for label, seed in bar(wanted, f"study {name}"):
        setting = STUDIES[name][label]
        crops = pictures.of(setting)
        test = crops.of("test").spread(config.test_crops)
        scores, spent = train_and_score(setting.recipe, config.budget(seed), crops, test, out)
        rows.append(scores.assign(study=name, setting=label, seed=seed))
        seconds += spent
        with written_whole(target) as path:
            pd.concat(rows)[[*KEYS, *MEASURES]].round(4).to_csv(path, index=False, lineterminator="\n")
    facts: dict[str, object] = {
        "study": name,
        "settings": list(STUDIES[name]),
        "profile": profile,
        "survey": opened.name,
    }
    facts |= {"survey": opened.name, **asdict(config), "seconds": round(seconds), **provenance.facts()}
    write_json(target.with_suffix(".json"), facts)
    return target


class _Pictures:
    """The crops of a survey, decoded once for each way that a recipe asks for."""

    def __init__(self, scenes: tuple[Scene, ...], cache: Path, size: int):
        self.scenes, self.cache, self.size = scenes, cache, size
        self.made: dict[tuple[str, bool], Crops] = {}

    def of(self, setting: Setting) -> Crops:
        """Return the crops that a setting learns from and is scored on."""
        crops = self._cut(setting.recipe.decoding, True)
        if not setting.registered:
            learned = (crops.split == "train")[:, None, None, None]
            crops = replace(crops, x=np.where(learned, self._cut(setting.recipe.decoding, False).x, crops.x))
        return setting.data(crops)

    def _cut(self, decoding: str, registered: bool) -> Crops:
        key = decoding, registered
        if key not in self.made:
            self.made[key] = cut(align(self.scenes, self.cache, decoding, registered=registered), self.size)
        return self.made[key]
