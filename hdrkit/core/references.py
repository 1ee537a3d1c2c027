"""What a run's pictures are held against: photographers' renders, or pictures that the kit made where there are none.

A run keeps it in the folder of its results, so that each figure and table can say so.
"""

import json
from pathlib import Path

import pandas as pd

from hdrkit.core.files import write_json

RENDER, MADE = "render", "local operator"
FILE = "references.json"


def keep(out: str | Path, survey: str, made: int, scenes: int) -> None:
    """Keep in a run's folder how many of its survey's scenes have no render, so that the kit made their references."""
    write_json(Path(out) / FILE, {"survey": survey, "made": made, "scenes": scenes})


def read(out: str | Path) -> dict:
    """Return what `keep` kept: {survey, made, scenes}; nothing made where it kept nothing."""
    path = Path(out) / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"survey": "", "made": 0, "scenes": 0}


def note(out: str | Path) -> str:
    """Return the sentence that marks a run with made references; "" where all of them are renders.

    It names the survey, as a run also shows what was found on others.
    """
    kept = read(out)
    if not kept["made"]:
        return ""
    where = "" if kept["made"] == kept["scenes"] else f", {kept['made']} of {kept['scenes']} scenes"
    return f"Survey {kept['survey']}{where}: reference made by hdrkit's local operator, not a photographer's render."


def mark(out: str | Path, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a column `reference` in rows of a survey with made references; as it is for any other run."""
    kept = read(out)
    if not kept["made"]:
        return table
    words = MADE if kept["made"] == kept["scenes"] else f"{MADE} in {kept['made']} of {kept['scenes']} scenes"
    return table.assign(reference=[words if name == kept["survey"] else "" for name in table["survey"]])
