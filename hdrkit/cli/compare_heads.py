"""hdrkit compare-heads: which output of the kit's own network learns most in a given time."""

import argparse
from pathlib import Path

from hdrkit.cli.arguments import add_survey, add_training, seconds
from hdrkit.cli.loading import loading
from hdrkit.simulation.on_demand import capture_if_embedded

HELP = "train each output head of the kit's own network for an equal time, and compare them"
EXAMPLE = "hdrkit compare-heads --seconds 120 --panoramas polyhaven"
RESUMES = "finished heads are kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=seconds, required=True, metavar="S", help="how long each is trained")
    add_training(parser)
    add_survey(parser, "folder of scenes; they are scored on its dev frames")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="where the table goes (as --out); the one that the kit keeps changes by --into results/output_heads only",
    )


def run(arguments: argparse.Namespace) -> None:
    with loading():
        from hdrkit.ablations import compare_heads
        from hdrkit.core.folder_lock import only_run_in
        from hdrkit.dataset.alignment import align
        from hdrkit.dataset.survey import Survey
        from hdrkit.enhancement import synthetic_pairs, trainer

    config, places = trainer.load(arguments.profile), synthetic_pairs.training_panoramas(arguments.panoramas)
    capture_if_embedded(arguments.survey)
    with only_run_in(arguments.out):
        cache = arguments.out / "cache"
        dev = align(Survey(arguments.survey, cache).split("dev"), cache)
        views = trainer.learned_views(config, places, arguments.out)
        print(compare_heads.run(config, arguments.seconds, dev, views, arguments.into or arguments.out))
