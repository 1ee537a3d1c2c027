"""Output heads under equal conditions: the same pairs, the same seconds, the same dev frames."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from tqdm import tqdm

from hdrkit.core import provenance
from hdrkit.core.code_key import code_key
from hdrkit.core.files import write_json, written_whole
from hdrkit.core.progress_bar import bar, waiting
from hdrkit.dataset.alignment import AlignedScene
from hdrkit.enhancement import synthetic_pairs
from hdrkit.enhancement.api import thumbnail
from hdrkit.enhancement.trainer import TrainConfig
from hdrkit.evaluation import metrics
from hdrkit.models import output_heads
from hdrkit.training import loop

COLUMNS = ["head", "parameters", "seconds", "steps", "scene", "place", "ev", "psnr_db"]
WARM_UP = 100  # steps
PAIRS = 10**7  # more than there is time for


def run(
    config: TrainConfig, seconds: float, dev: Sequence[AlignedScene], views: synthetic_pairs.Views, out: str | Path
) -> Path:
    """Train each of `output_heads.OUTPUT_HEADS` for `seconds` seconds and score it on the frames of `dev`.

    Returns <out>/output_heads.csv, a row for each frame, with its provenance beside it; written anew after each
    network, so that a killed run goes on with the next one. Scored on thumbnails, since not all of them know how to
    enhance a larger picture.
    """
    made_from = {
        "seconds": seconds,
        "config": asdict(config),
        "views": views.key,
        "dev": [scene.name for scene in dev],
        "code": code_key(__name__),
    }
    target = Path(out) / "output_heads.csv"
    table = _resumed(target, made_from)
    write_json(target.with_suffix(".json"), made_from | provenance.facts())
    missing = [name for name in output_heads.OUTPUT_HEADS if name not in set(table["head"])]
    for name in bar(missing, "comparing heads", unit="head"):
        keras.utils.set_random_seed(config.seed)
        model = output_heads.build(name, config.width)
        steps = train_for(model, seconds, views, config)
        with waiting(f"scoring {name}"):
            scores = pd.DataFrame(_scores(model, dev), columns=COLUMNS[4:])
        scores = scores.assign(head=name, parameters=model.count_params(), seconds=seconds, steps=steps)
        table = pd.concat([table, scores[COLUMNS]] if len(table) else [scores[COLUMNS]])
        _write(table, target)
        keras.backend.clear_session()
    return target


def _resumed(target: Path, made_from: dict) -> pd.DataFrame:
    """Return the rows of a killed run that was made from the same; else a table without rows, which is written."""
    try:
        earlier = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
        if made_from.items() <= earlier.items():
            return pd.read_csv(target)
    except (FileNotFoundError, ValueError):  # a damaged table only costs a rerun
        pass
    table = pd.DataFrame(columns=COLUMNS)
    _write(table, target)
    return table


def _write(table: pd.DataFrame, target: Path) -> None:
    with written_whole(target) as path:
        table.round(4).to_csv(path, index=False, lineterminator="\n")


def train_for(model: keras.Model, seconds: float, views: synthetic_pairs.Views, config: TrainConfig) -> int:
    """Train a network for `seconds` seconds, the learning rate falling to 0 with the clock; return the steps done."""
    loop.compile_model(model, "log_l2", config.learning_rate)
    pairs = synthetic_pairs.pairs(views, config.batch, np.random.default_rng(config.seed), PAIRS)
    with bar(total=round(seconds), desc="training", unit="s", leave=False) as shown:
        clock = _Clock(seconds, config.learning_rate, shown)
        model.fit(pairs, shuffle=False, verbose=0, callbacks=[clock])
    return clock.steps


class _Clock(keras.callbacks.Callback):
    """Lets the learning rate rise for `WARM_UP` steps, then fall as a cosine of the time, and stops in time."""

    def __init__(self, seconds: float, rate: float, shown: tqdm) -> None:
        super().__init__()
        self.seconds, self.rate, self.steps, self.shown = seconds, rate, 0, shown
        self.start: float | None = None

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        passed = 0 if self.start is None else (time.monotonic() - self.start) / self.seconds
        self.model.optimizer.learning_rate = (
            self.rate * min(1, (self.steps + 1) / WARM_UP) * (1 + np.cos(np.pi * min(1, passed))) / 2
        )

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if self.start is None:  # after the first step, which traces the network
            self.start = time.monotonic()
        self.steps += 1
        passed = time.monotonic() - self.start
        self.shown.update(min(int(passed), self.shown.total) - self.shown.n)
        if passed >= self.seconds:
            self.model.stop_training = True


def _scores(model: keras.Model, scenes: Sequence[AlignedScene]) -> list[tuple]:
    rows = []
    for scene in scenes:
        found = model.predict(np.stack([thumbnail(frame) for frame in scene.frames]), verbose=0)
        wanted = thumbnail(scene.render)[::2, ::2]
        for picture, ev in zip(found, scene.evs, strict=True):
            rows.append((scene.name, scene.place, float(ev), metrics.psnr(np.clip(picture, 0, 1), wanted, 1.0)))
    return rows
