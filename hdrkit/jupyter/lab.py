"""The lab: everything that the notebooks need is there, and JupyterLab opens on a page that says where to begin."""

from collections.abc import Sequence

from filelock import FileLock, Timeout

from hdrkit.core.files import DATA, EMBEDDED
from hdrkit.jupyter import copies, start_page
from hdrkit.jupyter.course import NOTEBOOKS

ROOT = DATA.parent
WORK = ROOT / "work"  # beside notebooks/: the paths in the notebooks begin with ../build
BUILD = EMBEDDED.parent


def lab(options: Sequence[str] = ()) -> None:
    """Make what students need and run JupyterLab until it is ended. Where it runs already, open that one.

    `options` are given to JupyterLab, for instance `--no-browser`.
    Raises HdrkitError where JupyterLab or the course's notebooks are missing, where the disk is full, or as `serve`.
    """
    from hdrkit.jupyter.server import open_running, serve

    BUILD.mkdir(exist_ok=True)
    try:
        with FileLock(BUILD / ".lab.lock", blocking=False):  # of the system: no crash leaves it behind
            page = _prepare()
            serve(ROOT, page, BUILD / "lab.log", options)
    except Timeout:
        open_running(ROOT, browser="--no-browser" not in options)


def _prepare() -> str:
    """Hand out the notebooks, capture the survey, write the start page; return the page's path from ROOT."""
    from hdrkit.simulation.embedded_survey import capture

    for line in copies.hand_out(NOTEBOOKS, WORK):
        print(line)
    capture(EMBEDDED)
    return start_page.write(WORK, BUILD, NOTEBOOKS).relative_to(ROOT).as_posix()
