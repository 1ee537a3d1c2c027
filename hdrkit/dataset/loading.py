"""What a notebook works on: its survey, opened or made, the crops that a network learns from, and the scored ones.

A survey of a few brackets is too small to train on. It borrows the embedded survey's train and dev scenes, and all of
its own scenes are test scenes.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hdrkit.core import references
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import EMBEDDED
from hdrkit.core.vocabulary import SPLITS
from hdrkit.dataset.alignment import AlignedScene, align
from hdrkit.dataset.crops import Crops, cut
from hdrkit.dataset.survey import Scene, Survey
from hdrkit.simulation.on_demand import capture_if_embedded

# In the study `dataset_size`, a network that learns from 4 scenes loses 0.7 dB, one from 20 scenes a third of that.
LEAST_TRAIN_SCENES = 20


def open_survey(folder: str | Path, scenes: int = 0, out: str | Path | None = None) -> Survey:
    """Open a survey of which `scenes` scenes per split are asked for, 0 for all.

    Where scenes have no render, the figures and tables in the folder `out` of a run will say so. <out>/cache keeps what
    makes it open faster the next time.

    One named `embedded` is captured first, unless it is there already. All scenes of a survey that is too small to
    train on (see `is_trainable`) are test scenes.
    Raises HdrkitError as `embedded_survey.capture` and `Survey` do.
    """
    capture_if_embedded(folder)
    survey = Survey(folder, cache=None if out is None else Path(out) / "cache")
    if not is_trainable(survey, scenes):
        survey.scenes = tuple(replace(scene, split="test") for scene in survey.scenes)
    if out is not None:
        _keep_references(survey, scenes, out)
    return survey


def _keep_references(survey: Survey, scenes: int, out: str | Path) -> None:
    """Keep for a run what its frames are held against, and say it to the reader where the kit made some of it."""
    asked = survey.sample(scenes)
    references.keep(out, survey.name, sum(scene.reference == references.MADE for scene in asked), len(asked))
    if note := references.note(out):
        print(note)


def is_trainable(survey: Survey, scenes: int = 0) -> bool:
    """Tell whether a survey has scenes in each split, and enough train scenes among them.

    Enough are 20, or `scenes` where fewer than that are asked for.
    """
    counts = {split: len(survey.split(split)) for split in SPLITS}
    return min(counts.values()) > 0 and counts["train"] >= min(LEAST_TRAIN_SCENES, scenes or LEAST_TRAIN_SCENES)


def training_survey(survey: Survey, scenes: int = 0) -> Survey:
    """Return the survey that a network learns from: the survey itself, or the embedded one where it is too small."""
    return survey if is_trainable(survey, scenes) else open_survey(EMBEDDED)


@dataclass(frozen=True)
class Dataset:
    """What a network is trained and scored on.

    training: crops; it learns from the train split, and is scored on the dev split after each epoch.
    scored: the crops it is scored on in the end. trained_on: the name of the survey that `training` is cut from.
    """

    training: Crops
    scored: Crops
    trained_on: str


def load(survey: Survey, scenes: int, size: int, cache: str | Path, decoding: str = "radiometric") -> Dataset:
    """Align the scenes of a survey, `scenes` per split (0: all), and cut their crops, `size` pixels wide.

    Scored are all dev and test scenes and every third train scene. decoding: see `align`, whose errors are raised.
    """
    own = cut(align(survey.sample(scenes), cache, decoding), size)
    source = training_survey(survey, scenes)
    training = own if source is survey else cut(align(source.sample(scenes), cache, decoding), size)
    scored = own.where(np.isin(own.scene, sorted(scored_scenes(own.scene, own.split))))
    return Dataset(training, scored, source.name)


def scored_scenes(names: Iterable[str], splits: Iterable[str]) -> set[str]:
    """Return the names of all dev and test scenes and of every third train scene, given the name and split of each."""
    split_of = dict(zip(names, splits, strict=True))
    train = sorted(name for name, split in split_of.items() if split == "train")
    return {name for name, split in split_of.items() if split != "train"} | set(train[::3])


def first_usable(scenes: Sequence[Scene], cache: str | Path) -> AlignedScene:
    """Align the first scene of which frames can be used. Raises HdrkitError where there is none such."""
    for scene in scenes:
        with suppress(HdrkitError):
            return align([scene], cache)[0]
    raise HdrkitError("no frame of any scene could be aligned; see `hdrkit survey FOLDER`")


def pick(aligned: Sequence[AlignedScene], split: str) -> list[AlignedScene]:
    """Return the scenes of a split, or all scenes where it has none: a small survey has test scenes only."""
    return [scene for scene in aligned if scene.split == split] or list(aligned)
