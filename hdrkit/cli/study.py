"""hdrkit study: the report's ablations, trained again."""

import argparse
from pathlib import Path

from hdrkit.cli.arguments import add_executor, add_survey
from hdrkit.cli.loading import loading
from hdrkit.core.executors import choose
from hdrkit.simulation.on_demand import capture_if_embedded

HELP = "train again what the report varied, or continue where it stopped"
EXAMPLE = "hdrkit study loss"
RESUMES = "finished trainings are kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="loss, skips ..., or all; an unknown name lists them")
    parser.add_argument("--profile", default="quick", help="smoke, quick or full (quick)")
    add_survey(parser, "folder of scenes to train on")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="where the table goes (build/studies/<profile>); the tables that the kit keeps, of profile quick, "
        "change by --into results/studies only",
    )
    add_executor(parser)


def run(arguments: argparse.Namespace) -> None:
    choose(arguments.executor)
    with loading():
        from hdrkit.ablations import studies
        from hdrkit.core.folder_lock import only_run_in

    names = list(studies.STUDIES) if arguments.name == "all" else [arguments.name]
    studies.check_name(names[0])  # what is misspelt makes no folder
    studies.load_config(arguments.profile)
    capture_if_embedded(arguments.survey)
    out = Path("build") / "studies" / arguments.profile
    with only_run_in(out):
        for name in names:
            print(studies.run(name, arguments.profile, arguments.survey, out, arguments.into or out))
