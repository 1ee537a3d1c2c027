"""hdrkit capture: the embedded survey, which other commands make where they need it, or a survey of other panoramas."""

import argparse
from collections import Counter
from pathlib import Path

from hdrkit.cli.arguments import SURVEY, add_executor, count, seed
from hdrkit.cli.loading import loading
from hdrkit.core.errors import HdrkitError, printable
from hdrkit.core.executors import choose
from hdrkit.core.vocabulary import SPLITS

HELP = "make the embedded survey, 105 simulated brackets, or one of your panoramas"
EXAMPLE = "hdrkit capture --out build/embedded\n  hdrkit capture --panoramas polyhaven --out build/polyhaven"
RESUMES = "finished scenes are kept"

SEEN = "it has learned from them, and its scores there say nothing"
OWN = Path("build/panoramas")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    where = f"where the survey goes ({SURVEY.as_posix()}; with --panoramas {OWN.as_posix()})"
    words = "photograph the panoramas of a folder, .exr or .hdr, in place of the kit's own"
    parser.add_argument("--panoramas", type=Path, metavar="FOLDER", help=words)
    parser.add_argument("--views", type=count, metavar="N", help="of each of these panoramas (7)")
    parser.add_argument("--out", type=Path, metavar="DIR", help=where)
    parser.add_argument("--seed", type=seed, default=0, help="decides noise, jitter, crops and these views (0)")
    add_executor(parser)


def run(arguments: argparse.Namespace) -> None:
    if arguments.views and not arguments.panoramas:
        arguments.parser.error("--views goes with --panoramas; the embedded survey has seven of each place")
    choose(arguments.executor)
    if arguments.panoramas:
        return _photograph(arguments)
    with loading():
        from hdrkit.simulation.embedded_survey import capture

    print(capture(arguments.out or SURVEY, seed=arguments.seed))


def _photograph(arguments: argparse.Namespace) -> None:
    with loading():
        from hdrkit.enhancement import learned_from
        from hdrkit.simulation import panorama_folder, panorama_survey, panorama_views

    found, out = panorama_folder.find(arguments.panoramas), arguments.out or OWN
    for line in (*found.left_out, *found.faults):
        print(printable(line))
    if not found.panoramas:
        raise HdrkitError(f"{arguments.panoramas}: no panorama there that can be photographed, .exr or .hdr")
    each = arguments.views or panorama_views.VIEWS
    views = panorama_survey.capture(found.panoramas, out, arguments.seed, each)
    counts = Counter(view.split for view in views)
    splits = ", ".join(f"{counts[split]} {split}" for split in SPLITS)
    print(f"{out}: {len(views)} scenes of {len(found.panoramas)} panoramas: {splits}")
    held = {view.place for view in views if view.split != "train"}
    if learned := held & learned_from.places(out):
        print(f"{len(learned)} of its {len(held)} dev and test places are known to the kit's own network: {SEEN}")
    print(f"look at it with: hdrkit survey {out}")
    if found.faults:
        whole = len(found.faults) + len(found.panoramas)
        raise HdrkitError(
            f"{len(found.faults)} of {whole} panoramas could not be photographed; the lines above say why"
        )
