"""The command line. Heavy modules are imported by the command that needs them, so that --help is instant."""

import argparse
import logging
import math
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from hdrkit.core.errors import HdrkitError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after a failure named in one line. Bad usage exits with status 2."""
    command = _parse(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as tidily as on Ctrl-C
    try:
        command.run(command)
    except HdrkitError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        warnings.simplefilter("ignore", RuntimeWarning)  # of calls that were cut off in the middle
        logging.getLogger("asyncio").disabled = True
        return _fail("interrupted" + ("; the same command goes on from here" if command.resumes else ""))
    except BrokenPipeError:  # `hdrkit survey ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
    return 0


def _fail(message: str) -> int:
    print(f"hdrkit: {' '.join(message.split())}", file=sys.stderr)
    return 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the arguments; options that do not go together are bad usage, too."""
    command = _parser().parse_args(arguments)
    if command.run is _enhance:
        for option in ("strength", "compare", "confidence"):
            if command.bracket and getattr(command, option) is not None:
                command.parser.error(f"--{option} does not go with --bracket")
        if command.method and not command.bracket:
            command.parser.error("--method goes with --bracket only")
        command.resumes = not (command.bracket or command.force)
    return command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hdrkit", description="Exposure normalization from one photograph: a report reproduced and audited."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    reproduce = _command(
        commands,
        "reproduce",
        _reproduce,
        "run all notebooks on a survey and write tables, figures and report.html",
        "hdrkit reproduce --profile quick --survey build/embedded --out build/quick -p epochs=2",
        resumes=True,
    )
    reproduce.add_argument("--profile", default="quick", help="smoke, quick, full, paper or a .yaml file (quick)")
    reproduce.add_argument(
        "--survey", type=Path, default=Path("build/embedded"), metavar="DIR",
        help="folder of scenes; one named `embedded` is captured first (build/embedded)",
    )  # fmt: skip
    reproduce.add_argument("--out", type=Path, metavar="DIR", help="where results go (build/<profile>)")
    reproduce.add_argument("-p", dest="settings", action="append", default=[], metavar="NAME=VALUE",
                           help="set a parameter of the notebooks; may be repeated")  # fmt: skip

    lab = _command(commands, "lab", _lab, "work on copies of the notebooks in JupyterLab", "hdrkit lab -- --no-browser")
    lab.add_argument("options", nargs="*", metavar="-- OPTION", help="of JupyterLab, after two dashes")

    capture = _command(
        commands, "capture", _capture, "make the embedded survey: 105 simulated brackets",
        "hdrkit capture --out build/embedded", resumes=True,
    )  # fmt: skip
    capture.add_argument("--out", type=Path, default=Path("build/embedded"), metavar="DIR", help="(build/embedded)")
    capture.add_argument("--seed", type=_seed, default=0, help="of noise, jitter and crops (0)")

    survey = _command(
        commands, "survey", _survey, "list what is in a folder of brackets and what is wrong there",
        "hdrkit survey my_brackets",
    )  # fmt: skip
    survey.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that holds one folder a scene")

    study = _command(
        commands, "study", _study, "train again what the report varied, or go on with it", "hdrkit study loss",
        resumes=True,
    )  # fmt: skip
    study.add_argument("name", metavar="NAME", help="loss, skips ..., or all; an unknown name lists them")
    study.add_argument("--profile", default="quick", help="smoke, quick or full (quick)")
    study.add_argument("--survey", type=Path, default=Path("build/embedded"), metavar="DIR", help="(build/embedded)")
    study.add_argument("--into", type=Path, metavar="DIR",
                       help="where the table goes (build/studies/<profile>); the tables that the kit keeps, of "
                       "profile quick, change by --into results/studies only")  # fmt: skip

    enhance = _command(
        commands, "enhance", _enhance, "expose every region of photographs well",
        "hdrkit enhance IMG_1234.NEF holiday/ --out enhanced --compare",
    )  # fmt: skip
    enhance.add_argument("names", nargs="+", metavar="IN", help="JPEG, PNG, WebP, TIFF or raw files, folders, globs")
    enhance.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the pictures go")
    enhance.add_argument("--strength", type=_share, metavar="0..1", help="0 changes nothing (1)")
    enhance.add_argument("--compare", action="store_true", default=None,
                         help="write before and after side by side, too")  # fmt: skip
    enhance.add_argument("--confidence", action="store_true", default=None,
                         help="write a map, too: white was seen, black was clipped and is invented")  # fmt: skip
    enhance.add_argument("--bracket", action="store_true", help="fuse all files, frames of one scene, instead")
    enhance.add_argument("--method",
                         choices=["mertens", "debevec_reinhard", "debevec_drago", "debevec_mantiuk"],
                         help="of --bracket (mertens)")  # fmt: skip
    enhance.add_argument("--force", action="store_true", help="replace files that are there, else they are kept")

    train = _command(
        commands, "train", _train, "train the kit's own network, or go on with it",
        "hdrkit train --panoramas polyhaven", resumes=True,
    )  # fmt: skip

    compare = _command(
        commands, "compare-parametrisations", _compare_parametrisations,
        "train each parametrisation of the kit's own network for an equal time, and compare them",
        "hdrkit compare-parametrisations --seconds 120 --panoramas polyhaven", resumes=True,
    )  # fmt: skip
    compare.add_argument("--seconds", type=_seconds, required=True, metavar="S", help="of training for each")
    for command in (train, compare):
        command.add_argument("--profile", default="full", help="smoke, quick or full (full)")
        command.add_argument("--panoramas", type=Path, metavar="DIR", help="more places to learn from, .exr or .hdr")
        command.add_argument("--out", type=Path, default=Path("build/enhancement"), metavar="DIR",
                             help="(build/enhancement)")  # fmt: skip
    compare.add_argument("--survey", type=Path, default=Path("build/embedded"), metavar="DIR",
                         help="whose dev frames they are scored on (build/embedded)")  # fmt: skip

    download = _command(commands, "download", _download, "fetch data from the network", "hdrkit download weights")
    download.add_argument("what", choices=["weights"], help="weights: VGG-16 trained on ImageNet")

    _command(commands, "doctor", _doctor, "say what is missing or damaged, and how to mend it", "hdrkit doctor")
    return parser


def _command(commands, name: str, run, words: str, example: str, resumes: bool = False) -> argparse.ArgumentParser:
    """Add a command; `resumes` says whether, after an interruption, it goes on where it was."""
    parser = commands.add_parser(
        name, help=words, description=words[0].upper() + words[1:] + ".",
        epilog=f"example:\n  {example}", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(run=run, parser=parser, resumes=resumes)
    return parser


def _number(text: str, kind: type, lowest: float, highest: float, words: str) -> float:
    try:
        value = kind(text)
    except ValueError:
        value = math.nan
    if not lowest <= value <= highest:
        raise argparse.ArgumentTypeError(f"{text} is not {words}")
    return value


def _share(text: str) -> float:
    return _number(text, float, 0, 1, "a number from 0 to 1")


def _seconds(text: str) -> float:
    return _number(text, float, 0.01, 1e6, "a number of seconds, at least 0.01")


def _seed(text: str) -> int:
    return _number(text, int, 0, math.inf, "a whole number, 0 or more")


def _reproduce(command: argparse.Namespace) -> None:
    from hdrkit.reproduction.runner import reproduce
    from hdrkit.reproduction.store import read_tables

    out = command.out or Path("build") / Path(command.profile).stem
    page = reproduce(command.profile, command.survey, out, command.settings)
    for name, table in read_tables(page.parent / "tables").items():
        if name in ("table1", "table2", "registration") and len(table):
            print(f"\n{name}\n{table.to_string(index=False, na_rep='')}")
    print(f"\n{page}")


def _lab(command: argparse.Namespace) -> None:
    from hdrkit.jupyter.lab import lab

    lab(command.options)


def _capture(command: argparse.Namespace) -> None:
    from hdrkit.simulation.embedded_survey import capture

    print(capture(command.out, seed=command.seed))


def _survey(command: argparse.Namespace) -> None:
    from hdrkit.dataset.survey import Survey

    survey = Survey(command.folder)
    width = max(len(scene.name) for scene in survey.scenes)
    for scene in survey.scenes:
        evs = " ".join(f"{frame.ev:+g}" for frame in scene.frames)
        render = scene.render.name if scene.render else "no render"
        print(f"{scene.name:{width}}  {scene.split:5}  {len(scene.frames)} frames  EV {evs}  {render}")
    frames = sum(len(scene.frames) for scene in survey.scenes)
    print(f"{survey.name}: {len(survey.scenes)} scenes, {frames} frames, {len(survey.problems)} problems")
    for problem in survey.problems:
        print(f"problem: {problem}")


def _study(command: argparse.Namespace) -> None:
    from hdrkit.ablations import studies

    _capture_embedded(command.survey)
    out = Path("build") / "studies" / command.profile
    for name in studies.STUDIES if command.name == "all" else [command.name]:
        print(studies.run(name, command.profile, command.survey, out, command.into or out))


def _enhance(command: argparse.Namespace) -> None:
    from hdrkit.enhancement import batch

    if command.bracket:
        print(batch.fuse_bracket(command.names, command.out, command.method or "mertens", command.force))
    else:
        strength = 1.0 if command.strength is None else command.strength
        options = batch.EnhanceOptions(strength, bool(command.compare), bool(command.confidence), command.force)
        for path in batch.enhance_files(command.names, command.out, options):
            print(path)


def _train(command: argparse.Namespace) -> None:
    from hdrkit.enhancement import synthetic_pairs, trainer

    size, places = trainer.load(command.profile), synthetic_pairs.training_panoramas(command.panoramas)
    trained = trainer.train(size, places, command.out)
    target = command.out / "hdrkit.tflite"
    trainer.export(trained, command.profile, places, target)
    print(f"{target}: {trained.history.dev_psnr.iloc[-1]:.2f} dB on photographs of the dev places")


def _compare_parametrisations(command: argparse.Namespace) -> None:
    from hdrkit.ablations import compare_heads
    from hdrkit.dataset.alignment import align
    from hdrkit.dataset.survey import Survey
    from hdrkit.enhancement import synthetic_pairs, trainer

    size, places = trainer.load(command.profile), synthetic_pairs.training_panoramas(command.panoramas)
    _capture_embedded(command.survey)
    dev = align(Survey(command.survey).split("dev"), command.out / "cache")
    print(compare_heads.run(size, command.seconds, dev, trainer.learned_views(size, places, command.out), command.out))


def _capture_embedded(survey: Path) -> None:
    from hdrkit.core.files import EMBEDDED
    from hdrkit.simulation.embedded_survey import capture

    if survey.name == EMBEDDED.name:
        capture(survey)


def _download(command: argparse.Namespace) -> None:
    from hdrkit.models.pretrained import vgg16_weights

    weights = vgg16_weights()
    print(f"{weights.path}: {weights.description} ({weights.source})")


def _doctor(command: argparse.Namespace) -> None:
    from hdrkit.cli.doctor import examine

    found = examine()
    for line in found:
        print(line)
    if wrong := sum(not line.good for line in found):
        raise HdrkitError(f"{wrong} of {len(found)} checks failed; the lines above say what to do")
