"""Recipes: which network, fed how, trained on which pairs with which loss; one name for each row of the tables."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from hdrkit.core.code_key import code_key
from hdrkit.core.files import written_whole
from hdrkit.core.progress_bar import bar
from hdrkit.dataset.augmentation import evaluation_pairs, training_pairs
from hdrkit.dataset.crops import Crops
from hdrkit.models import expandnet, hdrcnn, patchgan, report_net
from hdrkit.models.pretrained import Weights, vgg16_weights
from hdrkit.models.report_net import Design
from hdrkit.training import loop, losses
from hdrkit.training.adversarial import Adversarial
from hdrkit.training.loop import Training, Watch, nobody


@dataclass(frozen=True)
class Recipe:
    """How a network is made; the defaults are the report's final model.

    architecture: one of `ARCHITECTURES`. decoding: how its frames are decoded, see `raw.decode`. symmetries: how its
    pairs are turned, see `augmentation.SYMMETRIES`. loss: a name in `losses.WEIGHTS`. adversarial: the weight of a
    discriminator's verdict beside that loss, see `adversarial.Adversarial`; 0 is for none. epsilon: what Adam adds to
    its denominator; gradients far below it move nothing, and Keras's default is 1e-7. design: variant of the
    report's network; other architectures have none. pretrained: whether the encoder starts from ImageNet's weights,
    or from random ones.
    """

    architecture: str = "report_net"
    decoding: str = "libraw_default"
    symmetries: str = "report7"
    loss: str = "l1_tv"
    adversarial: float = 0.0
    epsilon: float = 1e-7
    design: Design = report_net.FINAL
    pretrained: bool = True


RECIPES = {
    "published": Recipe(),
    "published_repaired": Recipe(
        decoding="radiometric", symmetries="dihedral8", design=Design(preprocessing="imagenet")
    ),
    # The systems that the report builds on, trained on its own pairs. Their authors took small steps for days, Adam at
    # 0.00007 (ExpandNet) and 0.00005 (HDRCNN); a budget here has one learning rate, and it is the same for all.
    "expandnet": Recipe(architecture="expandnet", loss="expandnet", pretrained=False),
    "hdrcnn": Recipe(architecture="hdrcnn", loss="hdrcnn"),
}


@dataclass(frozen=True)
class TrainingBudget:
    """How long a network is trained, and how wide it is: a profile's part of a training.

    `schedule` of the learning rate is `constant`, as in the report, or `cosine` (see `loop.fit`).
    `pairs` > 0 takes that many pairs per epoch instead of all, and `dev_crops` > 0 that many dev crops, spread evenly,
    for the score after each epoch. Below `width` 1 the encoder starts from random weights,
    because ImageNet's do not fit; that is for tests of the code, and says nothing about the report.
    """

    epochs: int
    batch: int
    learning_rate: float
    schedule: str = "constant"
    pairs: int = 0
    dev_crops: int = 0
    width: float = 1.0
    seed: int = 1


def train(name: str, crops: Crops, out: str | Path, budget: TrainingBudget, watch: Watch = nobody) -> Training:
    """Train a recipe's network on the train split of `crops`, score it on the dev split after each epoch.

    The crops are to be decoded as the recipe says: `align(..., decoding=RECIPES[name].decoding)`.
    Everything is kept in <out>/training/<name>; a finished training is read from there, an interrupted one goes on.
    `watch`: see `loop.fit`. Raises HdrkitError as `loop.fit` and `pretrained.vgg16_weights` do.
    """
    return fit(RECIPES[name], crops, Path(out) / "training" / name, budget, watch)


def fit(recipe: Recipe, crops: Crops, folder: Path, budget: TrainingBudget, watch: Watch = nobody) -> Training:
    """Train a network by any recipe, like `train`, and keep everything in `folder`."""
    size = crops.x.shape[1]
    learn, dev = crops.of("train"), crops.of("dev").spread(budget.dev_crops)

    def make() -> keras.Model:
        network = build(recipe, size, budget.width)
        if not recipe.adversarial:
            return network
        return Adversarial(network, patchgan.build(size, width=budget.width), recipe.adversarial)

    def make_epoch(epoch: int) -> tf.data.Dataset:
        rng = np.random.default_rng([budget.seed, epoch])
        return _weighed(training_pairs(learn, recipe.symmetries, budget.batch, rng, budget.pairs), recipe.loss)

    data = loop.digest(learn.x, learn.y[learn.target], dev.x, dev.y[dev.target])
    trained = loop.fit(
        make,
        make_epoch,
        _weighed(evaluation_pairs(dev, budget.batch), recipe.loss),
        folder,
        made_from={"recipe": asdict(recipe), "budget": asdict(budget), "data": data, "code": code_key(__name__)},
        epochs=budget.epochs,
        seed=budget.seed,
        loss=recipe.loss,
        learning_rate=budget.learning_rate,
        epsilon=recipe.epsilon,
        schedule=budget.schedule,
        watch=watch,
    )
    return replace(trained, model=trained.model.generator) if recipe.adversarial else trained


def build(recipe: Recipe, size: int | None, width: float = 1.0) -> keras.Model:
    """Return a recipe's network, untrained; raises HdrkitError as `pretrained.vgg16_weights` and the networks do."""
    return ARCHITECTURES[recipe.architecture](recipe, size, width)


def _report_net(recipe: Recipe, size: int | None, width: float) -> keras.Model:
    return report_net.build(size, weights=_imagenet(recipe, width), width=width, design=recipe.design)


def _hdrcnn(recipe: Recipe, size: int | None, width: float) -> keras.Model:
    return hdrcnn.build(size, weights=_imagenet(recipe, width), width=width)


def _expandnet(recipe: Recipe, size: int | None, width: float) -> keras.Model:
    return expandnet.build(size, width=width)  # the one without VGG-16 in it


def _imagenet(recipe: Recipe, width: float) -> Weights | None:
    return vgg16_weights() if recipe.pretrained and width == 1 else None


ARCHITECTURES: dict[str, Callable[[Recipe, int | None, float], keras.Model]] = {
    "report_net": _report_net,
    "hdrcnn": _hdrcnn,
    "expandnet": _expandnet,
}


def _weighed(pairs: tf.data.Dataset, loss: str) -> tf.data.Dataset:
    """Add the weights of the pixels to batches (x, y), for the losses that ask for them."""
    weights = losses.PIXEL_WEIGHTS.get(loss)
    return pairs.map(lambda x, y: (x, y, weights(x))) if weights else pairs


def predict(name: str, trained: Training, crops: Crops, out: str | Path) -> np.ndarray:
    """Return what a trained network makes of each crop: uint8, crops x size x size x 3.

    Kept in the training's own folder, under a name of the network's weights and of the pictures.
    """
    made_from = loop.digest(crops.x, *trained.model.get_weights())
    path = Path(out) / "training" / name / f"predictions-{made_from[:16]}.npy"
    if path.is_file():
        return np.load(path, allow_pickle=False)
    pictures = applied(trained.model, crops)
    with written_whole(path) as temporary:
        np.save(temporary, pictures)
    return pictures


def applied(model: keras.Model, crops: Crops) -> np.ndarray:
    """Return what a network makes of each crop, as it would be saved: uint8, crops x size x size x 3."""
    batches = evaluation_pairs(crops, 32).map(lambda x, _: x)
    with bar(total=len(batches), desc="applying the network", unit="batch") as shown:
        step = keras.callbacks.LambdaCallback(on_predict_batch_end=lambda batch, logs: shown.update())
        pictures = model.predict(batches, verbose=0, callbacks=[step])
    return np.round(np.clip(pictures, 0, 1) * 255).astype(np.uint8)
