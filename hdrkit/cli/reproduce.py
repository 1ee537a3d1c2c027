"""hdrkit reproduce: the engine behind `make reproduce`."""

import argparse
from pathlib import Path

from hdrkit.cli.arguments import add_executor, add_survey
from hdrkit.cli.loading import loading
from hdrkit.core.executors import choose

HELP = "run all notebooks on a survey and write tables, figures and report.html"
EXAMPLE = "hdrkit reproduce --profile quick --survey build/embedded --out build/quick -p epochs=2"
RESUMES = "finished notebooks and epochs of training are kept"
PRINTED = ("table1", "table2", "registration")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", default="quick", help="smoke, quick, full, paper or a .yaml file (quick)")
    add_survey(parser, "folder of scenes; one named `embedded` is captured first")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where results go (build/<profile>)")
    parser.add_argument(
        "-p",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter of the notebooks; may be repeated",
    )
    add_executor(parser)


def run(arguments: argparse.Namespace) -> None:
    choose(arguments.executor)
    with loading():
        from hdrkit.reproduction.runner import reproduce
        from hdrkit.reproduction.store import read_tables

    out = arguments.out or Path("build") / Path(arguments.profile).stem
    page = reproduce(arguments.profile, arguments.survey, out, arguments.settings)
    for name, table in read_tables(page.parent).items():
        if name in PRINTED and len(table):
            print(f"\n{name}\n{table.to_string(index=False, na_rep='')}")
    print(f"\n{page}")
