"""The command, without JupyterLab itself."""

import pytest
from filelock import FileLock

from hdrkit.cli import main
from hdrkit.core.errors import HdrkitError
from hdrkit.jupyter import lab


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Return the root of a lab of its own, where no other runs."""
    for name, path in {"ROOT": tmp_path, "WORK": tmp_path / "work", "BUILD": tmp_path / "build"}.items():
        monkeypatch.setattr(lab, name, path)
    (tmp_path / "build").mkdir()
    return tmp_path


def test_options_after_two_dashes_are_jupyterlabs(monkeypatch):
    given = []
    monkeypatch.setattr(lab, "lab", given.append)
    assert main.main(["lab", "--", "--no-browser", "--port", "9000"]) == 0
    assert main.main(["lab"]) == 0
    assert given == [["--no-browser", "--port", "9000"], []]


def test_beside_one_that_is_being_started_it_says_so_and_touches_nothing(root):
    with FileLock(root / "build" / ".lab.lock"), pytest.raises(HdrkitError, match="a lab is being started here"):
        lab.lab(["--no-browser"])
    assert not (root / "work").exists()


def test_beside_one_that_runs_it_says_where(root, monkeypatch, capsys):
    running = [{"root_dir": str(root / "other")}, {"root_dir": str(root), "url": "http://127.0.0.1:9/", "token": "abc"}]
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: iter(running))
    with FileLock(root / "build" / ".lab.lock"):
        lab.lab(["--no-browser"])
    assert "http://127.0.0.1:9/lab?token=abc" in capsys.readouterr().out
