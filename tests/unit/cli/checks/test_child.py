import os
import subprocess
import sys

import pytest

from hdrkit.cli.checks.child import ILLEGAL_INSTRUCTION, Child, _failure


@pytest.mark.parametrize(
    ("code", "printed", "failure"),
    [
        ("print('yes')", "yes\n", ""),
        ("print('\\u2212')", "\u2212\n", ""),
        ("print('yes'); raise ValueError('no')", "yes\n", "ValueError: no"),
        ("import sys; sys.exit('a line why')", "", "a line why"),
        ("import sys; sys.exit(3)", "", "ended with status 3"),
    ],
)
def test_an_answer_and_a_failure_are_told_apart(code, printed, failure):
    with Child(code) as child:
        assert child.answer(60) == (printed, failure)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_crash_is_named():
    with Child("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)") as child:
        assert child.answer(60) == ("", "crashed (SIGSEGV)")
    with Child("import os, signal; os.kill(os.getpid(), signal.SIGILL)") as child:
        assert child.answer(60)[1] == "stopped by an instruction that this processor does not have"


@pytest.mark.parametrize("status", ILLEGAL_INSTRUCTION)
def test_an_illegal_instruction_is_known_on_each_system(status):
    assert _failure(status, "") == "stopped by an instruction that this processor does not have"


def test_a_child_that_hangs_is_ended():
    with Child("import time; print('here', flush=True); time.sleep(1000)") as child:
        assert child.answer(2)[1] == "no answer in 2 seconds"


def test_a_child_that_nobody_waits_for_ends_with_the_block():
    with Child("import time; time.sleep(1000)") as child:
        process = child._process
    assert process.returncode is not None


def test_a_file_in_the_working_folder_hides_no_module(tmp_path, monkeypatch):
    """A student's `json.py` must not make the doctor ill, wherever the doctor is called."""
    (tmp_path / "json.py").write_text("raise SystemExit('hidden')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    with Child("import json; print(json.dumps(1))") as child:
        assert child.answer(60) == ("1\n", "")


def test_a_child_sees_the_packages_that_this_process_sees(tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("print('seen')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with Child("import only_here") as child:
        assert child.answer(60) == ("seen\n", "")
    alone = subprocess.run([sys.executable, "-P", "-c", "import only_here"], capture_output=True, env=dict(os.environ))
    assert alone.returncode == 1
