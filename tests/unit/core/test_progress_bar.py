import io
import sys
import time
from itertools import groupby

import pytest
from helpers.commands import on_terminal
from ipywidgets import FloatProgress

from hdrkit.core.progress_bar import LOGGED, bar, waiting


def test_quiet_without_a_terminal(capfd):
    assert list(bar(range(3), "counting")) == [0, 1, 2]
    assert capfd.readouterr() == ("", "")


def test_under_the_runner_bars_go_past_the_notebook_to_the_log(monkeypatch, capfd):
    log = io.StringIO()
    monkeypatch.setenv(LOGGED, "1")
    monkeypatch.setattr(sys, "__stderr__", log)
    with bar(total=4, desc="training", unit="batch") as shown:
        shown.update(4)
    assert "training" in log.getvalue() and "100 %, 4 of 4, 00:00 left" in log.getvalue()
    assert capfd.readouterr() == ("", "")


def test_a_bar_in_a_bar_moves_no_cursor_in_the_log(monkeypatch):
    log = io.StringIO()
    monkeypatch.setenv(LOGGED, "1")
    monkeypatch.setattr(sys, "__stderr__", log)
    for _ in bar(range(2), "outer"):
        assert len(list(bar(range(2), "inner"))) == 2
    assert "inner: 100 %" in log.getvalue() and "\x1b" not in log.getvalue()


def test_in_a_notebook_the_bar_is_a_widget(monkeypatch, capfd):
    class Shell:
        kernel = None

    monkeypatch.setattr("IPython.get_ipython", Shell)
    shown = bar(range(3), "counting", unit="step")
    _, progress, _ = shown.container.children
    assert isinstance(progress, FloatProgress) and (progress.value, progress.max) == (0, 3)
    assert list(shown) == [0, 1, 2]
    assert (progress.value, progress.bar_style) == (3, "success")
    assert capfd.readouterr().err == ""


def test_in_a_terminal_of_ipython_the_bar_is_no_widget(monkeypatch):
    class Shell:  # has no kernel
        pass

    monkeypatch.setattr("IPython.get_ipython", Shell)
    assert not hasattr(bar(range(3)), "container")


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals to imitate")
def test_a_brief_bar_comes_after_a_second_and_leaves_in_the_main_thread_only():
    script = "import time; from concurrent.futures import ThreadPoolExecutor\n"
    script += "from hdrkit.core.progress_bar import brief\n"
    script += "steps = lambda seconds, name: [time.sleep(seconds) for _ in brief(range(4), name)]\n"
    script += "steps(0, 'quick'); ThreadPoolExecutor(1).submit(steps, 0.4, 'pool').result(); steps(0.4, 'slow')"
    status, screen = on_terminal([sys.executable, "-c", script])
    assert status == 0 and "slow:  75%" in screen and screen.split("\r")[-2].strip() == ""
    assert "quick" not in screen and "pool" not in screen


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals to imitate")
def test_a_wait_shows_what_is_done_and_for_how_long_and_leaves_with_it():
    script = "import time; from hdrkit.core.progress_bar import waiting\n"
    script += "with waiting('loading') as line: time.sleep(1.5); line.set_description_str('hashing'); time.sleep(1)\n"
    script += "with waiting('at once'): pass\n"
    status, screen = on_terminal([sys.executable, "-c", script])
    *shown, wiped, end = screen.split("\r")
    assert status == 0 and (wiped.strip(), end) == ("", "")
    assert [word for word, _ in groupby(line.partition(": 00:0")[0] for line in shown[1:])] == ["loading", "hashing"]


def test_a_wait_is_quiet_without_a_terminal(capfd):
    with waiting("loading"):
        time.sleep(1.2)
    assert capfd.readouterr() == ("", "")
