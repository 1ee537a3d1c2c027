"""JupyterLab for students: the survey is there, and they work on copies of the notebooks in a folder of their own.

Git ignores that folder, so that new versions of the course never conflict with what a student has written.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA, EMBEDDED, sha256, write_json, written_whole
from hdrkit.jupyter.course import NOTEBOOKS, cells_of, course_notebooks

ROOT = DATA.parent
WORK = ROOT / "work"  # beside notebooks/: the paths in the notebooks begin with ../build
RECORD = ".handed_out.json"  # in WORK: name of each notebook, digest of the version that was last handed out


def lab(options: Sequence[str] = ()) -> None:
    """Make what students need and run JupyterLab until it is ended.

    `options` are given to JupyterLab, for instance `--no-browser`.
    Raises HdrkitError where JupyterLab or the course's notebooks are missing, or where the disk is full.
    """
    from hdrkit.simulation.embedded_survey import capture

    for line in hand_out(NOTEBOOKS, WORK):
        print(line)
    capture(EMBEDDED)
    serve(ROOT, EMBEDDED.parent / "lab.log", [f"--LabApp.default_url=/lab/tree/{WORK.name}", *options])


def hand_out(course: Path, work: Path) -> list[str]:
    """Copy the notebooks of the folder `course` into `work`, and renew those that the student has not changed.

    Outputs do not count as a change. A notebook that she has changed stays as it is; a new version of it is put
    beside it, once. Returns a line for each of these. One that she has deleted comes back.
    """
    record, lines = _read_record(work / RECORD), []
    for notebook in course_notebooks(course):
        target, new, last = work / notebook.name, _digest(notebook), record.get(notebook.name)
        own = _digest(target) if target.is_file() else None
        if own in (None, last) and own != new:
            _copy(notebook, target)
        elif own not in (new, last) and last != new:
            beside = _free_name(target, last)
            _copy(notebook, beside)
            lines.append(f"{target}: you have changed it, so it stays; the course's new version is {beside.name}")
        record[notebook.name] = new
    write_json(work / RECORD, record)
    return lines


def serve(root: Path, log: Path, options: Sequence[str]) -> None:
    """Run JupyterLab on the folder `root` until it is ended; what C code prints in its kernels goes to `log`.

    In it, the kernel `python3`, which the notebooks ask for, is this interpreter; other kernels stay what they are.
    """
    try:
        from jupyterlab.labapp import LabApp
    except ModuleNotFoundError:
        raise HdrkitError('JupyterLab is not installed; run: pip install -e ".[lab]"') from None
    from ipykernel.kernelspec import write_kernel_spec

    from hdrkit.jupyter.kernel import specification

    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    with tempfile.TemporaryDirectory(prefix="hdrkit-") as data:
        (Path(data) / "kernels").mkdir()
        write_kernel_spec(Path(data) / "kernels" / "python3", specification(log.resolve()))
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [data, os.environ.get("JUPYTER_PATH")]))
        LabApp.launch_instance([f"--ServerApp.root_dir={root}", *options])


def _read_record(path: Path) -> dict[str, str]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        record = None
    return record if isinstance(record, dict) else {}  # without a record, a copy that differs counts as changed


def _digest(notebook: Path) -> str:
    """Return a digest of the kinds and sources of the cells; or of all bytes where this is no notebook any more."""
    try:
        text = json.dumps(cells_of(notebook))
    except (ValueError, KeyError, TypeError):
        return sha256(notebook)
    return hashlib.sha256(text.encode()).hexdigest()


def _copy(notebook: Path, target: Path) -> None:
    with written_whole(target) as temporary:
        shutil.copyfile(notebook, temporary)


def _free_name(target: Path, last: str | None) -> Path:
    """Return `<name>-updated.ipynb`, or with a number where the student has written into that."""
    stems = chain([f"{target.stem}-updated"], (f"{target.stem}-updated-{number}" for number in count(2)))
    paths = map(target.with_stem, stems)
    return next(path for path in paths if not path.exists() or _digest(path) == last)
