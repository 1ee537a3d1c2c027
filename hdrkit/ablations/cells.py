"""A cell of a study: one network, trained and scored once, and kept as a table of scores."""

import hashlib
import json
import shutil
import sys
import time
from dataclasses import asdict
from pathlib import Path

import keras
import pandas as pd

from hdrkit.ablations.analysis import MEASURES
from hdrkit.core import tables
from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.crops import Crops
from hdrkit.evaluation import scoring
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
    if (kept := _kept(path)) is None:
        started = time.monotonic()
        trained = recipes.fit(recipe, crops, out / "training" / key, budget)
        table = _scores(trained.model, test, crops.of("train").spread(len(test.x)))
        tables.write_sealed(path, table.assign(seconds=round(time.monotonic() - started, 1)))
        keras.backend.clear_session()
        kept = tables.read_sealed(path)
    # A network is fifty megabytes, on disk and in memory; its scores are what is asked for. A kill may have left one.
    if (out / "training" / key).exists():
        shutil.rmtree(out / "training" / key)
    return kept.drop(columns="seconds"), float(kept.seconds.iloc[0])


def _kept(path: Path) -> pd.DataFrame | None:
    """Return the table of a cell that is done; None where there is none, or an altered one."""
    try:
        return tables.read_sealed(path) if path.is_file() else None
    except HdrkitError:
        print(f"hdrkit: {path}: altered since it was written; training again", file=sys.stderr)
        return None


def _scores(model: keras.Model, crops: Crops, train: Crops) -> pd.DataFrame:
    """Return the mean of each measure over the crops of each scene.

    `train_psnr_db` is of the crops that the network learned from: one number for the network, in every row.
    """
    predictions = recipes.applied(model, crops)
    table = scoring.score(predictions, crops, "published")
    artefacts = scoring.artefacts(predictions, crops.y[crops.target])
    table = table.join(artefacts.rename(columns={"sharpness of edges": "edge_sharpness", "CIEDE2000": "ciede2000"}))
    table["white"] = (predictions == 255).any(axis=-1).mean(axis=(1, 2))
    learned = scoring.score(recipes.applied(model, train), train, "published")
    table["train_psnr_db"] = learned.psnr_db.mean()
    means = table.groupby(["scene", "place"])[list(MEASURES)].mean()
    return means.assign(crops=table.groupby(["scene", "place"]).size()).reset_index()
