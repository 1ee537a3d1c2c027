import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.commands import on_terminal, refused

from hdrkit.cli import capture, main, survey
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
    shared = {"__init__", "arguments", "loading", "main"}
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


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["reproduces"],
        ["reproduce", "--epochs", "3"],
        ["download", "moon"],
        ["download", "polyhaven", "--count", "0"],
    ],
)
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
        (
            OSError(28, "No space left", "build/x.npz"),
            "hdrkit: build/x.npz: No space left; free some space or name another folder",
        ),
        (OSError("cannot send"), "hdrkit: cannot send"),
        (PermissionError(13, "Permission denied", "\x1b[31m\n.hdr"), "hdrkit: \\x1b[31m .hdr: Permission denied"),
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
    assert (
        done.stderr
        == f"hdrkit: {tmp_path / 'file' / 'out'}: cannot be written (Not a directory); choose another --out\n"
    )


def test_a_closed_pipe_is_no_failure(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "hdrkit", "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    assert "Traceback" not in process.communicate()[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process at once, without a signal")
def test_interrupt_reaches_a_command_as_sigterm_does():
    """A batch system ends jobs with SIGTERM; the line is that of Ctrl-C."""
    script = (
        "import os, signal; from hdrkit.cli import doctor, main;"
        "doctor.run = lambda arguments: os.kill(os.getpid(), signal.SIGTERM); raise SystemExit(main.main(['doctor']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 143 and done.stderr == "hdrkit: interrupted\n"


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ("reproduce", "finished notebooks and epochs of training are kept"),
        ("capture --out 'my survey'", "finished scenes are kept"),
        ("study loss", "finished trainings are kept"),
        ("train", "finished epochs are kept"),
        ("compare-heads --seconds 1", "finished heads are kept"),
        ("survey a", ""),
        ("download weights", ""),
        ("download fairchild --exr", "finished files, and what there is of others, are kept"),
        ("download polyhaven --count 9", "finished files, and what there is of others, are kept"),
        ("doctor", ""),
    ],
)
def test_an_interrupted_command_says_what_is_kept_and_how_to_go_on(arguments, kept, monkeypatch, capsys):
    def interrupt(arguments):
        raise KeyboardInterrupt

    for command in main.COMMANDS:
        monkeypatch.setattr(command, "run", interrupt)
    monkeypatch.setattr(main.signal, "signal", lambda *_: None)  # those of the tests stay
    assert main.main(shlex.split(arguments)) == 130
    line = capsys.readouterr().err
    if kept:
        assert line.startswith(f"hdrkit: interrupted; {kept}; to go on: ")
        program, *words = shlex.split(line.partition("to go on: ")[2])
        assert os.path.exists(program) and words == ["-m", "hdrkit", *shlex.split(arguments)]
    else:
        assert line == "hdrkit: interrupted\n"


def test_a_full_disk_says_how_to_go_on(monkeypatch, capsys):
    def fill(arguments):
        raise OSError(errno.ENOSPC, "No space left on device", "x.npz")

    monkeypatch.setattr(capture, "run", fill)
    assert main.main(["capture"]) == 1
    free = "No space left on device; free some space or name another folder; finished scenes are kept; to go on: "
    assert capsys.readouterr().err.startswith(f"hdrkit: x.npz: {free}")


@pytest.mark.parametrize(
    ("place", "path", "start"),
    [
        ("venv/bin/hdrkit", "venv/bin", "hdrkit"),
        ("venv/bin/hdrkit", "other", os.path.join("venv", "bin", "hdrkit")),
        ("site/hdrkit/__main__.py", "venv/bin", f"{sys.executable} -m hdrkit"),
    ],
)
def test_the_command_to_go_on_with_is_the_one_that_was_called(place, path, start, tmp_path, monkeypatch):
    """By the name that the shell finds, else by the path: a `make` whose .venv is not active finds no `hdrkit`."""
    program = tmp_path / place
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / path))
    monkeypatch.setattr(sys, "argv", [str(program)])
    assert main._same_command(["capture"]) == f"{start} capture"


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals to imitate")
def test_a_command_that_is_interrupted_goes_on_where_it_was(tmp_path):
    """On a terminal: a bar shows how far it is, Ctrl-C ends it in one line, and the line that it says does the rest."""
    script = tmp_path / "hdrkit"
    script.write_text(f"#!{sys.executable}\n{INTERRUPTED}", encoding="utf-8")
    script.chmod(0o755)
    status, screen = on_terminal([script, "capture", "--out", tmp_path / "out"], wait_for="2/3")
    assert status == 130 and "taking:  67%" in screen and "Traceback" not in screen
    *_, last = screen.splitlines()
    said, _, command = last.partition("; to go on: ")
    assert said == "hdrkit: interrupted; finished scenes are kept"
    done = subprocess.run(shlex.split(command), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout == "['2']\n"


# `hdrkit capture` with three scenes, at the third of which it waits the first time.
INTERRUPTED = """
import sys, time
from pathlib import Path
from hdrkit.cli import capture, main
from hdrkit.core.progress_bar import bar

def run(arguments):
    again, made = arguments.out.exists(), []
    arguments.out.mkdir(exist_ok=True)
    for scene in bar("012", "taking", unit="scene", mininterval=0):
        if not (arguments.out / scene).exists():
            if scene == "2" and not again:
                time.sleep(60)
            (arguments.out / scene).touch()
            made.append(scene)
    print(made)

capture.run = run
sys.exit(main.main())
"""
