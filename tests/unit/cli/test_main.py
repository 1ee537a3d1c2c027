import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hdrkit.ablations import analysis
from hdrkit.cli import doctor, main
from hdrkit.core.errors import HdrkitError
from hdrkit.core.parameters import PROFILES
from hdrkit.enhancement import synthetic_pairs
from hdrkit.fusion import baselines
from hdrkit.simulation import embedded_survey, embedded_views


def hdrkit(*arguments, **options):
    command = [sys.executable, "-m", "hdrkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


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
    assert done.stdout == "{'hdrkit'} 3\n", done.stderr  # hdrkit, hdrkit.cli.main, hdrkit.core.errors


COMMANDS = ["reproduce", "lab", "capture", "study", "survey", "download", "enhance", "doctor", "train"]


@pytest.mark.parametrize("command", [*COMMANDS, "compare-parametrisations"])
def test_each_command_shows_an_example(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main.main([command, "--help"])
    assert stopped.value.code == 0
    assert f"hdrkit {command}" in capsys.readouterr().out.split("example:")[1]


def test_all_fusions_are_offered(capsys):
    with pytest.raises(SystemExit):
        main.main(["enhance", "--help"])
    offered = re.search(r"--method \{(.*?)\}", capsys.readouterr().out)[1].split(",")
    assert sorted(offered) == sorted(baselines.METHODS)


@pytest.mark.parametrize("arguments", [[], ["reproduces"], ["reproduce", "--epochs", "3"], ["download", "moon"]])
def test_bad_usage_ends_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main.main(arguments)
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("enhance a --out b --bracket --strength 0", "--strength does not go with --bracket"),
        ("enhance a --out b --bracket --compare", "--compare does not go with --bracket"),
        ("enhance a --out b --bracket --confidence", "--confidence does not go with --bracket"),
        ("enhance a --out b --method mertens", "--method goes with --bracket only"),
        ("compare-parametrisations", "the following arguments are required: --seconds"),
        ("compare-parametrisations --seconds 0", "--seconds: 0 is not a number of seconds, at least 0.01"),
        ("compare-parametrisations --seconds soon", "--seconds: soon is not a number of seconds"),
        ("train --survey build/embedded", "unrecognized arguments: --survey"),
        ("capture --seed -1", "--seed: -1 is not a whole number, 0 or more"),
    ],
)
def test_bad_usage_says_in_plain_words_what_is_wrong(arguments, why, capsys):
    with pytest.raises(SystemExit) as stopped:
        main.main(arguments.split())
    assert stopped.value.code == 2
    assert why in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "into"),
    [
        ("study loss", "build/studies/quick"),
        ("study loss --profile full", "build/studies/full"),
        ("study loss --into results/studies", "results/studies"),
    ],
)
def test_kept_tables_of_studies_change_only_where_they_are_named(arguments, into, monkeypatch):
    from hdrkit.ablations import studies

    calls = []
    monkeypatch.setattr(main, "_capture_embedded", lambda survey: None)
    monkeypatch.setattr(studies, "run", lambda *given: calls.append(given))
    assert main.main(arguments.split()) == 0
    profile = "full" if "full" in arguments else "quick"
    assert calls == [("loss", profile, Path("build/embedded"), Path(f"build/studies/{profile}"), Path(into))]


def test_help_and_profiles_agree_with_the_kept_tables(capsys):
    kept = {json.loads(path.read_text())["profile"] for path in analysis.KEPT.glob("*.json")}
    assert kept == {"quick"}
    with pytest.raises(SystemExit):
        main.main(["study", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "smoke, quick or full (quick)" in text and "the kit keeps, of profile quick" in text
    for name in ("smoke", "quick", "full"):
        comment = (PROFILES / "studies" / f"{name}.yaml").read_text()
        assert ("What results/studies/ keeps" in comment) == (name in kept)


def test_comparing_parametrisations_hands_seconds_and_folders_on(monkeypatch, tmp_path, capsys):
    from hdrkit.ablations import compare_heads

    scene, calls = embedded_views.read_views()[0], []
    dev = next(view.scene for view in embedded_views.read_views() if view.split == "dev")
    embedded_survey.capture(tmp_path / "few", scenes=[scene.scene, dev])
    monkeypatch.setattr(compare_heads, "run", lambda *given: calls.append(given))
    command = f"compare-parametrisations --seconds 7 --profile smoke --out {tmp_path} --survey {tmp_path / 'few'}"
    assert main.main(command.split()) == 0
    size, seconds, prepared, views, out = calls[0]
    assert (size.epochs, seconds, [s.name for s in prepared], out) == (1, 7, [dev], tmp_path)
    assert len(views.light) == len(synthetic_pairs.training_panoramas())


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
    def fail(command):
        raise error

    monkeypatch.setattr(main, "_survey", fail)
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


def test_survey_lists_scenes_and_problems(tmp_path, capsys):
    from PIL import Image

    for number, seconds in enumerate((0.25, 0.5, 1.0)):
        picture = Image.new("RGB", (30, 20), (60 * number, 0, 0))
        exif = picture.getexif()
        exif.get_ifd(0x8769)[33434] = seconds
        (tmp_path / "garden").mkdir(exist_ok=True)
        picture.save(tmp_path / "garden" / f"{number}.jpg", exif=exif)
    (tmp_path / "empty").mkdir()
    assert main.main(["survey", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("garden") and "3 frames  EV -1 +0 +1  no render" in lines[0]
    assert any(line.startswith("problem: ") and "empty" in line for line in lines)


def test_doctor_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(doctor.provenance, "memory_bytes", lambda: 2 * 2**30)
    assert main.main(["doctor"]) == 1
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
    embedded_survey.capture(Path("build/embedded"), scenes=["Courtyard (1)", "Courtyard (2)"])
    assert doctor._survey().found == "2 scenes in build/embedded"
    shutil.rmtree("build/embedded/Courtyard (1)")
    assert doctor._survey().found.startswith("2 scenes in build/embedded, 1 of them missing; `hdrkit capture`")


def test_interrupt_reaches_a_command_as_sigterm_does():
    """A batch system ends jobs with SIGTERM; the line and the status are those of Ctrl-C."""
    script = "import os, signal, hdrkit.cli.main as c; c._doctor = lambda a: os.kill(os.getpid(), signal.SIGTERM)"
    script += "; raise SystemExit(c.main(['doctor']))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 1 and done.stderr == "hdrkit: interrupted\n"


@pytest.mark.parametrize(
    ("arguments", "goes_on"),
    [
        ("reproduce", True), ("capture", True), ("study loss", True), ("train", True), ("enhance a --out b", True),
        ("compare-parametrisations --seconds 1", True), ("enhance a --out b --force", False),
        ("enhance a --out b --bracket", False), ("survey a", False), ("download weights", False), ("doctor", False),
    ],
)  # fmt: skip
def test_only_commands_that_go_on_promise_it(arguments, goes_on, monkeypatch, capsys):
    def interrupt(command):
        raise KeyboardInterrupt

    monkeypatch.setattr(main, f"_{arguments.split()[0].replace('-', '_')}", interrupt)
    assert main.main(arguments.split()) == 1
    assert ("goes on from here" in capsys.readouterr().err) == goes_on
