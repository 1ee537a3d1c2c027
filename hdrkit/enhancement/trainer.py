"""Train the kit's own network on synthetic pairs, and write the weights that the kit carries."""

import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from io import StringIO
from pathlib import Path

import numpy as np
import tensorflow as tf

from hdrkit.core import provenance
from hdrkit.core.code_key import code_key
from hdrkit.core.files import sha256, write_json, written_whole
from hdrkit.core.profiles import load_profile_as
from hdrkit.core.progress_bar import waiting
from hdrkit.enhancement import synthetic_pairs
from hdrkit.models import gain_grid
from hdrkit.simulation import embedded_views
from hdrkit.training import loop
from hdrkit.training.loop import Training


@dataclass(frozen=True)
class TrainConfig:
    """How long to train, a file of hdrkit/profiles/enhancement/.

    views: how many per panorama. pairs: photographs per epoch, each taken once and never again. dev_pairs: photographs
    of the dev places, scored after every epoch.
    """

    views: int
    epochs: int
    pairs: int
    dev_pairs: int
    batch: int
    learning_rate: float
    width: float
    seed: int


def load(profile: str) -> TrainConfig:
    """Read a profile of the kit's own network.

    Raises HdrkitError where there is none of that name, or it holds other parameters.
    """
    return load_profile_as(TrainConfig, profile, "enhancement")


def train(config: TrainConfig, places: Mapping[str, Path], out: str | Path) -> Training:
    """Train the network; a finished training is used again, a killed one goes on after its last epoch.

    places: panoramas by name, see `synthetic_pairs.training_panoramas`. out: the folder of the training and of
    the cached views. Raises HdrkitError as `loop.fit` and `panorama.load_panorama` do.
    """
    held = {
        v.panorama: embedded_views.panorama_path(v.panorama) for v in embedded_views.read_views() if v.split == "dev"
    }
    train_views = learned_views(config, places, out)
    dev_views = synthetic_pairs.make_views(held, config.views, config.seed, Path(out) / "cache")

    def make_epoch(epoch: int) -> tf.data.Dataset:
        rng = np.random.default_rng([config.seed, epoch])
        return synthetic_pairs.pairs(train_views, config.batch, rng, config.pairs)

    return loop.fit(
        lambda: gain_grid.build(config.width),
        make_epoch,
        synthetic_pairs.pairs(dev_views, config.batch, np.random.default_rng(config.seed), config.dev_pairs),
        Path(out) / "training" / "hdrkit",
        made_from=asdict(config) | {"train": train_views.key, "dev": dev_views.key, "code": code_key(__name__)},
        epochs=config.epochs,
        seed=config.seed,
        loss="log_l2",
        learning_rate=config.learning_rate,
        schedule="cosine",
        precision="float32",  # the grid counts light in stops, for which bfloat16 has too few digits
    )


def learned_views(config: TrainConfig, places: Mapping[str, Path], out: str | Path) -> synthetic_pairs.Views:
    """Return the views that a network learns from, kept in <out>/cache; see `train`."""
    return synthetic_pairs.make_views(places, config.views, config.seed, Path(out) / "cache")


def fingerprint(config: TrainConfig) -> dict[str, float]:
    """Return how a training by this code begins: its scores after three steps, on one view of each of the kit's places.

    Weights whose fingerprint is another, by more than rounding, were trained by other code: on other views or
    photographs, with another network, loss or schedule. A digest of the code would change with every renamed variable.
    """
    begun = replace(config, views=1, epochs=1, pairs=3 * config.batch, dev_pairs=config.batch)
    with tempfile.TemporaryDirectory() as folder:
        scores = train(begun, synthetic_pairs.training_panoramas(), folder).history.iloc[-1]
    return {name: round(float(scores[name]), 4) for name in ("loss", "psnr", "dev_loss", "dev_psnr", "dev_ssim")}


def export(trained: Training, profile: str, places: Mapping[str, Path], path: str | Path) -> None:
    """Write the part of a network that photographs need, for LiteRT in half precision, and beside it what it is.

    The description, of the same name with suffix .json: the weights' SHA-256, the configuration, its fingerprint, the
    panoramas with their SHA-256, how the training ended, commit, versions and machine.
    """
    converter = tf.lite.TFLiteConverter.from_keras_model(gain_grid.to_grid(trained.model))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]
    # Keras prints a line for each tensor.
    with written_whole(path) as temporary, waiting("converting the network"), redirect_stdout(StringIO()):
        temporary.write_bytes(converter.convert())
    with waiting("repeating the first steps, by which the weights are known again"):
        begun = fingerprint(load(profile))
    about = {
        "sha256": sha256(path),
        "parameters": trained.model.count_params(),
        "config": {"profile": profile} | asdict(load(profile)),
        "fingerprint": begun,
        "panoramas": {name: sha256(source) for name, source in places.items()},
        "last_epoch": trained.history.iloc[-1].to_dict(),
        "hours": round(trained.history.seconds.sum() / 3600, 2),
        **provenance.facts(),
    }
    write_json(Path(path).with_suffix(".json"), about)
