"""hdrkit doctor: is this machine ready?"""

import argparse

from hdrkit.core.errors import HdrkitError

HELP = "say what is missing or damaged, and how to mend it"
EXAMPLE = "hdrkit doctor"
RESUMES = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add none."""


def run(arguments: argparse.Namespace) -> None:
    from hdrkit.cli.checks import examine

    found = examine()
    for line in found:
        print(line)
    if wrong := sum(not line.good for line in found):
        raise HdrkitError(f"{wrong} of {len(found)} checks failed; the lines above say what to do")
