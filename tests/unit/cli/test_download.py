"""The command, against a server on this machine, in a process of its own as users start it."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from helpers import servers
from helpers.servers import serving

ARCHIVE, RENDER = "/files/HDRPS_Raws.zip", "/HDRPS/Rendered/507Rendered.jpg"


@pytest.fixture
def site():
    """The survey with one scene."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for i in range(9):
            made.writestr(f"HDRPS Raws/507/_MDF{i:04d}.NEF", os.urandom(20_000))
    with serving({ARCHIVE: stream.getvalue(), RENDER: b"\xff\xd8\xff a render"}) as server:
        yield server


def command(site, folder):
    return [sys.executable, "-m", "hdrkit", "download", "fairchild", "--out", str(folder), "--from", site.root]


def run(site, folder):
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    return subprocess.run(command(site, folder), capture_output=True, text=True, encoding="utf-8", env=environment)


def test_it_says_what_there_is_and_what_comes_next(site, tmp_path):
    done = run(site, tmp_path / "fairchild")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Mark Fairchild's HDR Photographic Survey")
    assert "1 of 105 scenes are whole" in done.stdout
    assert done.stdout.endswith(f"hdrkit survey {tmp_path / 'fairchild'}\n")
    assert run(site, tmp_path / "fairchild").stdout.startswith(str(tmp_path))  # terms are said once


@pytest.mark.skipif(os.name == "nt", reason="no signals between processes")
@pytest.mark.parametrize(("kind", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
def test_stopped_it_goes_on_from_there(site, tmp_path, kind, code):
    site.faults[ARCHIVE] = [servers.trickles(2000, 0.05)]
    process = subprocess.Popen(
        command(site, tmp_path / "stopped"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
    )
    part = tmp_path / "stopped" / ".partial" / "HDRPS_Raws.zip.part"
    while not (part.is_file() and part.stat().st_size > 10_000):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.send_signal(signal.Signals[kind])
    said = process.communicate(timeout=60)[1]
    assert process.returncode == code
    if kind != "SIGKILL":
        assert said.strip().startswith("hdrkit: interrupted; finished files, and what there is of others, are kept; ")
    site.requests.clear()
    assert run(site, tmp_path / "stopped").returncode == 0
    resumed = [headers.get("Range") for path, headers in site.requests if path == ARCHIVE]
    assert len(resumed) == 1 and int(resumed[0][6:-1]) > 10_000
    assert run(site, tmp_path / "whole").returncode == 0
    assert (tmp_path / "stopped" / "checksums.csv").read_text() == (tmp_path / "whole" / "checksums.csv").read_text()


def test_a_failure_is_one_line(tmp_path):
    with serving() as gone:
        pass
    done = run(gone, tmp_path / "fairchild")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert "no connection, and so for the 3 files before it; check the network" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="no limits on files")
def test_a_full_disk_is_one_line_and_nothing_is_lost(site, tmp_path):
    """No file may be larger than 100 kB, as on a disk that is full by then; the archive has 180 kB."""
    import resource

    done = subprocess.run(
        command(site, tmp_path / "a"),
        capture_output=True,
        text=True,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "free some space" in done.stderr
    site.requests.clear()
    assert run(site, tmp_path / "a").returncode == 0
    assert [headers.get("Range") for path, headers in site.requests if path == ARCHIVE] == ["bytes=100000-"]
