"""The page that the lab opens on: the map of the notebooks, what is here already, where to begin, what to do if..."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from string import Template

from hdrkit.core.files import EMBEDDED, PACKAGE, written_whole
from hdrkit.exercises import progress
from hdrkit.jupyter.course import cells_of, course_notebooks, title
from hdrkit.jupyter.expected_minutes import Expected, expected

RUN = "quick"  # the folder that the notebooks, and `make reproduce`, keep their results in
REPORT = "report.html"
PAGE = "00_start_here.md"  # the first in JupyterLab's list of files
TEMPLATE = PACKAGE / "jupyter" / "templates" / "start" / "page.md"
DOCS = PACKAGE.parent / "docs"
README = PACKAGE.parent / "README.md"
TEACHES = re.compile(r"\(notebooks/(\w+)\.ipynb\) \| (.*?) \|")  # rows of its table, *What each notebook teaches*
CHECK = re.compile(r"\bcheck\(\s*\"(\d\d\.\d+)\"")


def write(work: Path, build: Path, course: Path) -> Path:
    """Write the page into `work`, the folder of the student's copies, and return its path.

    build: the folder of what is generated. course: the folder of the notebooks as they are handed out.
    Raises HdrkitError where the disk is full or the folder cannot be written.
    """
    notebooks, run = course_notebooks(course), build / RUN
    times = expected(notebooks, run, build)
    teaches = dict(TEACHES.findall(README.read_text(encoding="utf-8")))
    solved = {number for number, kept in progress.read(work / progress.FILE).items() if kept["right"]}
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        rows="\n".join(_row(notebook, work, teaches, times, solved) for notebook in notebooks),
        source=times.source,
        first=notebooks[0].name,
        last=notebooks[-1].name,
        glossary=_link("glossary", DOCS / "glossary.md", work),
        instructor=_link("instructor's guide", DOCS / "instructor.md", work),
        architecture=_link("architecture", DOCS / "architecture.md", work),
        report=_report(run, work),
        log=_link("lab.log", build / "lab.log", work),
        here="\n".join(f"* {line}" for line in _here(build)),
    )
    with written_whole(work / PAGE) as path:
        path.write_text(text, encoding="utf-8")
    return work / PAGE


def _row(notebook: Path, work: Path, teaches: Mapping[str, str], times: Expected, solved: Set[str]) -> str:
    exercises = {number for _, source in cells_of(notebook) for number in CHECK.findall(source)}
    columns = [
        f"[{title(notebook)}]({notebook.name})",
        teaches.get(notebook.stem, ""),
        in_words(times.to_read.get(notebook.stem)),
        in_words(times.to_run.get(notebook.stem)),
        _cells_run(work / notebook.name),
        _of(len(exercises & solved), len(exercises)),
    ]
    return f"| {' | '.join(columns)} |"


def in_words(minutes: float | None) -> str:
    r"""Return minutes as the page has them: whole, and none below one.

    >>> in_words(0.3), in_words(12.4), in_words(None)
    ('1\xa0min', '12\xa0min', '')
    """
    return "" if minutes is None else f"{max(1, round(minutes))}\xa0min"


def _cells_run(copy: Path) -> str:
    """Say how far the student has run a notebook, by the numbers that JupyterLab has saved beside the cells."""
    try:
        cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code" and cell["source"]]
        done = sum(cell["execution_count"] is not None for cell in code)
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # hers, and no notebook any more
    return _of(done, len(code))


def _of(done: int, of: int) -> str:
    return f"{done}\xa0of\xa0{of}"  # on one line


def _here(build: Path) -> Iterator[str]:
    """Say what need not be captured, fetched or computed any more."""
    run = build / RUN
    with open(build / EMBEDDED.name / "survey.csv", encoding="utf-8") as table:
        yield f"**The survey:** {sum(1 for _ in table) - 1} scenes, in `build/embedded`."
    yield "**VGG-16's weights from ImageNet,** which notebooks 5 to 9 begin with: " + (
        "here." if _has_imagenet_weights() else "not yet. The first notebook that needs them fetches them, once."
    )
    yield "**The network that notebook 6 trains:** " + (
        "trained." if (run / "training" / "published" / "model.keras").is_file() else "not trained yet."
    )
    yield "**The report, and all notebooks as they ran:** " + (
        f"in `build/{RUN}`." if (run / REPORT).is_file() else "not made yet; `make reproduce` makes them."
    )


def _has_imagenet_weights() -> bool:
    from hdrkit.models import pretrained

    return (pretrained.cache() / pretrained.KEPT).is_file()


def _report(run: Path, work: Path) -> str:
    """Return what a researcher reads first: the report of a run on this machine, or the words how to get one."""
    page = run / REPORT
    made = "which `make reproduce` has made here" if page.is_file() else "which `make reproduce` makes in a terminal"
    return f"{_link('report.html', page, work)}, {made}: the tables, the claims and the findings"


def _link(words: str, target: Path, work: Path) -> str:
    """Return a link to a file, from the page; the words alone where there is no such file, as in a student edition."""
    return f"[{words}]({Path(os.path.relpath(target, work)).as_posix()})" if target.is_file() else words
