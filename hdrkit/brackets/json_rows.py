"""Tables in JSON, of the shapes that people give them: by frame or by column, in a list or under names."""

import json
from typing import Any


def lines(text: str) -> list[str]:
    """Return the rows of a table in JSON as lines with tabs, after its header; none where the text holds no table.

    >>> lines('{"a.png": 0.5, "b.png": 2}')
    ['file\\t', 'a.png\\t0.5', 'b.png\\t2']
    >>> lines('{"files": ["a.png"], "iso": [100]}'), lines('{"of": [{"file": "a.png", "t": 1}]}'), lines("a.png 0.5")
    (['files\\tiso', 'a.png\\t100'], ['file\\tt', 'a.png\\t1'], [])
    """
    try:
        records = _records(json.loads(text))
    except (ValueError, RecursionError):
        return []
    header = list(records[0]) if records else []
    if len(header) * len(records) > len(text):  # nearly all of its cells are missing
        return []
    rows: list[list[Any]] = [[*header], *([record.get(key) for key in header] for record in records)] if records else []
    return ["\t".join(" ".join(str(cell).split()) for cell in row) for row in rows]


def _records(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, list):
        return [row if isinstance(row, dict) else {"": row} for row in document]
    if not isinstance(document, dict):
        return []
    inside = [value for value in document.values() if isinstance(value, (dict, list))]
    columns = {key: value for key, value in document.items() if _is_column(value)}
    if columns and len(columns) == len(inside):
        return [dict(zip(columns, row, strict=False)) for row in zip(*columns.values(), strict=False)]
    if len(inside) == 1:
        return _records(inside[0])
    if inside and all(isinstance(value, dict) for value in inside):
        return [{"file": key, **value} for key, value in document.items() if isinstance(value, dict)]
    return [{"file": key, "": value} for key, value in document.items()]


def _is_column(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(cell, (dict, list)) for cell in value)
