import io
import sys

from ipywidgets import FloatProgress

from hdrkit.core.progress_bar import LOGGED, bar


def test_quiet_without_a_terminal(capfd):
    assert list(bar(range(3), "counting")) == [0, 1, 2]
    assert capfd.readouterr() == ("", "")


def test_under_the_runner_bars_go_past_the_notebook_to_the_log(monkeypatch, capfd):
    log = io.StringIO()
    monkeypatch.setenv(LOGGED, "1")
    monkeypatch.setattr(sys, "__stderr__", log)
    with bar(total=4, desc="training", unit="batch") as shown:
        shown.update(4)
    assert "training" in log.getvalue() and "4/4" in log.getvalue()
    assert capfd.readouterr() == ("", "")


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
