"""Studies: what the report says it varied, trained on equal terms, each setting with several seeds.

A study's cell is one setting with one seed. Cells are kept as they are done, and a cell that two studies share, like
the report's final network, is trained once. Each setting is compared with the first of its study, scene by scene.
"""

from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from hdrkit.ablations import pair_changes
from hdrkit.ablations.analysis import KEYS, MEASURES
from hdrkit.ablations.cells import train_and_score
from hdrkit.ablations.pair_changes import PairChange
from hdrkit.core import executors, provenance
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256, write_json, written_whole
from hdrkit.core.profiles import load_profile_as
from hdrkit.core.progress_bar import bar
from hdrkit.dataset.alignment import align
from hdrkit.dataset.crops import Crops, cut
from hdrkit.dataset.survey import Scene, Survey
from hdrkit.models.report_net import Design
from hdrkit.training.recipes import RECIPES, Recipe, TrainingBudget


@dataclass(frozen=True)
class Setting:
    """One row of a study: a recipe, and what is done to the pairs that its network learns from.

    id: what names it in tables and in the ledger, in snake_case; it never changes. label: what readers see.
    data: one of `pair_changes`. registered: whether training sees registered frames; what is scored always is.
    """

    id: str
    label: str
    recipe: Recipe = RECIPES["published"]
    data: PairChange = pair_changes.none
    registered: bool = True


# By study; each setting is compared with the first of its study. A new row is a new setting, and costs a training per
# seed; a new id for an old row makes its kept results unknown.
STUDIES: dict[str, list[Setting]] = {
    "loss": [
        Setting(id="l1_tv", label="L1 + TV"),
        Setting(id="l1", label="L1", recipe=Recipe(loss="l1")),
        Setting(id="l2", label="L2", recipe=Recipe(loss="l2")),
        Setting(id="l1_l2_tv", label="L1 + L2 + TV", recipe=Recipe(loss="l1_l2_tv")),
        Setting(id="l1_l2_half_tv", label="L1 + L2 + TV / 2, as in earlier code", recipe=Recipe(loss="l1_l2_half_tv")),
    ],
    "activation": [
        Setting(id="leaky_04", label="leaky ReLU 0.4"),
        Setting(id="leaky_03", label="leaky ReLU 0.3", recipe=Recipe(design=Design(leaky_slope=0.3))),
        Setting(id="leaky_02", label="leaky ReLU 0.2", recipe=Recipe(design=Design(leaky_slope=0.2))),
        Setting(id="relu", label="ReLU", recipe=Recipe(design=Design(leaky_slope=0.0))),
        Setting(id="relu_output", label="ReLU at the output", recipe=Recipe(design=Design(output="relu"))),
        # With biases of 0, as Keras starts them, most of these networks die; a start from grey keeps no more alive.
        Setting(
            id="relu_output_from_grey",
            label="ReLU at the output, from grey",
            recipe=Recipe(design=Design(output="relu", output_bias=0.5)),
        ),
    ],
    "skips": [
        Setting(id="6", label="6"),
        Setting(id="5", label="5", recipe=Recipe(design=Design(skips=5))),
        Setting(id="4", label="4", recipe=Recipe(design=Design(skips=4))),
        Setting(id="3", label="3", recipe=Recipe(design=Design(skips=3))),
        Setting(id="2", label="2", recipe=Recipe(design=Design(skips=2))),
        Setting(id="1", label="1", recipe=Recipe(design=Design(skips=1))),
        Setting(id="0", label="0", recipe=Recipe(design=Design(skips=0))),
    ],
    "upsampling": [
        Setting(id="transposed_3", label="transposed 3 x 3"),
        Setting(id="transposed_5", label="transposed 5 x 5", recipe=Recipe(design=Design(filter_size=5))),
        Setting(id="bilinear_3", label="bilinear, 3 x 3", recipe=Recipe(design=Design(upsampling="bilinear"))),
    ],
    "regularisation": [
        Setting(id="l2", label="L2"),
        Setting(id="none", label="none", recipe=Recipe(design=Design(decay_weight=0.0))),
        # The report gives no weight.
        Setting(id="l1", label="L1", recipe=Recipe(design=Design(decay="l1", decay_weight=1e-6))),
        Setting(id="dropout", label="dropout", recipe=Recipe(design=Design(decay_weight=0.0, dropout=0.2))),
        Setting(id="l2_dropout", label="L2 and dropout", recipe=Recipe(design=Design(dropout=0.2))),
        Setting(id="batch_norm", label="batch normalisation", recipe=Recipe(design=Design(normalisation=True))),
    ],
    "trainable_layers": [
        Setting(id="with_skip", label="those with a skip"),
        Setting(id="none", label="none", recipe=Recipe(design=Design(trained="none"))),
        Setting(id="last_block", label="the last block", recipe=Recipe(design=Design(trained="last"))),
        Setting(id="all", label="all", recipe=Recipe(design=Design(trained="all"))),
        # The last block's gradients lie below the 1e-7 that Adam adds to its denominator, so it hardly moves.
        Setting(id="with_skip_fine", label="those with a skip, epsilon 1e-12", recipe=Recipe(epsilon=1e-12)),
        Setting(
            id="last_block_fine",
            label="the last block, epsilon 1e-12",
            recipe=Recipe(design=Design(trained="last"), epsilon=1e-12),
        ),
    ],
    "pretraining": [
        Setting(id="imagenet", label="ImageNet"),
        Setting(id="random", label="random", recipe=Recipe(pretrained=False)),
    ],
    "repairs": [
        Setting(id="as_published", label="as published"),
        Setting(id="vgg_input", label="correct VGG input", recipe=Recipe(design=Design(preprocessing="imagenet"))),
        Setting(id="radiometric", label="radiometric frames", recipe=Recipe(decoding="radiometric")),
        Setting(id="dihedral8", label="eight symmetries", recipe=Recipe(symmetries="dihedral8")),
        Setting(id="all_three", label="all three", recipe=RECIPES["published_repaired"]),
        Setting(id="not_registered", label="not registered", registered=False),
    ],
    "jpeg": [
        Setting(id="not_again", label="as published"),
        Setting(id="quality_95", label="pairs through JPEG 95", data=pair_changes.jpeg_95),
        Setting(id="quality_75", label="pairs through JPEG 75", data=pair_changes.jpeg_75),
    ],
    "dataset_size": [
        Setting(id="all_crops", label="all crops"),
        Setting(id="crops_360", label="360 crops", data=pair_changes.few_crops(360)),
        Setting(id="crops_72", label="72 crops", data=pair_changes.few_crops(72)),
        Setting(id="crops_18", label="18 crops", data=pair_changes.few_crops(18)),
        Setting(id="scenes_20", label="20 scenes", data=pair_changes.few_scenes(20)),
        Setting(id="scenes_4", label="4 scenes", data=pair_changes.few_scenes(4)),
    ],
    "systems": [
        Setting(id="report_net", label="the report's network"),
        Setting(id="expandnet", label="ExpandNet", recipe=RECIPES["expandnet"]),
        Setting(id="hdrcnn", label="HDRCNN", recipe=RECIPES["hdrcnn"]),
        # A third of the picture's gradient after 120 steps; with the 1 to 100 of pix2pix (Isola et al. 2017) it is 4 %.
        Setting(id="adversarial", label="adversarial", recipe=Recipe(adversarial=0.1)),
    ],
    "leak": [
        Setting(id="by_place", label="split by place", data=pair_changes.by_place),
        Setting(id="by_scene", label="split by scene", data=pair_changes.by_scene),
    ],
}


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


def check_name(name: str) -> None:
    """Raise HdrkitError for an unknown study."""
    if name not in STUDIES:
        raise HdrkitError(f"{name}: no such study; choose one of {', '.join(STUDIES)}")


def run(
    name: str, profile: str, survey: str | Path, out: str | Path, into: str | Path, executor: Executor | None = None
) -> Path:
    """Run a study, going on where an earlier run stopped, and return <into>/<name>.csv, with its provenance beside it.

    out: the folder of caches: aligned scenes, finished cells, the training in hand. The table is written anew after
    each cell, so that it can be looked at on the way.
    An `executor`, or the one of `executors.chosen`, trains many cells at a time. Its processes must see `survey` and
    `out` under the same paths.
    Raises HdrkitError for an unknown study or profile, and as `align` and the training do.
    """
    check_name(name)
    config, out = load_config(profile), Path(out)
    opened = Survey(survey, out / "cache")
    target = Path(into) / f"{name}.csv"
    pictures = _Pictures(opened.sample(config.scenes), out / "cache", config.size)
    wanted = [(setting, seed) for seed in range(1, config.seeds + 1) for setting in STUDIES[name]]
    if executor := executor or executors.chosen(__name__):
        for setting in STUDIES[name]:
            pictures.of(setting, 1)  # aligned once, before many processes ask for them
        job = partial(_cell_by_id, name, config, opened.folder.resolve(), out.resolve())
        ids, seeds = zip(*((setting.id, seed) for setting, seed in wanted), strict=True)
        cells = executor.map(executors.elsewhere(__name__, job), ids, seeds)
    else:
        cells = (_cell(config, pictures, setting, seed, out) for setting, seed in wanted)
    rows, seconds = [], 0.0
    progress = bar(wanted, f"study {name}", unit="training")
    for (setting, seed), (scores, spent) in zip(progress, cells, strict=True):
        rows.append(scores.assign(study=name, setting=setting.id, seed=seed))
        seconds += spent
        with written_whole(target) as path:
            pd.concat(rows)[[*KEYS, *MEASURES]].round(4).to_csv(path, index=False, lineterminator="\n")
    labels = {setting.id: setting.label for setting in STUDIES[name]}
    facts: dict[str, object] = {"study": name, "settings": labels, "profile": profile, "survey": opened.name}
    facts |= {**asdict(config), "seconds": round(seconds), **provenance.facts(), "sha256": sha256(target)}
    write_json(target.with_suffix(".json"), facts)
    return target


def _cell(
    config: StudyConfig, pictures: "_Pictures", setting: Setting, seed: int, out: Path
) -> tuple[pd.DataFrame, float]:
    """Return a cell's scores and the seconds that it took, see `train_and_score`."""
    crops = pictures.of(setting, seed)
    test = crops.of("test").spread(config.test_crops)
    return train_and_score(setting.recipe, config.budget(seed), crops, test, out)


def _cell_by_id(
    name: str, config: StudyConfig, survey: Path, out: Path, setting_id: str, seed: int
) -> tuple[pd.DataFrame, float]:
    """Do a cell in another process, which knows settings by their ids only: a change of pairs cannot be sent."""
    pictures = _Pictures(Survey(survey, out / "cache").sample(config.scenes), out / "cache", config.size)
    return _cell(config, pictures, next(one for one in STUDIES[name] if one.id == setting_id), seed, out)


class _Pictures:
    """The crops of a survey, decoded once for each way that a recipe asks for."""

    def __init__(self, scenes: tuple[Scene, ...], cache: Path, size: int):
        self.scenes, self.cache, self.size = scenes, cache, size
        self.made: dict[tuple[str, bool], Crops] = {}

    def of(self, setting: Setting, seed: int) -> Crops:
        """Return the crops that a setting learns from and is scored on."""
        crops = self._cut(setting.recipe.decoding, True)
        if not setting.registered:
            from_train = (crops.split == "train")[:, None, None, None]
            crops = replace(crops, x=np.where(from_train, self._cut(setting.recipe.decoding, False).x, crops.x))
        return setting.data(crops, seed)

    def _cut(self, decoding: str, registered: bool) -> Crops:
        key = decoding, registered
        if key not in self.made:
            self.made[key] = cut(align(self.scenes, self.cache, decoding, registered=registered), self.size)
        return self.made[key]
