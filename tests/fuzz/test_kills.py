"""`kill -9` at any moment: the next run ends in the files in which it would have ended, and leaves no others."""

import io
import zipfile

import pytest
from helpers import photographs
from helpers.brackets import write_bracket
from helpers.cells import write_notebook
from helpers.killing import assert_kills_change_nothing, files_in, nursery
from helpers.servers import serving

from hdrkit.reproduction.runner import WATCHED

pytest.importorskip("fcntl", reason="Windows has no process groups to kill")

COMMAND = """
from hdrkit.cli.main import main
assert main([*{words}, folder]) == 0
"""
CAPTURE = """
from hdrkit.simulation.embedded_survey import capture
capture(folder, scenes=["Courtyard (3)", "Potsdamer Platz (2)"], workers=1)
"""
TRAINING = "from helpers import trainings; trainings.fit(folder)"
SETTINGS = """
import os
from hdrkit.ablations import studies
from hdrkit.core.code_key import code_key
from hdrkit.training.recipes import ARCHITECTURES, Recipe
from helpers import trainings

code_key("hdrkit.ablations.cells", "hdrkit.dataset.alignment")  # read once
ARCHITECTURES["tiny"] = lambda recipe, size, width: trainings.build(size)
studies.STUDIES = {"tiny": [studies.Setting(loss, loss, Recipe("tiny", loss=loss)) for loss in ("l1", "l2")]}
"""
STUDY = "os.makedirs(folder, exist_ok=True); os.chdir(folder)"
NOTEBOOKS = """
import papermill
from hdrkit.jupyter import kernel, page
from hdrkit.reproduction import all_tables, report_page, runner
from pathlib import Path

reproduce = runner.reproduce
runner.reproduce = lambda *arguments: reproduce(*arguments, notebooks=Path({notebooks!r}))
"""
PARAMETERS = 'profile = "smoke"\nsurvey = "s"\nout = "o"\nepochs = 1'
NUMBER = "from hdrkit.reproduction import store; store.write_numbers(out, '{name}', {{'parameters_total': epochs}})"
FIGURE = """
from hdrkit.display import figures
figure, axes = figures.plt.subplots()
axes.plot([1, 2])
figures.save(figure, out, "{name}_line", "A line.")
"""


@pytest.fixture(scope="module", autouse=True)
def little_memory():
    """TensorFlow takes more addresses than tests of single files may; nothing here asks for much memory."""


def command(*words):
    return COMMAND.format(words=list(map(str, words)))


def test_a_capture(tmp_path):
    with nursery("import hdrkit.simulation.embedded_survey") as started:
        assert_kills_change_nothing(started, CAPTURE, tmp_path, files_in)


def test_a_download(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for i in range(9):
            made.writestr(f"HDRPS Raws/507/_MDF{i:04d}.NEF", bytes([i]) * 20_000)
    pictures = {f"/HDRPS/Rendered/{name}Rendered.jpg": b"\xff\xd8\xff a render" for name in ("507", "Zentrum")}
    with (
        serving({"/files/HDRPS_Raws.zip": stream.getvalue()} | pictures) as site,
        nursery("import hdrkit.downloads.fairchild") as started,
    ):
        work = command("download", "fairchild", "--from", site.root, "--out")
        assert_kills_change_nothing(started, work, tmp_path, files_in)


def test_photographs_enhanced(tmp_path):
    for name in ("a.jpg", "b.png", "deflate.tif", "a.dng"):
        photographs.write(tmp_path / "in" / name)
    with nursery("import hdrkit.enhancement.batch") as started:
        work = command("enhance", tmp_path / "in", "--compare", "--confidence", "--out")
        assert_kills_change_nothing(started, work, tmp_path, files_in)


def test_a_training(tmp_path):
    with nursery("import helpers.trainings") as started:
        assert_kills_change_nothing(started, TRAINING, tmp_path, files_in)


def test_a_study(tmp_path):
    for name in ("barn", "lake", "mill"):
        write_bracket(tmp_path / "survey" / name)
    splits = "scene,place,split\nbarn,barn,train\nlake,lake,dev\nmill,mill,test\n"
    (tmp_path / "survey" / "survey.csv").write_text(splits, encoding="utf-8")
    with nursery(SETTINGS) as started:
        work = STUDY + command("study", "tiny", "--profile", "smoke", "--survey", tmp_path / "survey", "--into")
        assert_kills_change_nothing(started, "import os; " + work, tmp_path, files_in)


def test_notebooks(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("01", "02"):
        cells = NUMBER.format(name=name), FIGURE.format(name=name)
        write_notebook(tmp_path / "notebooks" / f"{name}_any.ipynb", *cells, parameters=PARAMETERS)
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "scene.txt").write_text("pixels", encoding="utf-8")
    profile = tmp_path / "tiny.yaml"
    profile.write_text("epochs: 2\n", encoding="utf-8")
    with nursery(NOTEBOOKS.format(notebooks=str(tmp_path / "notebooks"))) as started:
        work = command("reproduce", "--profile", profile, "--survey", tmp_path / "survey", "--out")
        assert_kills_change_nothing(started, work, tmp_path, results)


def results(folder):
    """Return the results of a run; of its pages and records, which tell times, the names."""
    return files_in(folder, lambda path: path.read_bytes() if path.parent.name in WATCHED else None)
