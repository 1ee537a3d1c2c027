"""hdrkit download: what the kit may not carry."""

import argparse

from hdrkit.cli.loading import loading

HELP = "fetch data from the network"
EXAMPLE = "hdrkit download weights"
RESUMES = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["weights"], help="weights: VGG-16 trained on ImageNet")


def run(arguments: argparse.Namespace) -> None:
    with loading():
        from hdrkit.models.pretrained import vgg16_weights

    weights = vgg16_weights()
    print(f"{weights.path}: {weights.description} ({weights.source})")
