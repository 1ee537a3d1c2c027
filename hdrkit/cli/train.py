"""hdrkit train: the kit's own network, from panoramas to the file that `hdrkit enhance` runs."""

import argparse

from hdrkit.cli.arguments import add_training
from hdrkit.cli.loading import loading

HELP = "train the kit's own network, or continue where it stopped"
EXAMPLE = "hdrkit train --panoramas polyhaven"
RESUMES = "finished epochs are kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_training(parser)


def run(arguments: argparse.Namespace) -> None:
    with loading():
        from hdrkit.core.folder_lock import only_run_in
        from hdrkit.enhancement import synthetic_pairs, trainer

    config, places = trainer.load(arguments.profile), synthetic_pairs.training_panoramas(arguments.panoramas)
    target = arguments.out / "hdrkit.tflite"
    with only_run_in(arguments.out):
        trained = trainer.train(config, places, arguments.out)
        trainer.export(trained, arguments.profile, places, target)
    print(f"{target}: {trained.history.dev_psnr.iloc[-1]:.2f} dB on photographs of the dev places")
