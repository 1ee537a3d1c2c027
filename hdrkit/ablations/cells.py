"""A cell of a study: one network, trained and scored once, and kept as a table of scores."""

import hashlib
import json
import shutil
import time
from dataclasses import asdict
from pathlib import Path

import keras
import pandas as pd

from hdrkit.ablations.analysis import MEASURES
from hdrkit.core.code_key import code_key
from hdrkit.core.files import written_whole
from hdrkit.dataset.crops import Crops
from hdrkit.evaluation import metrics, scoring
from hdrkit.training import loop, recipes
from hdrkit.training.recipes import Recipe, TrainingBudget


def train_and_score(
    recipe: Recipe, budget: TrainingBudget, crops: Crops, test: Crops, out: Path
) -> tuple[pd.DataFrame, float]:
    """Train on the train split of `crops` and score on `test`, unless that has been done.

    Returns a row for each test scene, with the measures of `analysis.MEASURES`, and the seconds that it took.
    Kept in <out>/cells. Raises HdrkitError as training does.
    """
    data = loop.digest(crops.x, crops.y, crops.target, crops.split == "train", test.x)
    made_from = [asdict(recipe), asdict(budget), data, code_key(__name__)]
    key = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:24]
    path = out / "cells" / f"{key}.csv"
    if not path.is_file():
        started = time.monotonic()
        trained = recipes.fit(recipe, crops, out / "training" / key, budget)
        table = _scores(trained.model, test, crops.of("train").spread(len(test.x)))
        with written_whole(path) as temporary:
            table = table.assign(seconds=round(time.monotonic() - started, 1))
            table.to_csv(temporary, index=False, lineterminator="\n")
        # A network is fifty megabytes, on disk and in memory; its scores are what is asked for.
        shutil.rmtree(out / "training" / key)
        keras.backend.clear_session()
    table = pd.read_csv(path, float_precision="round_trip")
    return table.drop(columns="seconds"), float(table.seconds.iloc[0])


def _scores(model: keras.Model, crops: Crops, train: Crops) -> pd.DataFrame:
    """Return the mean of each measure over the crops of each scene.

    `train_psnr_db` is of the crops that the network learned from: one number for the network, in every row.
    """
    predictions = recipes.applied(model, crops)
    table = scoring.score(predictions, crops, "published")
    truth = crops.y[crops.target]
    for name in ("ciede2000", "edge_sharpness"):
        measure = getattr(metrics, name)
        table[name] = [measure(p, t) for p, t in zip(predictions, truth, strict=True)]
    table["checkerboard"] = [metrics.checkerboard(p) for p in predictions]
    table["white"] = (predictions == 255).any(axis=-1).mean(axis=(1, 2))
    learned = scoring.score(recipes.applied(model, train), train, "published")
    table["train_psnr_db"] = learned.psnr_db.mean()
    means = table.groupby(["scene", "place"])[list(MEASURES)].mean()
    return means.assign(crops=table.groupby(["scene", "place"]).size()).reset_index()
