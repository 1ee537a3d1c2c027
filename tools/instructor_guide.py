"""The tables of docs/instructor.md that follow from the course: notebooks with their times, exercises with points.

Run without arguments, this writes them anew and names the exercises whose misconceptions are still to be written.
"""

import re
import sys

import pandas as pd
from marked_parts import renewed

from hdrkit.core.files import DATA, written_whole
from hdrkit.exercises.exercise import all_exercises, of_notebook
from hdrkit.jupyter import course
from hdrkit.reproduction.run_tables import markdown

GUIDE = DATA.parent / "docs" / "instructor.md"
TIME = re.compile(r"^\*\*Time:\*\* (.*)$", re.M)  # in a notebook's first cell
KIND = re.compile(r"^### Exercise (\d\d\.\d+) · (.*)$", re.M)
MISCONCEPTION = re.compile(r"^\| (\d\d\.\d+) \|", re.M)  # the first column of a table


def with_tables(text: str) -> str:
    """Return the guide with the part between each pair of markers made anew from the course."""
    return renewed(text, "course", lambda name: markdown(TABLES[name]()))


def section(text: str, heading: str) -> str:
    """Return what stands below a heading of the second level, up to the next one."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def undescribed(text: str) -> list[str]:
    """Return the numbers of the exercises of which the guide has no row of misconceptions."""
    described = set(MISCONCEPTION.findall(section(text, "Misconceptions by exercise")))
    return [number for number in all_exercises() if number not in described]


def _notebooks() -> pd.DataFrame:
    rows = []
    for path in course.course_notebooks():
        exercises = of_notebook(path.stem.partition("_")[0]).values()
        rows.append({
            "notebook": path.stem,
            "time, as its first cell says": TIME.findall(course.cells_of(path)[0][1])[0],
            "exercises": str(len(exercises)),
            "points": str(sum(one.points for one in exercises)),
        })  # fmt: skip
    points = sum(one.points for one in all_exercises().values())
    rows.append(dict(zip(rows[0], ("in all", "", str(len(all_exercises())), str(points)), strict=True)))
    return pd.DataFrame(rows)


def _points() -> pd.DataFrame:
    texts = (source for path in course.course_notebooks() for _, source in course.cells_of(path))
    kinds = {number: kind for text in texts for number, kind in KIND.findall(text)}
    rows = [(one.number, one.title, kinds.get(one.number, ""), str(one.points)) for one in all_exercises().values()]
    return pd.DataFrame(rows, columns=["exercise", "title", "what it asks", "points"])


TABLES = {"notebooks": _notebooks, "points": _points}


def main() -> int:
    """Write the tables; return 1 where misconceptions are missing."""
    text = with_tables(GUIDE.read_text(encoding="utf-8"))
    with written_whole(GUIDE) as path:
        path.write_text(text, encoding="utf-8")
    missing = undescribed(text)
    if missing:
        print(f"{GUIDE.name}: no misconceptions yet of {', '.join(missing)}", file=sys.stderr)
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
