"""The command line: one file per command.

Each holds HELP and EXAMPLE, its `add_arguments` and, beside them, the `run` that receives them. RESUMES says whether,
after an interruption, the same command goes on where it was. Heavy modules are imported by `run` only, so that --help
is instant.
"""

import argparse
import io
import logging
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from types import ModuleType

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
from hdrkit.core.errors import HdrkitError

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


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after a failure named in one line. Bad usage exits with status 2."""
    arguments = _parser().parse_args(words)
    _print_any_name()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as tidily as on Ctrl-C
    try:
        arguments.command.run(arguments)
    except HdrkitError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        warnings.simplefilter("ignore", RuntimeWarning)  # about calls that were cut off in the middle
        logging.getLogger("asyncio").disabled = True
        return _fail("interrupted" + ("; the same command goes on from here" if arguments.resumes else ""))
    except BrokenPipeError:  # `hdrkit survey ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
    return 0


def _print_any_name() -> None:
    """Escape what the terminal cannot show: the name of a file may be any bytes, and is no reason to stop."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _fail(message: str) -> int:
    print(f"hdrkit: {' '.join(message.split())}", file=sys.stderr)
    return 1


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
