"""Exposures in what people keep beside their frames: lists in text files, and the frames' own names.

Lists come as columns with a header (`# Filename exposure 1/shutter_speed`, or CSV from a spreadsheet), as `name time`
or `name 1/time` without one, with a count in the first line or not, or as bare numbers in the order of the files.
Names come as `1_640.jpg` (1/640 s), `2.jpg` (2 s), `desk_0.5s.png` or `arch_EV-4.72.jpg`.
"""

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

LIST_SUFFIXES = {".txt", ".csv", ".tsv", ".lst", ".list", ".dat", ".hdrgen", ""}
LARGEST_LIST = 1 << 20  # bytes; a longer text is no list of frames
# Headers of columns, in small letters: the first pattern that is found says what a column holds.
KINDS = (
    ("f_number", r"f[\W_]*(stop|num|no\b)|apert|^f$"),
    ("iso", r"iso|sensitiv|^asa$"),
    ("gain", r"gain"),
    ("other", r"\bnd|filter|width|height|focal|wb|temp"),
    ("inverse", r"^1 ?/|inv|recip"),
    ("stops", r"\bev|stop|bias|compens|log"),
    ("time", r"time|exp|shutter|sec|speed|dur|^t$|^s$"),
)
NAME_HEADER = re.compile(r"file|name|image|photo|frame|picture")
NUMBER = r"\d+(?:\.\d+)?|\.\d+"
EV_IN_NAME = re.compile(rf"ev[ _]?([+-]?(?:{NUMBER}))|([+-](?:{NUMBER}))[ _]?ev", re.I)
FRACTION_IN_NAME = re.compile(r"(?<![\d.])1[_/\-](\d{1,5})(?!\d)")
SECONDS_IN_NAME = re.compile(rf"(?<![\d.])({NUMBER})[ _]?(ms|s|sec|seconds)(?![a-z])", re.I)


class Column(NamedTuple):
    """One number for each frame, NaN where there is none; `kind` is one of `KINDS`, or empty where no header says."""

    kind: str
    values: np.ndarray


def lists_beside(paths: Sequence[Path]) -> list[Path]:
    """Return the files beside frames that may be lists of their exposures, by name."""
    folders = sorted({path.parent for path in paths})
    found = (path for folder in folders for path in sorted(folder.iterdir()) if path.suffix.lower() in LIST_SUFFIXES)
    return [path for path in found if path.is_file() and path.stat().st_size <= LARGEST_LIST]


def read_text(path: Path) -> str:
    """Return the text of a list in whichever of the usual encodings: UTF-8, UTF-16 as Excel writes it, or Latin-1."""
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def columns(text: str, names: Sequence[str]) -> list[Column]:
    """Return the columns of numbers that a list holds for frames, in the order of their file `names`.

    Bare numbers belong to the frames as their names are sorted. A text that is no such list has no columns.

    >>> found = columns("# Filename 1/shutter_speed\\na.png 0.5\\nb.png 4", ["b.png", "a.png"])
    >>> found[0].kind, found[0].values.tolist()
    ('inverse', [4.0, 0.5])
    """
    keys = {key: i for i, name in enumerate(names) for key in (Path(name).stem.lower(), name.lower())}
    rows: dict[int, list[float]] = {}
    bare: list[list[float]] = []
    header: list[str] = []
    for line in text.splitlines():
        cells = _cells(line)
        named = next((i for cell in cells if (i := keys.get(re.split(r"[/\\]", cell.lower())[-1])) is not None), None)
        numbers = [number for cell in cells if (number := _number(cell)) is not None]
        if named is not None:
            rows[named] = numbers
        elif numbers and len(numbers) == len(cells):
            bare.append(numbers)
        elif len(cells) > 1 and not rows:
            header = cells
    if len(rows) < 2:
        rows = _in_order(bare, names)
    width = min((len(row) for row in rows.values()), default=0)
    table = np.full((len(names), width), np.nan)
    for i, row in rows.items():
        table[i] = row[:width]
    return [Column(kind, values) for kind, values in zip(_kinds(header, width), table.T, strict=True)]


def _cells(line: str) -> list[str]:
    """Split a line at the separator it uses: semicolons (decimals may have commas then), tabs, commas or spaces."""
    line = line.strip().lstrip("#%").strip()
    if ";" in line:
        cells = [re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell.strip()) for cell in line.split(";")]
    else:
        cells = re.split(r"\t+|,\s*" if "\t" in line or "," in line else r"\s+", line)
    return [cell.strip().strip("\"'") for cell in cells if cell.strip()]


def _number(cell: str) -> float | None:
    """Return the number in a cell: 0.5, 1/60, 1/60s, 2", 1e-3; None where it holds something else."""
    found = re.fullmatch(r"([+-]?[\d.]+(?:e[+-]?\d+)?)(?:\s*/\s*([\d.]+))?\s*(?:s|sec|seconds|ev|\")?", cell, re.I)
    try:
        number = float(found[1]) / float(found[2] or 1) if found else math.nan
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _in_order(bare: list[list[float]], names: Sequence[str]) -> dict[int, list[float]]:
    """Give rows of bare numbers to the frames as their names are sorted, if there are as many, after a count or not."""
    if len(bare) == len(names) + 1 and bare[0] == [len(names)]:
        bare = bare[1:]
    if len(bare) == 1 and len(bare[0]) == len(names):
        bare = [[number] for number in bare[0]]
    if len(bare) != len(names):
        return {}
    return dict(zip(sorted(range(len(names)), key=lambda i: _natural(names[i])), bare, strict=True))


def _natural(name: str) -> list:
    """Sort frame10 after frame9."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name.lower()) if part]


def _kinds(header: list[str], width: int) -> list[str]:
    titles = [title for i, title in enumerate(header) if i or not NAME_HEADER.search(title.lower())]
    if width == 1 and len(titles) > 1:
        titles = [" ".join(titles)]
    if len(titles) != width:
        return [""] * width
    return [next((kind for kind, pattern in KINDS if re.search(pattern, title.lower())), "") for title in titles]


def times_in_names(names: Sequence[str]) -> Column | None:
    """Return what file names say, exposure times in seconds or EVs (of kind `stops`), if all of them say it.

    A whole number, as in `2.jpg`, is a time only beside names with fractions, as `1_640.jpg`: else it counts frames.

    >>> times_in_names(["1_640.jpg", "2.jpg"]).values.tolist()
    [0.0015625, 2.0]
    """
    stems = [Path(name).stem for name in names]
    evs = [EV_IN_NAME.search(stem) for stem in stems]
    if all(evs):
        return Column("stops", np.array([float(found[1] or found[2]) for found in evs if found]))
    times = [_time_in_name(stem) for stem in stems]
    if any(time is not None for time in times):
        times = [_last_number(stem) if time is None else time for time, stem in zip(times, stems, strict=True)]
    values = [time for time in times if time]
    return Column("time", np.array(values)) if len(values) == len(names) else None


def _time_in_name(stem: str) -> float | None:
    if (found := FRACTION_IN_NAME.search(stem)) and int(found[1]):
        return 1 / int(found[1])
    if found := SECONDS_IN_NAME.search(stem):
        return float(found[1]) / (1000 if found[2].lower() == "ms" else 1)
    found = re.search(r"(?<![\d.])(\d*\.\d+)$", stem)
    return float(found[1]) if found else None


def _last_number(stem: str) -> float | None:
    found = re.search(rf"({NUMBER})$", stem)
    return float(found[1]) if found else None
