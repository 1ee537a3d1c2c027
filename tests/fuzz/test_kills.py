"""`kill -9` at any moment: the next run ends in the files in which it would have ended, and leaves no others."""

import io
import zipfile

import pytest
from helpers import photographs
from helpers.killing import assert_kills_change_nothing, files_in, nursery
from helpers.servers import serving

pytest.importorskip("fcntl", reason="Windows has no process groups to kill")

CAPTURE = """
from hdrkit.simulation.embedded_survey import capture
capture(folder, scenes=["Courtyard (3)", "Potsdamer Platz (2)"], workers=1)
"""
COMMAND = """
from hdrkit.cli.main import main
assert main({words} + [folder]) == 0
"""
TRAINING = "from helpers import trainings; trainings.fit(folder)"


@pytest.fixture(scope="module", autouse=True)
def little_memory():
    """TensorFlow takes more addresses than tests of single files may; nothing here asks for much memory."""


def test_a_capture(tmp_path):
    with nursery("hdrkit.simulation.embedded_survey") as started:
        assert_kills_change_nothing(started, CAPTURE, tmp_path, files_in)


def test_a_download(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for i in range(9):
            made.writestr(f"HDRPS Raws/507/_MDF{i:04d}.NEF", bytes([i]) * 20_000)
    renders = {f"/HDRPS/Rendered/{name}Rendered.jpg": b"\xff\xd8\xff a render" for name in ("507", "Zentrum")}
    with serving({"/files/HDRPS_Raws.zip": stream.getvalue()} | renders) as site, nursery("hdrkit.downloads.fairchild") as started:
        work = COMMAND.format(words=["download", "fairchild", "--from", site.root, "--out"])
        assert_kills_change_nothing(started, work, tmp_path, files_in)


def test_photographs_enhanced(tmp_path):
    for name in ("a.jpg", "b.png", "deflate.tif", "a.dng"):
        photographs.write(tmp_path / "in" / name)
    with nursery("hdrkit.enhancement.batch") as started:
        work = COMMAND.format(words=["enhance", str(tmp_path / "in"), "--compare", "--confidence", "--out"])
        assert_kills_change_nothing(started, work, tmp_path, files_in)


def test_a_training(tmp_path):
    with nursery("helpers.trainings") as started:
        assert_kills_change_nothing(started, TRAINING, tmp_path, files_in)
