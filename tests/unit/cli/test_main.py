import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.commands import refused

from hdrkit.cli import main, survey
from hdrkit.core.errors import HdrkitError


def hdrkit(*arguments, **options):
    command = [sys.executable, "-m", "hdrkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


def test_help_comes_at_once_and_without_heavy_imports():
    """What is not of Python itself or of the commands is imported by the command that needs it."""
    script = (
        "import sys; before = set(sys.modules); from hdrkit.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(loaded - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    *text, loaded = done.stdout.splitlines()
    assert loaded == "['hdrkit']", done.stderr
    assert any("reproduce" in line for line in text)


def test_each_file_of_a_command_is_offered():
    shared = {"__init__", "arguments", "main"}
    files = {path.stem for path in Path(main.__file__).parent.glob("*.py")} - shared
    assert sorted(files) == sorted(command.__name__.rpartition(".")[2] for command in main.COMMANDS)


@pytest.mark.parametrize(
    "command",
    [
        *("reproduce", "lab", "capture", "survey", "study", "enhance", "train", "compare-heads"),
        *("download", "doctor"),
    ],
)
def test_each_command_shows_an_example(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main.main([command, "--help"])
    assert stopped.value.code == 0
    assert f"hdrkit {command}" in capsys.readouterr().out.split("example:")[1]


@pytest.mark.parametrize("arguments", [[], ["reproduces"], ["reproduce", "--epochs", "3"], ["download", "moon"]])
def test_bad_usage_ends_with_status_2(arguments, capsys):
    refused(arguments, capsys)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("compare-heads", "the following arguments are required: --seconds"),
        ("compare-heads --seconds 0", "--seconds: 0 is not a number of seconds, at least 0.01"),
        ("compare-heads --seconds soon", "--seconds: soon is not a number of seconds"),
        ("train --survey build/embedded", "unrecognized arguments: --survey"),
        ("capture --seed -1", "--seed: -1 is not a whole number, 0 or more"),
    ],
)
def test_bad_usage_says_in_plain_words_what_is_wrong(arguments, why, capsys):
    assert why in refused(arguments.split(), capsys)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (HdrkitError("a.dng: truncated;\ncopy it again"), "hdrkit: a.dng: truncated; copy it again"),
        (OSError(28, "No space left on device", "build/x.npz"), "hdrkit: build/x.npz: No space left on device"),
        (OSError("cannot send"), "hdrkit: cannot send"),
        (KeyboardInterrupt(), "hdrkit: interrupted"),
    ],
)
def test_a_failure_is_one_line_and_status_1(error, line, monkeypatch, capsys):
    def fail(arguments):
        raise error

    monkeypatch.setattr(survey, "run", fail)
    assert main.main(["survey", "folder"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", line + "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no file modes")
def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    done = hdrkit("reproduce", "--out", tmp_path / "file" / "out")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr == f"hdrkit: {tmp_path / 'file' / 'out'}: Not a directory\n"


def test_a_closed_pipe_is_no_failure(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "hdrkit", "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    assert "Traceback" not in process.communicate()[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process at once, without a signal")
def test_interrupt_reaches_a_command_as_sigterm_does():
    """A batch system ends jobs with SIGTERM; the line and the status are those of Ctrl-C."""
    script = (
        "import os, signal; from hdrkit.cli import doctor, main;"
        "doctor.run = lambda arguments: os.kill(os.getpid(), signal.SIGTERM); raise SystemExit(main.main(['doctor']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 1 and done.stderr == "hdrkit: interrupted\n"


@pytest.mark.parametrize(
    ("arguments", "goes_on"),
    [
        ("reproduce", True),
        ("capture", True),
        ("study loss", True),
        ("train", True),
        ("compare-heads --seconds 1", True),
        ("survey a", False),
        ("download weights", False),
        ("doctor", False),
    ],
)
def test_only_commands_that_go_on_promise_it(arguments, goes_on, monkeypatch, capsys):
    def interrupt(arguments):
        raise KeyboardInterrupt

    for command in main.COMMANDS:
        monkeypatch.setattr(command, "run", interrupt)
    assert main.main(arguments.split()) == 1
    assert ("goes on from here" in capsys.readouterr().err) == goes_on
