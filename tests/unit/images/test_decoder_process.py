"""What decodes crashes, hangs, prints or asks for too much: each is one line, and the next file is read."""

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.images import decoder_process
from hdrkit.images.decoder_process import in_decoder


def echoed(path, *options):
    print("what a library says on standard output is no answer")
    return {"options": list(options), "array": np.arange(6, dtype="<u2").reshape(2, 3), "bytes": b"\n\0", "empty": b""}


def crashed(path):
    os.kill(os.getpid(), signal.SIGSEGV)


def aborted(path):
    os._exit(3)


def endless(path):
    time.sleep(1000)


def refused(path):
    raise HdrkitError(f"{path}: not this one")


def broken(path):
    raise KeyError("two\nlines")


def huge(path):
    np.ones(2**50, np.uint8)


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """The decoding process imports the functions of this file, too."""
    monkeypatch.syspath_prepend(os.path.dirname(__file__))
    for function in (echoed, crashed, aborted, endless, refused, broken, huge):
        monkeypatch.setattr(function, "__module__", "test_decoder_process")
    decoder_process._end_all()  # those that began without it
    yield
    decoder_process._end_all()


def assert_goes_on():
    assert in_decoder(echoed, "a", 1, "b")["options"] == [1, "b"]


def test_what_was_decoded_comes_back():
    found = in_decoder(echoed, "a.nef", 1.5, None)
    assert found["options"] == [1.5, None] and found["bytes"] == b"\n\0" and found["empty"] == b""
    assert found["array"].dtype == np.uint16 and found["array"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_one_process_serves_many_files_and_each_thread_has_its_own():
    for _ in range(3):
        assert_goes_on()
    (only,) = decoder_process._idle
    only.end()  # as a system does that is short of memory: no file is to blame
    assert_goes_on()
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda i: in_decoder(echoed, "a", i)["options"], range(30)))
    assert found == [[i] for i in range(30)] and len(decoder_process._idle) <= 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_crash_is_one_line_that_names_the_file():
    line = r"^b.nef: could not be read: the decoder crashed \(SIGSEGV\); copy the file again"
    for _ in range(2):
        with pytest.raises(HdrkitError, match=line):
            in_decoder(crashed, "b.nef")
        assert_goes_on()


def test_a_process_that_ends_without_an_answer_is_one_line():
    with pytest.raises(HdrkitError, match="^b.nef: could not be read: the decoder crashed; "):
        in_decoder(aborted, "b.nef")
    assert_goes_on()


def test_a_hang_is_one_line(monkeypatch):
    monkeypatch.setattr(decoder_process, "SECONDS", 2.0)
    with pytest.raises(HdrkitError, match="^b.nef: could not be read: the decoder took longer than 2 s; copy the file"):
        in_decoder(endless, "b.nef")


def test_other_failures_are_told_apart_and_cost_no_process():
    assert_goes_on()
    kept = decoder_process._idle[0]
    with pytest.raises(HdrkitError, match="^c.nef: not this one$"):
        in_decoder(refused, "c.nef")
    with pytest.raises(ValueError, match=r"^KeyError: 'two\\nlines'$"):
        in_decoder(broken, "c.nef")
    with pytest.raises(MemoryError):
        in_decoder(huge, "c.nef")
    assert decoder_process._idle == [kept]


def test_a_file_in_the_working_folder_hides_no_library(tmp_path, monkeypatch):
    """Photographs come with other files; none of them is run because it is called as a library is."""
    (tmp_path / "numpy.py").write_text("raise SystemExit('run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    assert_goes_on()
