"""hdrkit enhance: what the report set out to do, done to any photograph."""

import argparse
from pathlib import Path

from hdrkit.cli.arguments import exposure_times, strength
from hdrkit.cli.loading import loading
from hdrkit.core.vocabulary import FUSIONS, LOCAL

HELP = "brighten dark and recover bright regions of photographs"
EXAMPLE = "hdrkit enhance IMG_1234.NEF holiday/ --out enhanced --compare"
RESUMES = "finished pictures are kept"
FUSION = "mertens"  # unless another is asked for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="+", metavar="IN", help="photographs, also raw or HEIC; folders, globs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the pictures go")
    parser.add_argument(
        "--strength",
        type=strength,
        metavar="auto|0..1",
        help="0: no change; auto: little where nearly right (auto)",
    )
    parser.add_argument("--compare", action="store_true", help="write before and after side by side, too")
    parser.add_argument(
        "--confidence", action="store_true", help="write a map, too: white was seen, black was clipped and is invented"
    )
    parser.add_argument("--bracket", action="store_true", help="fuse all files, frames of one scene, instead")
    parser.add_argument("--method", choices=(*FUSIONS, LOCAL), help=f"how --bracket fuses ({FUSION})")
    parser.add_argument(
        "--radiance", action="store_true", help="write the bracket's relative radiance, too, as .exr and .hdr"
    )
    parser.add_argument(
        "--times",
        type=exposure_times,
        metavar="T,T,...",
        help="the frames' exposure times, as in 1/60,1/15,1/4 (what files and pixels say)",
    )
    parser.add_argument("--force", action="store_true", help="replace files that exist; without it they are kept")
    parser.add_argument("--debug", action="store_true", help="show where in the code a picture failed, too")


def run(arguments: argparse.Namespace) -> None:
    _check(arguments)
    if arguments.bracket:
        _fuse(arguments)
        return
    with loading():
        from hdrkit.enhancement import batch

    how_far = batch.AUTO if arguments.strength is None else arguments.strength
    options = batch.EnhanceOptions(how_far, arguments.compare, arguments.confidence, arguments.force, arguments.debug)
    for path in batch.enhance_files(arguments.names, arguments.out, options):
        print(path)


def _fuse(arguments: argparse.Namespace) -> None:
    with loading():
        from hdrkit.enhancement import bracket_files

    options = bracket_files.BracketOptions(
        arguments.method or FUSION, arguments.radiance, arguments.times, arguments.force
    )
    for path in bracket_files.fuse_bracket(arguments.names, arguments.out, options):
        print(path)


def _check(arguments: argparse.Namespace) -> None:
    """Refuse options that do not go together, as bad usage, and note what an interruption leaves."""
    given = {
        "--strength": arguments.strength is not None,
        "--compare": arguments.compare,
        "--confidence": arguments.confidence,
    }
    for option in given:
        if arguments.bracket and given[option]:
            arguments.parser.error(f"{option} does not go with --bracket")
    for option in ("method", "radiance", "times"):
        if getattr(arguments, option) and not arguments.bracket:
            arguments.parser.error(f"--{option} goes with --bracket only")
    if arguments.bracket or arguments.force:  # one picture alone, or all made anew
        arguments.resumes = ""
