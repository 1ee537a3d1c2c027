"""hdrkit survey: what a folder of brackets holds."""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hdrkit.cli.loading import loading
from hdrkit.core.errors import HdrkitError, in_one_line, printable

if TYPE_CHECKING:  # heavy, so that --help would wait for it
    from hdrkit.dataset.inspection import Inspection
    from hdrkit.enhancement.fused_survey import Fusion

HELP = "look at a folder of brackets: what is there and what is wrong"
EXAMPLE = "hdrkit survey my_brackets --html survey.html"
RESUMES = ""  # but with --fuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="holds one folder per scene, or one scene's frames")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with all frames, too")
    parser.add_argument("--fuse", type=Path, metavar="DIR", help="fuse each bracket into DIR (Mertens), and count them")


def run(arguments: argparse.Namespace) -> None:
    with loading():
        from hdrkit.dataset import inspection, scene_folders, survey_page, survey_table
        from hdrkit.enhancement import fused_survey

    if arguments.fuse:
        arguments.resumes = "fused pictures are kept"
    if arguments.html and arguments.html.is_dir():
        arguments.parser.error(f"--html {arguments.html} is a folder; name a file")
    found = scene_folders.find(arguments.folder, [arguments.fuse] if arguments.fuse else [])
    if not found.scenes:
        why = f" ({found.problems[0]})" if found.problems else ""
        raise HdrkitError(f"{arguments.folder}: no frames of a scene there{why}; put each bracket in its own folder")
    scenes = inspection.inspect_all(found.scenes)
    fusions = fused_survey.fuse_all(found.scenes, arguments.fuse) if arguments.fuse else []
    if fusions:  # their remarks are of all pixels
        scenes = [replace(scene, remarks=tuple(fusion.remarks)) for scene, fusion in zip(scenes, fusions, strict=True)]
    print(*survey_table.text(scenes), sep="\n")
    for line in (*found.problems, *(f"{scene.name}: {line}" for scene in scenes for line in scene.wrong)):
        print(f"problem: {printable(line)}")
    name, totals = arguments.folder.resolve().name, _totals(scenes)
    print(f"{printable(name)}: {totals}")
    print(f"for hdrkit reproduce: {_splits(arguments.folder)}")
    counted = _counted(fusions) if fusions else ""
    if arguments.html:
        lead = f"{totals}; {counted}" if counted else totals
        survey_page.write(arguments.html, name, lead, scenes, found.problems)
        print(arguments.html)
    if counted:
        print(counted)
    if failed := sum(fusion.picture is None for fusion in fusions):
        raise HdrkitError(f"{failed} of {len(fusions)} brackets could not be fused; the lines above say why")


def _totals(scenes: "Sequence[Inspection]") -> str:
    used, there = sum(len(scene.frames) for scene in scenes), sum(len(scene.folder.frames) for scene in scenes)
    wrong = sum(bool(scene.wrong) for scene in scenes)
    return f"{_scenes(len(scenes))}, {used} of {there} frames can be used; something is wrong with {_scenes(wrong)}"


def _scenes(count: int) -> str:
    return f"{count} scene" if count == 1 else f"{count} scenes"


def _splits(folder: Path) -> str:
    """Return what a reproduction takes from a folder, or why nothing."""
    from hdrkit.core.vocabulary import SPLITS
    from hdrkit.dataset.loading import is_trainable
    from hdrkit.dataset.survey import Survey

    try:
        survey = Survey(folder)
    except Exception as error:  # the table above is true all the same
        return in_one_line(error)
    counts = Counter(scene.split for scene in survey.scenes)
    splits = f"{_scenes(counts.total())}, " + ", ".join(f"{counts[split]} {split}" for split in SPLITS)
    if is_trainable(survey):
        return splits
    return f"{splits}; too few to train on: all are test scenes, of networks that learn from the embedded survey"


def _counted(fusions: "Sequence[Fusion]") -> str:
    fused = [fusion for fusion in fusions if fusion.picture]
    remarked = sum(bool(fusion.remarks) for fusion in fused)
    return f"{len(fused)} of {len(fusions)} brackets fused; {remarked} with remarks"
