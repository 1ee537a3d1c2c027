"""Editions of the notebooks.

`student DIR`: without solutions, with what they need. `solutions DIR`: as pages. `course DIR`: as nbgrader's source, to
grade what students hand in.

Solutions stand in the notebooks between nbgrader's markers. Which cells are graded, and for how many points, follows
from the markers and from the exercises themselves, so that it stands in one place.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ClearSolutions, ComputeChecksums, LockCells
from nbgrader.utils import is_grade
from traitlets.config import Config

from hdrkit.core.errors import HdrkitError
from hdrkit.exercises.exercise import find
from hdrkit.jupyter import course, page

ROOT = Path(__file__).resolve().parents[1]
# What a student's copy holds beside the notebooks: enough to install the kit and to run them all.
NEEDED = ["hdrkit", "data", "results", "docs", "pyproject.toml", "environment.yml", "Makefile", "README.md", "LICENSE"]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info", "instructor.md")  # the guide has answers
BEGIN = "### BEGIN SOLUTION"
CHECK = re.compile(r'^check\("(?P<number>\d\d[a-z]?\.\d+)"', re.M)
STUB = {"python": "# your answer here"}  # dots stand above it
SECONDS = 3600  # that a cell may take when nbgrader runs it; nbgrader's own 30 are too few for a training
CONFIG = f"""c = get_config()  # nbgrader defines it
c.CourseDirectory.course_id = "hdrkit"
c.ClearSolutions.code_stub = {STUB}
c.Execute.timeout = {SECONDS}
"""
STEPS = [LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums]


def with_grades(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Tell nbgrader which cells hold a solution, and which check one, for how many points; no edition is for Colab.

    Raises HdrkitError for a check of an exercise that there is not.
    """
    notebook.cells = [cell for cell in notebook.cells if not page.has_tag(cell, page.COLAB)]
    for cell in notebook.cells:
        found = CHECK.search(cell.source) if cell.cell_type == "code" else None
        solution = cell.cell_type == "code" and BEGIN in cell.source
        if not (found or solution):
            continue
        about = {"schema_version": 3, "grade": bool(found), "solution": solution, "task": False, "locked": not solution}
        about["grade_id"] = f"check-{found['number'].replace('.', '-')}" if found else f"cell-{cell.id}"
        if found:
            about["points"] = find(found["number"]).points
        cell.metadata["nbgrader"] = about
    return notebook


def cleared(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without its solutions and outputs, as nbgrader makes it for students."""
    config = Config()
    config.ClearSolutions.code_stub = STUB
    resources: dict = {"nbgrader": {}}
    for step in STEPS:
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def total_points(notebook: nbformat.NotebookNode) -> int:
    """Return the points of all its exercises."""
    return sum(cell.metadata.nbgrader.points for cell in notebook.cells if is_grade(cell))


def write_student(out: Path) -> None:
    """Write the student edition: notebooks without solutions, the kit that they need, and all of it as a zip."""
    shutil.rmtree(out, ignore_errors=True)
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, out / name, ignore=LEFT_OUT)
        elif source.is_file():
            shutil.copy2(source, out / name)
    (out / "notebooks").mkdir(parents=True)
    for path in course.course_notebooks():
        notebook = cleared(with_grades(nbformat.read(path, as_version=4)))
        nbformat.write(notebook, out / "notebooks" / path.name)
        print(f"{path.name}: {total_points(notebook)} points")
    shutil.make_archive(str(out), "zip", out.parent, out.name)
    print(f"Written: {out} and {out}.zip")


def write_solutions(out: Path) -> None:
    """Write the notebooks with their solutions as pages; executed ones, where `make reproduce` left them."""
    executed = ROOT / "build" / "quick" / "notebooks"
    out.mkdir(parents=True, exist_ok=True)
    for path in course.course_notebooks():
        source = executed / path.name if (executed / path.name).is_file() else path
        page.to_html(source, out / f"{path.stem}.html")
        print(f"{path.stem}.html{'' if source == path else ', executed'}")


def write_course(out: Path) -> None:
    """Write nbgrader's source of each notebook, an assignment with solutions, and a configuration if there is none.

    What is there already beside them, such as a gradebook, stays.
    """
    for path in course.course_notebooks():
        assignment = out / "source" / path.stem
        assignment.mkdir(parents=True, exist_ok=True)
        nbformat.write(with_grades(nbformat.read(path, as_version=4)), assignment / path.name)
    if not (config := out / "nbgrader_config.py").exists():
        config.write_text(CONFIG, encoding="utf-8")
    print(f"Written: {out}. Go there, and on with: nbgrader generate_assignment NAME")


EDITIONS = {"student": write_student, "solutions": write_solutions, "course": write_course}


def main(arguments: list[str] | None = None) -> int:
    """Write one edition; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edition", choices=EDITIONS)
    parser.add_argument("out", type=Path)
    given = parser.parse_args(arguments)
    try:
        EDITIONS[given.edition](given.out)
    except HdrkitError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
