"""hdrkit doctor: is this machine ready?"""

import argparse
import json
import sys
from dataclasses import asdict

from hdrkit.core.errors import HdrkitError

HELP = "say what is missing or damaged, and how to mend it"
EXAMPLE = "hdrkit doctor --network"
RESUMES = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", action="store_true", help="ask the servers that the kit fetches from, too")
    parser.add_argument("--json", action="store_true", help="print the checks as JSON: name, state, found, advice")


def run(arguments: argparse.Namespace) -> None:
    from hdrkit.cli.checks.check import BAD
    from hdrkit.cli.checks.examination import examine

    found = []
    for check in examine(arguments.network, _wait):
        _wait()
        found.append(check)
        if not arguments.json:
            print(check, flush=True)
    if arguments.json:
        print(json.dumps([asdict(check) for check in found], indent=1))
    if bad := sum(check.state == BAD for check in found):
        raise HdrkitError(f"{bad} of {len(found)} checks failed; the lines marked BAD say what to do")


def _wait(name: str = "") -> None:
    """Say on a terminal what is looked at; without a name, wipe that out."""
    if sys.stderr.isatty():
        line = f"...   {name}" if name else ""
        print(f"\r{line:30}\r{line}", end="", file=sys.stderr, flush=True)
