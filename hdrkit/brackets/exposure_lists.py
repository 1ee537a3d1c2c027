"""Exposures in lists that people keep beside their frames: texts, tables, and JSON.

Lists come as columns with a header (`# Filename exposure 1/shutter_speed`, or CSV from a spreadsheet), as `name time`,
`name: time` or `name 1/time` without one, with a count in the first line or not, as bare numbers in the order of the
files, or as JSON that maps names to times.
"""

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hdrkit.brackets import json_rows
from hdrkit.brackets.exposure_columns import UNITS, Column, in_even_steps

LIST_SUFFIXES = {".txt", ".csv", ".tsv", ".lst", ".list", ".dat", ".hdrgen", ".json", ".yaml", ".yml", ".md", ""}
LARGEST_LIST = 1 << 18  # bytes; a longer text is no list of frames
# Headers of columns, in small letters: the first pattern that is found says what a column holds.
KINDS = (
    ("f_number", r"f[\W_]*(stop|num|no\b)|apert|^f$"),
    ("iso", r"iso|sensitiv|^asa$"),
    ("gain", r"gain"),
    ("other", r"\bnd|filter|width|height|focal|wb|temp|date|size|\bln|log(?!_?2)"),
    ("inverse", r"^1 ?/|inv|recip"),
    ("stops", r"\bev|stop|bias|compens|log|^tv$"),
    ("time", r"time|exp|shutter|sec|speed|dur|^t$|^s$"),
)
NAME_HEADER = re.compile(r"file|name|image|photo|frame|picture|path")
NAME_CELL = "\0"  # stands for a frame's name in its line
NUMBER = re.compile(r"([+-]?[\d.]+(?:e[+-]?\d+)?)(?:\s*/\s*([\d.]+))?\s*(ms|us|s|secs?\.?|seconds?|ev|\")?", re.I)


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

    Bare numbers belong to the frames as their names are sorted. A text that is no such list has no columns; numbers in
    even steps without a header are none, as they count the rows.

    >>> found = columns("# Filename 1/shutter_speed\\na.png 0.5\\nb.png 4", ["b.png", "a.png"])
    >>> found[0].kind, found[0].values.tolist()
    ('inverse', [4.0, 0.5])
    """
    rows, header = _rows(text, names)
    width = min((len(row) for row in rows.values()), default=0)
    table = np.full((len(names), width), np.nan)
    for i, row in rows.items():
        table[i] = row[:width]
    order = list(rows)
    found = (Column(kind, values) for kind, values in zip(_kinds(header, width), table.T, strict=True))
    return [column for column in found if np.isfinite(column.values).any() and not _counts(column, order)]


def _rows(text: str, names: Sequence[str]) -> tuple[dict[int, list[float]], list[str]]:
    """Return the cells of each frame's line, NaN but for numbers, by the frame's index; and the header before them."""
    finder = _NameFinder(names)
    rows: dict[int, list[float]] = {}
    bare: list[list[float]] = []
    header: list[str] = []
    for line in json_rows.lines(text) or text.splitlines():
        named, rest = finder.find(line)
        cells = _cells(rest)
        numbers = [_number(cell) for cell in cells]
        if named is not None:
            rows[named] = numbers
        elif numbers and np.isfinite(numbers).all():
            bare.append(numbers)
        elif not rows and re.search(r"\w", line) and (len(cells) > 1 or not header):
            header = cells
    return (rows if len(rows) > 1 else _in_order(bare, names)), header


class _NameFinder:
    """Finds frames' names in lines: with a folder before, with their suffix, another one, or none."""

    def __init__(self, names: Sequence[str]):
        self.frames = {key: i for i, name in enumerate(names) for key in (Path(name).stem.lower(), name.lower())}
        stems = "|".join(sorted({re.escape(Path(name).stem) for name in names}, key=len, reverse=True))
        # A folder's name has an end: else a long line could be searched to its end from each of its places.
        before, folder, behind = r"(?<![^\s,;|\"'(])", r"(?:[^\s,;|\"']{0,300}[/\\])?", r"(?=[\s,;|\"':=)]|$)"
        self.pattern = re.compile(rf"{before}{folder}((?:{stems})(?:\.[a-z]\w{{1,4}})?){behind}", re.I)

    def find(self, line: str) -> tuple[int | None, str]:
        """Return which frame a line names, or None; and the line with `NAME_CELL` instead.

        A name that is a mere number, as `0035`, is one where the line begins with it and goes on.
        """
        for found in self.pattern.finditer(line):
            name, before, behind = found[1].lower(), line[: found.start()], line[found.end() :]
            if re.fullmatch(r"[\d.]+", name) and (re.search(r"\w", before) or not re.search(r"\d", behind)):
                continue
            index = self.frames.get(name, self.frames.get(name.rpartition(".")[0]))
            return index, before + NAME_CELL + re.sub(r"^([\"']?)\s*(?:->|=>|[:=])", r"\1 ", behind)
        return None, line


def _counts(column: Column, order: Sequence[int]) -> bool:
    """Tell whether a column without a title numbers the rows of a list, which are in this order."""
    values = column.values[order]
    return column.kind == "" and bool((values >= 0).all()) and in_even_steps(values)


def _cells(line: str) -> list[str]:
    """Split a line at its separator: tabs, bars or semicolons (decimals may have commas then), commas, or spaces."""
    line = line.lstrip("#%- \t").rstrip(" \r\n")
    if line.count("|") > 1 and "," not in line:
        line = line.strip("|").replace("|", "\t")
    separator = "\t" if "\t" in line else ";" if 0 < line.count(";") >= line.count(",") else None
    if separator is None and "," not in line:
        line = re.split(r"\s#", line)[0]
    line = re.sub(r"(?<=\d)\s+(?=(?:ms|us|s|secs?|seconds?|ev)\b)", "", line, flags=re.I)
    if separator is None and re.search(rf"{NAME_CELL}['\"]?\s+\d+,\d+$", line):
        separator = " "
    if separator:
        cells = [re.sub(r"^(-?\d+),(\d+)", r"\1.\2", cell.strip()) for cell in line.split(separator)]
    else:
        cells = _comma_separated(line) if "," in line else line.split()
    return [cell.strip().strip("\"'").strip() for cell in cells]


def _comma_separated(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # a cell of more than 128 KiB is none of a list
        return []


def _number(cell: str) -> float:
    """Return the number in a cell: 0.5, 1/60, 1/60s, 20ms, 2", 1e-3; NaN where it holds something else."""
    found = NUMBER.fullmatch(cell)
    try:
        number = float(found[1]) / float(found[2] or 1) * UNITS.get((found[3] or "").lower(), 1) if found else math.nan
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan


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
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name.lower()) if part
    ]


def _kinds(header: list[str], width: int) -> list[str]:
    """Return the kinds of columns; a header may have no title for the names, and one column's of several words."""
    titles = [title.lower() for title in header]
    if len(titles) != width and titles and NAME_HEADER.search(titles[0]):
        titles = titles[1:]
    if len(titles) > 1 and width <= 2:
        titles = titles if len(titles) == width else [" ".join(titles)]
    if len(titles) == width - 1:
        titles = ["", *titles]
    if len(titles) != width:
        return [""] * width
    return [next((kind for kind, pattern in KINDS if re.search(pattern, title)), "") for title in titles]
