import json
import os
import shutil
import subprocess
import sys
import venv

import packaging
import pytest

from hdrkit.cli import doctor, main
from hdrkit.cli.checks import examination
from hdrkit.cli.checks.check import BAD, NOTE, OK, WARNING, Check
from hdrkit.core.files import PACKAGE

ALL = [
    *("python", "packages", "lock", "processor", "memory", "disk", "data", "survey", "imports", "weights", "imagenet"),
    *("browser", "lab", "mirror", "test", "tensorflow"),
]
FOUND = [
    Check("python", OK, "3.12.1"),
    Check("lab", NOTE, "jupyterlab is missing", "install it"),
    Check("memory", WARNING, "2.0 GB", "take less"),
]


@pytest.fixture
def bare(tmp_path):
    """A function that runs the doctor of this clone in a Python that has no packages but those in `folder`."""
    venv.create(tmp_path / "bare", symlinks=sys.platform != "win32")
    python = tmp_path / "bare" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def run(*arguments, folder=tmp_path):
        path = os.pathsep.join([str(PACKAGE.parent), str(folder)])
        environment = os.environ | {"PYTHONPATH": path, "HDRKIT_CACHE": str(tmp_path / "cache")}
        command = [python, "-P", "-m", "hdrkit", "doctor", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8")
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return run


def test_where_all_is_missing_the_doctor_still_sees_what_there_is(bare):
    done = bare()
    assert done.returncode == 1
    lines = {line.split()[1]: line for line in done.stdout.splitlines()}
    assert lines["packages"].startswith("BAD   packages   packaging, which reads the ranges of all others, cannot be")
    assert lines["data"] == "ok    data       all 15 panoramas, 11 tables and the addresses of downloads are whole"
    assert "No module named 'numpy'" in lines["weights"] and lines["weights"].startswith("BAD")
    assert lines["processor"].startswith("ok") and lines["survey"].startswith("note")
    assert done.stderr.startswith("hdrkit: ") and done.stderr.count("\n") == 1


def test_what_is_missing_and_what_is_broken_is_told_apart(bare, tmp_path):
    folder = tmp_path / "packages"
    shutil.copytree(packaging.__path__[0], folder / "packaging")
    for name, version, source in [("packaging", "26.0", None), ("numpy", "2.3.0", "raise ImportError('planted')")]:
        (folder / f"{name}-{version}.dist-info").mkdir(parents=True)
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (folder / f"{name}-{version}.dist-info" / "METADATA").write_text(text, encoding="utf-8")
        if source:
            (folder / name).mkdir()
            (folder / name / "__init__.py").write_text(source, encoding="utf-8")
    done = bare("--json", folder=folder)
    assert done.returncode == 1
    checks = {check["name"]: check for check in json.loads(done.stdout)}
    assert list(checks) == ALL
    assert checks["packages"]["state"] == BAD
    assert "pandas is missing" in checks["packages"]["found"] and "numpy" not in checks["packages"]["found"]
    assert checks["imports"]["state"] == BAD
    assert checks["imports"]["found"] == "numpy 2.3.0 cannot be imported (ImportError: planted)"
    assert '"numpy' in checks["imports"]["advice"]
    assert checks["tensorflow"]["state"] == WARNING and checks["tensorflow"]["found"] == "not tried"
    assert checks["weights"]["found"].endswith("(ImportError: planted)")
    assert checks["lab"]["state"] == NOTE and checks["lab"]["found"].startswith("jupyterlab is missing")
    assert checks["python"]["state"] == OK


def examined(monkeypatch, checks):
    monkeypatch.setattr(examination, "examine", lambda network, wait: iter(checks))


def test_notes_and_warnings_are_no_failures(monkeypatch, capsys):
    examined(monkeypatch, FOUND)
    assert main.main(["doctor"]) == 0
    printed = capsys.readouterr()
    assert printed.out == (
        "ok    python     3.12.1\n"
        "note  lab        jupyterlab is missing; install it\n"
        "warn  memory     2.0 GB; take less\n"
    )
    assert printed.err == ""


def test_what_the_kit_needs_is_a_failure(monkeypatch, capsys):
    examined(monkeypatch, [*FOUND, Check("data", BAD, "gone", "get it")])
    assert main.main(["doctor", "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)[-1] == {"name": "data", "state": "BAD", "found": "gone", "advice": "get it"}
    assert printed.err == "hdrkit: 1 of 4 checks failed; the lines marked BAD say what to do\n"


def test_progress_is_for_terminals_and_leaves_nothing_there(monkeypatch, capsys):
    doctor._wait("imports")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    doctor._wait("imports")
    doctor._wait()
    assert capsys.readouterr().err == f"\r{'...   imports':30}\r...   imports\r{'':30}\r"
