import io
import sys

from hdrkit.bars import LOGGED, bar


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


def test_in_a_notebook_the_bar_is_a_widget(monkeypatch):
    class Shell:
        kernel = None

    monkeypatch.setattr("IPython.get_ipython", Shell)
    monkeypatch.setattr("tqdm.notebook.tqdm", lambda *arguments, **options: ("widget", arguments, options))
    assert bar(range(3), total=3) == ("widget", (range(3),), {"total": 3})
