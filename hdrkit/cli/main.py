"""The command line: one file per command.

Each holds HELP and EXAMPLE, its `add_arguments` and, beside them, the `run` that receives them. RESUMES says what an
interrupted run leaves, from which the same command goes on; it is empty where that is nothing. Heavy modules are
imported by `run` only, so that --help is instant.
"""

import argparse
import io
import logging
import os
import shlex
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, ModuleType

from hdrkit.cli import (
    capture,
    compare_heads,
    doctor,
    download,
    enhance,
    lab,
    reproduce,
    study,
    survey,
    train,
)
from hdrkit.core.errors import HdrkitError, in_one_line, printable
from hdrkit.core.files import NO_ROOM

FAILED = 1  # the status after a failure that is named in one line

COMMANDS = (  # as --help lists them; each is called what its file is
    reproduce,
    lab,
    capture,
    survey,
    study,
    enhance,
    train,
    compare_heads,
    download,
    doctor,
)


class TerminatedError(KeyboardInterrupt):
    """SIGTERM, by which systems end a program: it ends as tidily as on Ctrl-C."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after a failure named in one line. Bad usage exits with status 2.

    After an interruption, a line says what is kept and how to go on; the status is 130, or 143 for SIGTERM.
    """
    words = sys.argv[1:] if words is None else words
    arguments = _parser().parse_args(words, argparse.Namespace(words=words))
    _print_any_name()
    signal.signal(signal.SIGTERM, _terminate)
    status, message = _run(arguments)
    if message:  # said when what was under way is closed, bars too
        print(f"hdrkit: {message}", file=sys.stderr)
    return status


def _run(arguments: argparse.Namespace) -> tuple[int, str]:
    """Run a command and return its status, and what there is to say of a failure."""
    try:
        arguments.command.run(arguments)
    except HdrkitError as error:
        return FAILED, in_one_line(error)
    except KeyboardInterrupt as interruption:
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, signal.SIG_DFL)  # the next one ends this process at once
        warnings.simplefilter("ignore", RuntimeWarning)  # about calls that were cut off in the middle
        logging.getLogger("asyncio").disabled = True
        kind = signal.SIGTERM if isinstance(interruption, TerminatedError) else signal.SIGINT
        return 128 + kind, "interrupted" + _how_to_go_on(arguments)
    except BrokenPipeError:  # `hdrkit survey ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        why = printable(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
        mend = f"; free some space or name another folder{_how_to_go_on(arguments)}"
        return FAILED, why + (mend if error.errno in NO_ROOM else "")
    return 0, ""


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise TerminatedError


def _how_to_go_on(arguments: argparse.Namespace) -> str:
    return f"; {arguments.resumes}; to go on: {_same_command(arguments.words)}" if arguments.resumes else ""


def _same_command(words: Sequence[str]) -> str:
    """Return what runs this command again, as a shell takes it, from the same folder."""
    program = Path(sys.argv[0])
    if program.stem == "hdrkit":
        found = shutil.which("hdrkit")
        start = ["hdrkit"] if found and program.exists() and os.path.samefile(found, program) else [_short(program)]
    else:
        start = [_short(Path(sys.executable)), "-m", "hdrkit"]
    line = [*start, *words]
    return subprocess.list2cmdline(line) if os.name == "nt" else shlex.join(line)


def _short(path: Path) -> str:
    """Return a path as seen from the folder that one works in, where it lies there."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _print_any_name() -> None:
    """Escape what the terminal cannot show: the name of a file may be any bytes, and is no reason to stop."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hdrkit", description="Exposure normalization from one photograph: a report reproduced and audited."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        _add(commands, command)
    return parser


def _add(commands: argparse._SubParsersAction, command: ModuleType) -> None:
    parser = commands.add_parser(
        _name(command),
        help=command.HELP,
        description=command.HELP[0].upper() + command.HELP[1:] + ".",
        epilog=f"example:\n  {command.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=command, parser=parser, resumes=command.RESUMES)
    command.add_arguments(parser)


def _name(command: ModuleType) -> str:
    return command.__name__.rpartition(".")[2].replace("_", "-")
