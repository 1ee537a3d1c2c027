import io
import os
import time

import pytest

from hdrkit.jupyter.status_line import LINE_LENGTH, Place, StatusLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("columns", "width"), [(40, 39), (300, LINE_LENGTH)])
def test_a_line_takes_the_place_of_a_longer_one_on_any_terminal(tmp_path, monkeypatch, columns, width):
    """No code of control is needed, which a console of Windows would print; no line is broken by the edge."""
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = Terminal()
    with StatusLine("01_data_survey", 3, tmp_path / "log", stream=terminal) as status:
        status._redraw("x" * 500)
        status._redraw("short")
    shown = terminal.getvalue().split("\r")
    assert all(len(line) == width for line in shown[:-1] if line)
    assert "x" * width in shown and f"{'short':{width}}" in shown and " " * width in shown
    assert shown[-1].startswith("01_data_survey  0 s") and "\033" not in terminal.getvalue()


def test_without_a_terminal_only_the_end_is_said(tmp_path):
    stream = io.StringIO()
    with StatusLine("01_data_survey", 3, tmp_path / "log", stream=stream) as status:
        status.cell_start({"cell_type": "code", "source": "x = 1\ny = 2"}, 0)
        status.write("half" + os.linesep)
    assert stream.getvalue() == "01_data_survey  0 s\n"
    assert "-- [1] x = 1\nhalf" in (tmp_path / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("expected", "after", "elapsed", "words"),
    [
        (60, 600, 0, "about 11 min left"),
        (60, 600, 40, "about 10 min left"),
        (60, 600, 1000, "about 10 min left"),  # it takes longer than it should
        (60, 0, 50, "about a minute left"),
        (None, 600, 0, ""),
        (60, None, 0, ""),
    ],
)
def test_it_says_how_long_the_run_takes_where_somebody_knows(expected, after, elapsed, words):
    assert Place(3, 11, expected, after).left(elapsed) == words


def test_on_a_terminal_it_says_what_runs_and_how_long_that_takes(tmp_path):
    terminal = Terminal()
    with StatusLine("01_data_survey", 3, tmp_path / "log", Place(1, 11, 60, 600), terminal) as status:
        status.cell_start({"cell_type": "code", "source": "x = 1"}, 0)
        time.sleep(0.7)
    assert "01_data_survey (1 of 11)  cell 1 of 3  0:00  about 11 min left  -- [1] x = 1" in terminal.getvalue()
