"""The notebooks as they are committed, and as they run with the profile `smoke`."""

import json
import re

import pandas as pd
import pytest

from hdrkit import capture, parameters, results
from hdrkit.errors import HdrkitError
from hdrkit.reproduce import NOTEBOOKS, reproduce

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_names_begin_with_the_numbers_they_run_in():
    assert [path.name[:2] for path in PATHS] == [f"{number:02}" for number in range(1, len(PATHS) + 1)]


@every_notebook
def test_holds_no_outputs(path):
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)


@every_notebook
def test_declares_the_parameters_that_the_runner_gives(path):
    declared = parameters.declared(path)
    assert {"profile", "survey", "out"} <= set(declared)


@every_notebook
def test_begins_with_objectives_prerequisites_and_minutes(path):
    first = cells(path)[0]
    assert first["cell_type"] == "markdown" and first["source"][0].startswith("# ")
    text = "".join(first["source"])
    assert "**You will**" in text and "**Before you start:**" in text
    assert re.search(r"\*\*Time:\*\*.*\d+ minutes? to read.*\d+ minutes? to run", text)


@every_notebook
def test_ends_with_what_we_learned_and_questions(path):
    headings = re.findall(r"^## (.*)$", "\n".join("".join(c["source"]) for c in cells(path)), re.M)
    assert headings[-2:] == ["What we learned", "Questions"]


@every_notebook
def test_cells_are_short(path):
    lines = {i: sum(bool(line.strip()) for line in cell["source"]) for i, cell in enumerate(cells(path))
             if cell["cell_type"] == "code"}  # fmt: skip
    assert {i: n for i, n in lines.items() if n > 18} == {}, "what is longer belongs into the package"


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """All notebooks run with the profile `smoke` on a few captured scenes: the folder, and what stopped it."""
    folder = tmp_path_factory.mktemp("smoke")
    views = pd.DataFrame([(v.scene, v.split) for v in capture.read_views()], columns=["scene", "split"])
    survey = capture.capture(folder / "small", scenes=views.groupby("split")["scene"].head(2))
    try:
        reproduce("smoke", survey, folder / "out")
    except HdrkitError as error:
        return folder / "out", error
    return folder / "out", None


@every_notebook
def test_runs(smoke, path):
    out, error = smoke
    assert (out / "notebooks" / f"{path.stem}.html").is_file(), error


def test_a_run_writes_what_it_should(smoke):
    out, error = smoke
    assert error is None
    tables = results.read_tables(out / "tables")
    for name in ("table1", "table2", "by_ev", "by_region", "registration", "comparison"):
        assert len(tables[name]), name
    assert tables["comparison"]["regenerated"].notna().all()
    pictures = sorted((out / "figures").glob("*.png"))
    assert {picture.name[:2] for picture in pictures} == {path.name[:2] for path in PATHS}
    for picture in pictures:
        assert picture.with_suffix(".txt").read_text().strip(), picture
    assert "<figure" in (out / "report.html").read_text()
