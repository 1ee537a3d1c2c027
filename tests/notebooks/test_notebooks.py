"""The notebooks as they are committed, and as they run with the profile `smoke`."""

import json
import math
import re
import shutil
import subprocess

import nbformat
import pandas as pd
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.images import dng
from hdrkit.jupyter import parameters
from hdrkit.jupyter.course import NOTEBOOKS, course_notebooks
from hdrkit.reproduction import store
from hdrkit.reproduction.runner import reproduce
from hdrkit.simulation import embedded_views, scenes, views

PATHS = course_notebooks()
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


SHOWN, HIDDEN = 12, 25  # lines of a cell that readers see, and of one with checked sentences, which they do not
UNCOUNTED = re.compile(r"\s*($|#|[\])}]+$)|(from|import) ")  # blank, comment, closing brackets, import


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def tags(path, i):
    return cells(path)[i]["metadata"].get("tags", ())


def test_names_begin_with_the_numbers_they_run_in():
    assert [int(path.name[:2]) for path in PATHS] == list(range(1, len(PATHS) + 1))


def test_every_notebook_in_git_is_one_of_the_course():
    listed = subprocess.run(["git", "ls-files", "*.ipynb"], cwd=NOTEBOOKS, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("no git here")
    assert listed.stdout.split() == [path.name for path in PATHS]


def test_copies_beside_the_notebooks_are_not_taken_for_them(tmp_path):
    copies = ("05_model-Copy1.ipynb", "05_model copy.ipynb", "05_model - Copy (2).ipynb", "05_model-updated.ipynb")
    for name in ("10_bilateral_grid.ipynb", "05_model.ipynb", "07_error_analysis.ipynb", *copies):
        (tmp_path / name).touch()
    names = [path.stem for path in course_notebooks(tmp_path)]
    assert names == ["05_model", "07_error_analysis", "10_bilateral_grid"]


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
def test_links_to_the_glossary_and_to_no_other_file(path):
    """Pages of notebooks lie elsewhere; the link to the glossary is the one that is rewritten for them."""
    links = re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", "".join("".join(c["source"]) for c in cells(path)))
    assert links == ["../docs/glossary.md"] and "(../docs/glossary.md)" in "".join(cells(path)[0]["source"])
    assert (path.parent / links[0]).is_file()


@every_notebook
def test_ends_with_what_we_learned_exercises_and_ways_on(path):
    headings = re.findall(r"^## (.*)$", "\n".join("".join(c["source"]) for c in cells(path)), re.M)
    assert headings[-3:] == ["What we learned", "Exercises", "Going further"]
    last = "".join(cells(path)[-1]["source"])
    assert len(re.findall(r"^\* ", last, re.M)) == 3 and "**A project:**" in last  # three readings


@every_notebook
def test_cells_are_short(path):
    code = {i: cell["source"] for i, cell in enumerate(cells(path)) if cell["cell_type"] == "code"}
    code = {i: source for i, source in code.items() if "parameters" not in tags(path, i)}
    lines = {i: sum(not UNCOUNTED.match(line.rstrip("\n")) for line in source) for i, source in code.items()}
    folded = {i for i in code if cells(path)[i]["metadata"].get("jupyter", {}).get("source_hidden")}
    hidden = {i for i in code if {"claim", "colab"} & set(tags(path, i))}
    assert folded == hidden, "JupyterLab shows those that are not folded"
    too_long = {i: n for i, n in lines.items() if n > (HIDDEN if i in folded else SHOWN)}
    assert too_long == {}, "what is longer belongs into the package"


def test_one_cell_right_below_the_title_installs_the_kit_on_colab():
    """The same in all, so that who publishes the kit writes its address into all of them alike."""
    assert len({"".join(cells(path)[1]["source"]) for path in PATHS}) == 1
    assert {tuple(tags(path, 1)) for path in PATHS} == {("colab",)}


PIXEL_BYTES = math.prod(views.FRAME_SIZE) * dng.BITS // 8  # at the end of a frame's file
ODD_EVS = (-5 / 3, 0, 4 / 3)


def spoil(survey):
    """Put damaged frames and scenes into a survey, as disks, cards and people do; return how each is to be reported."""
    train, dev, test = (pd.read_csv(survey / "survey.csv").groupby("split").scene.first()[s] for s in store.SPLITS)
    cut, empty = survey / train / "_MDF0007.DNG", survey / dev / "_MDF0004.DNG"
    black, wrong = survey / test / "_MDF0005.DNG", survey / test / "_MDF0006.DNG"
    dark, metered, bright = ((survey / test / views.frame_name(i)).read_bytes() for i in range(3))
    cut.write_bytes(bright[: PIXEL_BYTES // 2])
    empty.write_bytes(b"")
    black.write_bytes(dark[:-PIXEL_BYTES] + bytes(PIXEL_BYTES))
    wrong.write_bytes(metered[:-PIXEL_BYTES] + bright[-PIXEL_BYTES:])
    for name, files in {"Lone (1)": ["_MDF0002.DNG"], "Plain (1)": ["_MDF0002.DNG", "_MDF0003.DNG"]}.items():
        (survey / name).mkdir()
        for file in files:
            shutil.copy(survey / train / file, survey / name)
        with open(survey / "survey.csv", "a", encoding="utf-8") as listed:
            listed.write(f"{name},{name},train\n")
    unusable = {cut: "cannot be decoded", empty: "cannot be decoded", wrong: "stops from what its exposure time says"}
    unusable |= {black: "not registered", survey / "Lone (1)": "1 usable frame"}
    unusable |= {survey / "Plain (1)": "reference made"}
    return {path.relative_to(survey).as_posix(): why for path, why in unusable.items()}


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """Two scenes of each split with three exposures at odd steps, and damage among them: the folder, and the damage."""
    survey = tmp_path_factory.mktemp("surveys") / "small"
    survey.mkdir()
    table = pd.DataFrame([(v.split, v) for v in embedded_views.read_views()], columns=["split", "view"])
    chosen = list(table.groupby("split").view.head(2))
    with pytest.MonkeyPatch.context() as patch:
        for module in (scenes, views):
            patch.setattr(module, "EVS", ODD_EVS)
        for view in chosen:
            scenes.write_scene(view, 0, survey, "")
        truth = {view.scene: views.true_maps(view, 0) for view in chosen}
    (survey / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    rows = [{"scene": view.scene, "place": view.place, "split": view.split} for view in chosen]
    pd.DataFrame(rows).to_csv(survey / "survey.csv", index=False)
    return survey, spoil(survey)


@pytest.fixture(scope="module")
def smoke(spoilt, tmp_path_factory):
    """All notebooks run with the profile `smoke`: the folder, and what stopped it."""
    out = tmp_path_factory.mktemp("smoke") / "out"
    try:
        reproduce("smoke", spoilt[0], out)
    except HdrkitError as error:
        return out, error
    return out, None


@every_notebook
def test_runs(smoke, path):
    out, error = smoke
    assert (out / "notebooks" / f"{path.stem}.html").is_file(), error


def test_a_run_writes_what_it_should(smoke):
    out, error = smoke
    assert error is None
    tables = store.read_tables(out)
    for name in ("table1", "table2", "by_ev", "by_region", "registration", "comparison"):
        assert len(tables[name]), name
    assert tables["comparison"]["regenerated"].notna().all()
    pictures = sorted((out / "figures").glob("*.png"))
    assert {picture.stem.split("_")[0] for picture in pictures} == {path.stem.split("_")[0] for path in PATHS}
    for picture in pictures:
        assert picture.with_suffix(".txt").read_text(encoding="utf-8").strip(), picture
    assert "<figure" in (out / "report.html").read_text(encoding="utf-8")


def test_no_sentence_that_holds_contradicts_the_ledger(smoke):
    """Whatever the numbers are: where a sentence holds, so does the verdict that it stands for."""
    out, error = smoke
    assert error is None
    false = json.loads((out / "run.json").read_text(encoding="utf-8"))["false_sentences"]
    assert [sentence for sentence in false if "which stands for" in sentence] == []


def test_what_had_to_be_left_out_is_named(smoke, spoilt):
    out, error = smoke
    assert error is None
    printed = "".join(
        output.get("text", "")
        for path in PATHS[:2]
        for cell in nbformat.read(out / "notebooks" / path.name, as_version=4).cells
        for output in cell.get("outputs", [])
    )
    for name, why in spoilt[1].items():
        assert re.search(rf"{re.escape(name)}\S*: .*{re.escape(why)}", printed), (name, why, printed)
