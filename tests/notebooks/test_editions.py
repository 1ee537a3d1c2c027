"""The student edition: without solutions, valid for nbgrader, which grades it to the points that it should."""

import json
import os
import subprocess

import nbformat
import pytest

from hdrkit.exercises.exercise import all_exercises
from hdrkit.jupyter.course import NOTEBOOKS, course_notebooks

ROOT = NOTEBOOKS.parent
TEACH = ROOT / ".venv-teach" / ("Scripts" if os.name == "nt" else "bin")
TOOL = ROOT / "tools" / "editions.py"
ANSWER = "### BEGIN SOLUTION"
# Notebook 4's exercises that need none of its data, in a notebook of their own: seconds instead of minutes.
ALONE = ["04.1", "04.2", "04.3", "04.5", "04.7"]
IMPORTS = "import numpy as np\nfrom hdrkit.exercises import check"


@pytest.fixture(scope="module")
def teach():
    """Return the Python that has nbgrader. CI must not lose these tests unseen, so there its absence is a failure."""
    python = TEACH / ("python.exe" if os.name == "nt" else "python")
    if python.exists():
        return python
    why = "nbgrader's environment is not here: make .venv-teach/.installed"
    return pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)


# Runs the tool as a program, several times by one Python, as nbgrader takes seconds to be imported.
MAKE = """import runpy, sys
tool, *words = sys.argv[1:]
for edition, out in zip(words[::2], words[1::2]):
    sys.argv[1:] = [edition, out]
    try:
        runpy.run_path(tool, run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise"""


@pytest.fixture(scope="module")
def made(teach, tmp_path_factory):
    """Return a folder with the student edition, a course, and a course where an instructor's configuration was."""
    out = tmp_path_factory.mktemp("editions")
    (out / "again").mkdir()
    (out / "again" / "nbgrader_config.py").write_text("mine", "utf-8")
    editions = {"student": "student", "course": "course", "again": "course"}
    run(teach, "-c", MAKE, TOOL, *(word for name, edition in editions.items() for word in (edition, out / name)))
    return out


@pytest.fixture(scope="module")
def edition(made):
    """Return the folder of the student edition."""
    return made / "student"


def run(*command, cwd=None, succeeds=True):
    # nbgrader calls alembic by its name
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{TEACH}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=cwd, env=environment)
    assert (done.returncode == 0) == succeeds, done.stderr[-3000:]
    return done.stdout + done.stderr


def cells(path):
    return nbformat.read(path, as_version=4).cells


@pytest.mark.parametrize("path", course_notebooks(), ids=lambda path: path.stem)
def test_no_solution_is_left_and_all_is_valid(edition, path):
    student = nbformat.read(edition / "notebooks" / path.name, as_version=4)
    nbformat.validate(student)
    text = json.dumps(student)
    assert "SOLUTION" not in text and not any(cell.get("outputs") for cell in student.cells)
    graded = [cell.metadata.nbgrader for cell in student.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    of_notebook = [one for number, one in all_exercises().items() if number.startswith(f"{path.stem.split('_')[0]}.")]
    assert sum(one.points for one in graded) == sum(one.points for one in of_notebook)
    assert len({cell.metadata.nbgrader.grade_id for cell in student.cells if "nbgrader" in cell.metadata}) == sum(
        "nbgrader" in cell.metadata for cell in student.cells
    )


def test_each_exercise_is_asked_once_and_has_an_answer():
    asked = [cell.source for path in course_notebooks() for cell in cells(path) if cell.source.startswith('check("')]
    assert sorted(source.split('"')[1] for source in asked) == sorted(all_exercises())
    for path in course_notebooks():
        source = [cell.source for cell in cells(path)]
        for i, text in enumerate(source):
            assert not text.startswith('check("') or ANSWER in source[i - 1], text


def test_the_edition_holds_what_the_notebooks_need(edition):
    for name in ("hdrkit/__init__.py", "data/README.md", "results/quick", "environment.yml", "pyproject.toml"):
        assert (edition / name).exists()
    assert edition.with_suffix(".zip").stat().st_size < 20e6
    assert not list(edition.rglob("__pycache__"))
    assert not (edition / "docs" / "instructor.md").exists()  # it has answers


def test_the_course_for_nbgrader_releases_the_student_edition(edition, made, teach):
    course = made / "course"
    assert {path.name for path in (course / "source").iterdir()} == {path.stem for path in course_notebooks()}
    name = course_notebooks()[0].stem
    run(teach, "-m", "nbgrader", "generate_assignment", name, cwd=course)
    released, student = (
        cells(course / "release" / name / f"{name}.ipynb"),
        cells(edition / "notebooks" / f"{name}.ipynb"),
    )
    assert [cell.source for cell in released] == [cell.source for cell in student]
    assert [cell.metadata.get("nbgrader") for cell in released] == [cell.metadata.get("nbgrader") for cell in student]


def test_making_the_course_again_leaves_the_configuration(made):
    assert (made / "again" / "source").is_dir()
    assert (made / "again" / "nbgrader_config.py").read_text("utf-8") == "mine"


def test_the_environment_of_nbgrader_makes_pages(teach, tmp_path):
    code = (
        "import sys; from pathlib import Path; from hdrkit.jupyter import page; page.to_html(*map(Path, sys.argv[1:]))"
    )
    run(teach, "-c", code, course_notebooks()[0], tmp_path / "page.html")
    assert (tmp_path / "page.html").stat().st_size > 0


@pytest.fixture(scope="module")
def course(teach, tmp_path_factory):
    """Return a folder of nbgrader's with one small assignment, released."""
    folder = tmp_path_factory.mktemp("course")
    source = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(IMPORTS)])
    source.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    [path] = [path for path in course_notebooks() if path.stem.startswith("04_")]
    notebook = cells(path)
    for i, cell in enumerate(notebook):
        if any(cell.source.startswith(f'check("{number}"') for number in ALONE):
            source.cells += notebook[i - 1 : i + 1]
    (folder / "source" / "part").mkdir(parents=True)
    nbformat.write(source, folder / "plain.ipynb")
    run(teach, "-c", GRADED.format(tools=str(ROOT / "tools"), folder=str(folder)))
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'hdr'\n", "utf-8")
    return folder


GRADED = """import sys, nbformat
sys.path.insert(0, r"{tools}")
import editions
notebook = editions.with_grades(nbformat.read(r"{folder}/plain.ipynb", as_version=4))
nbformat.write(notebook, r"{folder}/source/part/exercises.ipynb")
nbformat.write(editions.cleared(notebook), r"{folder}/student.ipynb")"""


def submit(course, student, change):
    """Hand in the released notebook, its answers changed by `change(source)`; return its points by nbgrader."""
    notebook = nbformat.read(course / "student.ipynb", as_version=4)
    solved = nbformat.read(course / "plain.ipynb", as_version=4)
    for cell, answer in zip(notebook.cells, solved.cells, strict=True):
        cell.source = change(cell.source, answer.source)
    folder = course / "submitted" / student / "part"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "exercises.ipynb")


def points_of(teach, course, *students):
    code = f"from nbgrader.api import Gradebook\nwith Gradebook('sqlite:///{course}/gradebook.db') as book:\n"
    code += f"    print(*(book.find_submission('part', student).score for student in {students}))"
    return [float(points) for points in run(teach, "-c", code).strip().splitlines()[-1].split()]


def test_nbgrader_grades_what_is_handed_in(teach, course):
    total = sum(all_exercises()[number].points for number in ALONE)
    submit(course, "good", lambda given, solved: solved)
    submit(course, "lazy", lambda given, solved: given)
    submit(course, "half", lambda given, solved: solved.replace('still_wraps = "c"', 'still_wraps = "a"'))
    run(teach, "-m", "nbgrader", "generate_assignment", "part", "--force", cwd=course)
    run(teach, "-m", "nbgrader", "autograde", "part", cwd=course)
    points = points_of(teach, course, "good", "lazy", "half")
    assert points == [total, 0, total - all_exercises()["04.3"].points]
    run(teach, "-m", "nbgrader", "generate_feedback", "part", cwd=course)
    assert "04.3, not yet: " in (course / "feedback" / "half" / "part" / "exercises.html").read_text("utf-8")


def test_a_student_is_told_in_a_sentence_where_she_stands(course):
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(course / "student.ipynb", as_version=4)
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(course)}}).execute()
    [failed] = [cell for cell in notebook.cells if any(out.output_type == "error" for out in cell.get("outputs", []))]
    assert failed.source == 'check("04.1", predicted_error)'
    assert failed.outputs[0].traceback == [failed.outputs[0].evalue]
    assert failed.outputs[0].evalue.startswith("04.1, not yet: no answer yet")
