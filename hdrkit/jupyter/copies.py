"""The student's own copies of the notebooks, in a folder that git ignores.

So new versions of the course never conflict with what a student has written.
"""

import hashlib
import json
import shutil
from itertools import chain, count
from pathlib import Path

from hdrkit.core.files import sha256, write_json, written_whole
from hdrkit.jupyter.course import cells_of, course_notebooks

RECORD = ".handed_out.json"  # beside the copies: name of each notebook, digest of the version that was last handed out


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
