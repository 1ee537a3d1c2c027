import signal
import threading
import time
from contextlib import suppress

import nbformat
import pytest
from nbclient import NotebookClient

from hdrkit.core import interruption
from hdrkit.core.errors import HdrkitError
from hdrkit.core.interruption import StoppedError, remembered, resumable

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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_python_dropped_is_raised_at_the_next_check(heard):
    class Dropping:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    with remembered() as check:
        check()
        thing = Dropping()
        del thing  # Python says "Exception ignored in" and goes on
        with pytest.raises(KeyboardInterrupt):
            check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_one_that_is_not_dropped_is_raised_at_once(heard):
    with pytest.raises(KeyboardInterrupt), remembered():
        signal.raise_signal(signal.SIGINT)
        time.sleep(1)


def test_no_other_thread_asks_for_signals(heard):
    found = []

    def work():
        with remembered() as check:
            found.append(check())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [None]
