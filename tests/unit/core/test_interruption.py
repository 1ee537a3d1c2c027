import signal
import threading
import time
from contextlib import suppress

import nbformat
import pytest
from nbclient import NotebookClient

from hdrkit.core import interruption
from hdrkit.core.errors import HdrkitError
from hdrkit.core.interruption import StoppedError, at_checks, resumable

CELL = """import time
from hdrkit.core.interruption import resumable
print("begun")
with resumable("the finished scenes are kept"):
    time.sleep(60)"""


def test_who_interrupts_a_cell_is_told_how_to_go_on_in_one_line():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    client = NotebookClient(notebook, kernel_name="python3", timeout=120, allow_errors=True)
    thread = threading.Thread(target=interrupt_when_begun, args=(client, notebook))
    thread.start()
    client.execute()
    thread.join()
    shown = notebook.cells[0].outputs[-1]
    line = "interrupted: the finished scenes are kept; run the cell again to go on"
    assert (shown.output_type, shown.ename, shown.traceback) == ("error", "StoppedError", [line])


def interrupt_when_begun(client, notebook):
    until = time.monotonic() + 120
    while not notebook.cells[0].outputs and time.monotonic() < until:
        time.sleep(0.05)
    client.km.provisioner.process.send_signal(2)


def test_a_command_is_interrupted_as_ever():
    with pytest.raises(KeyboardInterrupt), resumable("the finished scenes are kept"):
        raise KeyboardInterrupt


def test_in_a_notebook_nothing_else_is_caught(monkeypatch):
    class Shell:
        kernel = None

    monkeypatch.setattr("IPython.get_ipython", Shell)

    @resumable("the finished scenes are kept")
    def half(number):
        if number is None:
            raise KeyboardInterrupt
        return number / 2

    assert half(4) == 2
    with pytest.raises(TypeError):
        half("4")
    with pytest.raises(StoppedError), suppress(HdrkitError, Exception):  # no step that may fail goes on after it
        half(None)


def test_who_was_told_once_is_not_told_again(monkeypatch):
    monkeypatch.setattr(interruption, "in_notebook", lambda: True)
    with pytest.raises(StoppedError, match="^stopped after epoch 1$"), resumable("the finished epochs are kept"):
        raise StoppedError("stopped after epoch 1")


@pytest.fixture
def heard():
    """Let this process hear Ctrl-C, whatever it was started with."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Callback:
    """Python drops what is raised in its end, with a traceback, as in callbacks of the garbage collector."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_waits_for_the_next_check(heard, capfd):
    with pytest.raises(KeyboardInterrupt), at_checks() as check:
        check()
        thing = Callback()
        del thing
        check()
        pytest.fail("the check said nothing")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler and capfd.readouterr().err == ""


def test_ctrl_c_without_a_check_waits_for_the_end(heard):
    done = []
    with pytest.raises(KeyboardInterrupt), at_checks():
        signal.raise_signal(signal.SIGINT)
        done.append("the rest")
    assert done == ["the rest"]


def test_a_second_ctrl_c_does_not_wait(heard):
    with pytest.raises(KeyboardInterrupt), at_checks():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("it waited")


def test_the_end_of_the_process_waits_too_and_is_told_apart(heard):
    class TerminatedError(KeyboardInterrupt):
        pass

    def terminate(_number, _frame):
        raise TerminatedError

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        with pytest.raises(TerminatedError), at_checks() as check:
            signal.raise_signal(signal.SIGTERM)
            check()
            pytest.fail("the check said nothing")
        assert signal.getsignal(signal.SIGTERM) is terminate
    finally:
        signal.signal(signal.SIGTERM, before)


def test_no_other_thread_asks_for_signals(heard):
    found = []

    def work():
        with at_checks() as check:
            found.append(check())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [None]
