"""A survey's own list of scenes, survey.csv: written by the kit, or by hand in any spreadsheet."""

import csv
import io
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.long_lists import some
from hdrkit.core.vocabulary import SPLITS

NAME = "survey.csv"


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a survey's list, with `scene` in each; raises HdrkitError where it is no such list."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # with a mark, as spreadsheets write it, or without
        rows = list(csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        why = "not in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise HdrkitError(f"{path}: cannot be read as a table ({why}); save it as CSV in UTF-8") from error
    needs = "it needs `scene`, and may have `place` and `split`, with commas between them"
    if rows and "scene" not in rows[0]:
        raise HdrkitError(f"{path}: its columns are {some(list(map(repr, rows[0])))}; {needs}")
    for number, row in enumerate(rows, 2):
        if row.get("split", SPLITS[0]) not in SPLITS:
            raise HdrkitError(f"{path}: line {number} has the split {row['split']!r}; name one of {', '.join(SPLITS)}")
    return rows
