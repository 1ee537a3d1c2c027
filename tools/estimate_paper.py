"""Estimate what the report's own setting takes on the whole Fairchild survey: on one GPU and on eight, time and cost.

    python tools/estimate_paper.py                                   writes the tables of docs/cluster.md
    python tools/estimate_paper.py --one 1200 --eight 6000 --price 2  prints them for other figures

A network's step is held against VGG-16's, whose training speed is published for many GPUs: a network with twice its
multiplications takes twice its time.
"""

import argparse
import csv
import sys
from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from math import prod
from typing import Any

import keras
import pandas as pd
from marked_parts import renewed

from hdrkit.core.files import DATA, written_whole
from hdrkit.core.profiles import load_profile
from hdrkit.core.vocabulary import METHODS
from hdrkit.dataset.augmentation import count_pairs
from hdrkit.reproduction.run_tables import markdown
from hdrkit.training.recipes import RECIPES, build

PAGE = DATA.parent / "docs" / "cluster.md"
CROPS = 2  # of a frame
VGG16 = 15_470_264_320  # multiplications for a picture of 224 pixels, the three dense layers included
FORWARD = 1 / 3  # of a training step; the rest is two gradients, of what a layer is fed with and of its weights
DECODINGS = 2  # the survey is aligned in the report's decoding and in the repaired one


@dataclass(frozen=True)
class Stated:
    """What is not computed here; docs/cluster.md says where each figure comes from.

    one, eight: pictures of 224 pixels in a second with which VGG-16 trains on one GPU and on eight. align: seconds of a
    core for a frame; score: for a crop. cores: of the machine. price: of an hour of one GPU, in US dollars.
    """

    one: float = 144
    eight: float = 690
    align: float = 1.3
    score: float = 0.026
    cores: int = 8
    price: float = 1.5


def frames() -> Counter[str]:
    """Return how many frames of each split of the Fairchild survey the report used."""
    found: Counter[str] = Counter()
    with open(DATA / "fairchild" / "scenes.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["split"]] += int(row["exposures_used"])
    return found


def multiplications(model: keras.Model) -> int:
    """Return how many the convolutions of a network make for one picture."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):  # each value of its input meets the whole kernel
            total += prod(layer.input.shape[1:3]) * prod(layer.kernel.shape)
        elif isinstance(layer, keras.layers.Conv2D):
            total += prod(layer.output.shape[1:3]) * prod(layer.kernel.shape)
    return total


def networks() -> pd.DataFrame:
    """Return what the trainings of the profile are, one a row: pairs of an epoch, and its time in pictures of VGG-16.

    Columns: name, pairs, steps, multiplications, vgg16_pictures.
    """
    profile: dict[str, Any] = load_profile("paper")
    count, rows = frames(), []
    for name in ("published", *profile["also"]):
        recipe = replace(RECIPES[name], pretrained=False)
        pairs = count_pairs(count["train"], recipe.symmetries, CROPS)
        made = multiplications(build(recipe, profile["size"]))
        pictures = (pairs + FORWARD * CROPS * count["dev"]) * made / VGG16
        steps = -(-pairs // profile["batch"])
        rows.append({"name": METHODS[name], "pairs": pairs, "steps": steps, "multiplications": made})
        rows[-1]["vgg16_pictures"] = pictures
    return pd.DataFrame(rows)


def trainings(found: pd.DataFrame, stated: Stated) -> pd.DataFrame:
    """Return the table of epochs: how large they are, and how many seconds they take."""
    return pd.DataFrame({
        "network": found.name,
        "pairs": found.pairs.map("{:,}".format),
        "steps": found.steps.map(str),
        "10⁹ multiplications": (found.multiplications / 1e9).map("{:.1f}".format),
        "s on one GPU": (found.vgg16_pictures / stated.one).map("{:.0f}".format),
        "s on eight": (found.vgg16_pictures / stated.eight).map("{:.0f}".format),
    })  # fmt: skip


def whole(found: pd.DataFrame, stated: Stated) -> pd.DataFrame:
    """Return the table of the run: hours and cost of all its trainings, of aligning and of scoring."""
    all_frames, profile = frames().total(), load_profile("paper")
    trained = profile["epochs"] * found.vgg16_pictures.sum() / 3600
    aligned = DECODINGS * all_frames * stated.align / stated.cores / 3600
    scored = len(found) * CROPS * all_frames * stated.score / 3600
    rows = []
    for gpus, speed in ((1, stated.one), (8, stated.eight)):
        hours = [aligned, trained / speed, scored, aligned + trained / speed + scored]
        cost = hours[-1] * gpus * stated.price
        rows.append([str(gpus), *map("{:.1f} h".format, hours), f"{cost:.0f} USD"])
    return pd.DataFrame(rows, columns=["GPUs", "aligning", "training", "scoring", "in all", "cost"])


def with_tables(text: str, stated: Stated) -> str:
    """Return the page with its marked tables made anew."""
    found = networks()
    return renewed(text, "estimate", lambda name: markdown({"epochs": trainings, "run": whole}[name](found, stated)))


def main() -> int:
    """Write the page's tables, or print those for other figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for field in fields(Stated):
        parser.add_argument(f"--{field.name}", type=float, default=field.default, help=f"default {field.default}")
    stated = Stated(**vars(parser.parse_args()))
    if asdict(stated) != asdict(Stated()):
        found = networks()
        print(markdown(trainings(found, stated)), markdown(whole(found, stated)), sep="\n\n")
        return 0
    text = with_tables(PAGE.read_text(encoding="utf-8"), stated)
    with written_whole(PAGE) as path:
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
