"""hdrkit capture: the embedded survey, which other commands make where they need it, or a survey of other panoramas."""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hdrkit.cli.arguments import SURVEY, add_executor, count, seed
from hdrkit.cli.loading import loading
from hdrkit.core.errors import HdrkitError, printable
from hdrkit.core.executors import choose
from hdrkit.core.files import PACKAGE
from hdrkit.core.vocabulary import SPLITS

if TYPE_CHECKING:  # heavy, so that --help would wait for it
    from hdrkit.simulation.panorama_folder import Panorama
    from hdrkit.simulation.views import View

HELP = "make the embedded survey, 105 simulated brackets, or one of your panoramas"
EXAMPLE = "hdrkit capture --out build/embedded\n  hdrkit capture --panoramas polyhaven --out build/polyhaven"
RESUMES = "finished scenes are kept"

SEEN = "its scores on them say nothing"
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
    if learned := _learned(found.panoramas, views):
        print(
            f"{learned} of its dev and test panoramas are among those that the kit's own network learned from: {SEEN}"
        )
    print(f"look at it with: hdrkit survey {out}")
    if found.faults:
        whole = len(found.faults) + len(found.panoramas)
        raise HdrkitError(
            f"{len(found.faults)} of {whole} panoramas could not be photographed; the lines above say why"
        )


def _learned(panoramas: "Sequence[Panorama]", views: "Sequence[View]") -> int:
    """Count the dev and test panoramas that the weights of the kit's own network saw, told by file or by name."""
    from hdrkit.simulation.panorama_folder import asset_of, in_words

    try:
        note = PACKAGE / "enhancement" / "weights" / "hdrkit.json"
        files = json.loads(note.read_text(encoding="utf-8"))["panoramas"]
    except (OSError, ValueError, KeyError):  # the survey is whole all the same; `hdrkit doctor` tells of weights
        return 0
    titles, held = {in_words(asset_of(name)) for name in files}, {view.path for view in views if view.split != "train"}
    seen = (p for p in panoramas if p.title in titles or p.sha256 in files.values())
    return sum(panorama.path in held for panorama in seen)
