"""hdrkit lab: JupyterLab for students."""

import argparse

HELP = "work on copies of the notebooks in JupyterLab, on this machine only; one Ctrl-C ends it"
EXAMPLE = "hdrkit lab -- --no-browser"
RESUMES = "finished scenes and your copies of the notebooks are kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("options", nargs="*", metavar="-- OPTION", help="options for JupyterLab, after two dashes")


def run(arguments: argparse.Namespace) -> None:
    from hdrkit.jupyter.lab import lab

    lab(arguments.options)
