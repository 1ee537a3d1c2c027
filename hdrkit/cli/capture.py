"""hdrkit capture: the embedded survey, which other commands make where they need it."""

import argparse
from pathlib import Path

from hdrkit.cli.arguments import SURVEY, add_executor, seed
from hdrkit.cli.loading import loading
from hdrkit.core.executors import choose

HELP = "make the embedded survey: 105 simulated brackets"
EXAMPLE = "hdrkit capture --out build/embedded"
RESUMES = "finished scenes are kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=SURVEY, metavar="DIR", help=f"where the survey goes ({SURVEY.as_posix()})"
    )
    parser.add_argument("--seed", type=seed, default=0, help="decides noise, jitter and crops (0)")
    add_executor(parser)


def run(arguments: argparse.Namespace) -> None:
    choose(arguments.executor)
    with loading():
        from hdrkit.simulation.embedded_survey import capture

    print(capture(arguments.out, seed=arguments.seed))
