"""hdrkit survey: what a folder of brackets holds."""

import argparse
from pathlib import Path

HELP = "list what is in a folder of brackets and what is wrong there"
EXAMPLE = "hdrkit survey my_brackets"
RESUMES = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that holds one folder per scene")


def run(arguments: argparse.Namespace) -> None:
    from hdrkit.dataset.survey import Survey

    survey = Survey(arguments.folder)
    width = max(len(scene.name) for scene in survey.scenes)
    for scene in survey.scenes:
        evs = " ".join(f"{frame.ev:+g}" for frame in scene.frames)
        render = scene.render.name if scene.render else "no render: reference made"
        print(f"{scene.name:{width}}  {scene.split:5}  {len(scene.frames)} frames  EV {evs}  {render}")
    frames = sum(len(scene.frames) for scene in survey.scenes)
    print(f"{survey.name}: {len(survey.scenes)} scenes, {frames} frames, {len(survey.problems)} problems")
    for problem in survey.problems:
        print(f"problem: {problem}")
    for remark in survey.remarks:
        print(f"remark: {remark}")
