"""Arguments that several commands share, and the types of numbers that they take."""

import argparse
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from hdrkit.core import executors
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import EMBEDDED, PACKAGE

# Where `hdrkit capture` puts the embedded survey, and where others look for it: from the folder that one works in.
SURVEY = EMBEDDED.relative_to(PACKAGE.parent)
Number = TypeVar("Number", int, float)


def add_survey(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("--survey", type=Path, default=SURVEY, metavar="DIR", help=f"{words} ({SURVEY.as_posix()})")


def add_training(parser: argparse.ArgumentParser) -> None:
    """Add what decides how the kit's own network is trained, and where."""
    out = Path("build/enhancement")
    parser.add_argument("--profile", default="full", help="smoke, quick or full (full)")
    parser.add_argument("--panoramas", type=Path, metavar="DIR", help="more places to learn from, .exr or .hdr")
    parser.add_argument(
        "--out", type=Path, default=out, metavar="DIR", help=f"where the training goes ({out.as_posix()})"
    )


def add_executor(parser: argparse.ArgumentParser) -> None:
    """Add where the work is done, see `executors.chosen`."""
    words = "let a Dask cluster do the work, as in dask://node1:8786; see docs/cluster.md"
    parser.add_argument("--executor", type=address, metavar="ADDRESS", help=words)


def address(text: str) -> str:
    """Read the address of a Dask scheduler."""
    try:
        return executors.checked(text)
    except HdrkitError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def strength(text: str) -> float | str:
    """Read how much of the advised gains to apply: a number from 0 to 1, or "auto"."""
    return text if text == "auto" else _number(text, float, 0, 1, 'a number from 0 to 1, or "auto"')


def exposure_times(text: str) -> list[float]:
    """Read exposure times in seconds, numbers or fractions, between commas."""
    try:
        times = [float(Fraction(part.strip())) for part in text.split(",")]
    except (ValueError, ZeroDivisionError, OverflowError):
        times = []
    if not times or min(times) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not a list of times in seconds, as 1/60,1/15,0.25,2")
    return times


def seconds(text: str) -> float:
    """Read a time that is long enough for something to happen."""
    return _number(text, float, 0.01, 1e6, "a number of seconds, at least 0.01")


def seed(text: str) -> int:
    """Read a whole number, 0 or more."""
    return _number(text, int, 0, math.inf, "a whole number, 0 or more")


def count(text: str) -> int:
    """Read a whole number, 1 or more."""
    return _number(text, int, 1, math.inf, "a whole number, 1 or more")


def _number(text: str, kind: Callable[[str], Number], lowest: float, highest: float, words: str) -> Number:
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not lowest <= value <= highest:  # neither bound holds for NaN
        raise argparse.ArgumentTypeError(f"{text} is not {words}")
    return value
