import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hdrkit import capture, cli, doctor, fusion
from hdrkit.errors import HdrkitError


def hdrkit(*arguments, **options):
    command = [sys.executable, "-m", "hdrkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def test_help_comes_at_once_and_without_heavy_imports():
    """What is not of Python itself or of the kit is imported by the command that needs it."""
    done = hdrkit("--help")
    assert done.returncode == 0 and "reproduce" in done.stdout
    script = (
        "import sys, contextlib, io; before = set(sys.modules); from hdrkit import cli\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): cli.main(['--help'])\n"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(loaded - sys.stdlib_module_names, sum(name.startswith('hdrkit') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "{'hdrkit'} 3\n", done.stderr  # hdrkit, hdrkit.cli, hdrkit.errors


@pytest.mark.parametrize("command", ["reproduce", "capture", "study", "survey", "download", "enhance", "doctor"])
def test_each_command_shows_an_example(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert stopped.value.code == 0
    assert f"hdrkit {command}" in capsys.readouterr().out.split("example:")[1]


def test_all_fusions_are_offered(capsys):
    with pytest.raises(SystemExit):
        cli.main(["enhance", "--help"])
    offered = re.search(r"--method \{(.*?)\}", capsys.readouterr().out)[1].split(",")
    assert sorted(offered) == sorted(fusion.METHODS)


@pytest.mark.parametrize("arguments", [[], ["reproduces"], ["reproduce", "--epochs", "3"], ["download", "moon"]])
def test_bad_usage_ends_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (HdrkitError("a.dng: truncated;\ncopy it again"), "hdrkit: a.dng: truncated; copy it again"),
        (OSError(28, "No space left on device", "build/x.npz"), "hdrkit: build/x.npz: No space left on device"),
        (OSError("cannot send"), "hdrkit: cannot send"),
        (KeyboardInterrupt(), "hdrkit: interrupted; the same command goes on from here"),
    ],
)
def test_a_failure_is_one_line_and_status_1(error, line, monkeypatch, capsys):
    def fail(command):
        raise error

    monkeypatch.setattr(cli, "_survey", fail)
    fail.__name__ = "_survey"
    assert cli.main(["survey", "folder"]) == 1
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


def test_survey_lists_scenes_and_problems(tmp_path, capsys):
    from PIL import Image

    for number, seconds in enumerate((0.25, 0.5, 1.0)):
        picture = Image.new("RGB", (30, 20), (60 * number, 0, 0))
        exif = picture.getexif()
        exif.get_ifd(0x8769)[33434] = seconds
        (tmp_path / "garden").mkdir(exist_ok=True)
        picture.save(tmp_path / "garden" / f"{number}.jpg", exif=exif)
    (tmp_path / "empty").mkdir()
    assert cli.main(["survey", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("garden") and "3 frames  EV -1 +0 +1  no render" in lines[0]
    assert any(line.startswith("problem: ") and "empty" in line for line in lines)


def test_doctor_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(doctor.provenance, "memory_bytes", lambda: 2 * 2**30)
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr()
    assert "BAD  memory     2 GB; profile quick needs 6 GB" in printed.out
    assert printed.err.startswith("hdrkit: 1 of 9 checks failed")


def test_doctor_names_a_missing_and_an_unfit_package(monkeypatch):
    monkeypatch.setattr(doctor.importlib.metadata, "requires", lambda name: ["numpy<1", "no-such-package>=2", "pytest"])
    check = doctor._packages()
    assert not check.good
    assert "numpy" in check.found and "is not <1" in check.found and "no-such-package is missing" in check.found


def test_doctor_notices_a_damaged_and_a_missing_panorama(monkeypatch, tmp_path):
    names = sorted(path.name for path in (doctor.DATA / "panoramas").glob("*.exr"))
    assert doctor._data() == doctor.Check("data", True, "15 panoramas, as listed in data/panoramas/SHA256SUMS")
    copy_data(tmp_path, monkeypatch)
    (tmp_path / "panoramas" / names[3]).unlink()
    with open(tmp_path / "panoramas" / names[5], "r+b") as stream:
        stream.seek(1000)
        stream.write(b"x")
    check = doctor._data()
    assert not check.good and check.found.startswith(f"{names[3]}, {names[5]} missing or damaged")


def copy_data(folder, monkeypatch):
    shutil.copytree(doctor.DATA / "panoramas", folder / "panoramas")
    shutil.copy(doctor.DATA / "places.csv", folder)
    monkeypatch.setattr(doctor, "DATA", folder)


@pytest.mark.parametrize(
    ("sums", "found"),
    [(None, "SHA256SUMS is missing"), ("", "city.exr, .* missing"), ("a b c\n", "SHA256SUMS is damaged")],
)
def test_doctor_does_not_call_panoramas_whole_that_no_list_tells_of(monkeypatch, tmp_path, sums, found):
    copy_data(tmp_path, monkeypatch)
    listed = tmp_path / "panoramas" / "SHA256SUMS"
    listed.unlink() if sums is None else listed.write_text(sums)
    check = doctor._data()
    assert not check.good and re.search(found, check.found)


def test_doctor_without_any_panorama(monkeypatch, tmp_path):
    copy_data(tmp_path, monkeypatch)
    shutil.rmtree(tmp_path / "panoramas")
    assert "BAD  data" in str(doctor._data())
    assert "git checkout -- data" in doctor._data().found


def test_doctor_says_how_the_embedded_survey_is_made(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "not in build/embedded yet; `hdrkit capture` makes it" in doctor._survey().found
    capture.capture(Path("build/embedded"), scenes=["Courtyard (1)", "Courtyard (2)"])
    assert doctor._survey().found == "2 scenes in build/embedded"
    shutil.rmtree("build/embedded/Courtyard (1)")
    assert doctor._survey().found.startswith("2 scenes in build/embedded, 1 of them missing; `hdrkit capture`")


def test_interrupt_reaches_a_command_as_sigterm_does():
    """A batch system ends jobs with SIGTERM; the line and the status are those of Ctrl-C."""
    script = "import os, signal, hdrkit.cli as c; c._doctor = lambda a: os.kill(os.getpid(), signal.SIGTERM)"
    script += "; c._doctor.__name__ = '_doctor'; raise SystemExit(c.main(['doctor']))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 1 and done.stderr == "hdrkit: interrupted; the same command goes on from here\n"
