"""What a student has solved, in a file of her own beside her notebooks."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from hdrkit.core.files import written_whole
from hdrkit.exercises.exercise import all_exercises, of_notebook

if TYPE_CHECKING:
    import pandas as pd

FILE = "hdrkit_progress.json"  # number of an exercise -> {"tries": int, "right": bool}
ELSEWHERE = "HDRKIT_PROGRESS"  # names another file: a run without a student leaves none beside the notebooks


def note(number: str, right: bool) -> None:
    """Count one try at an exercise. Once right, an exercise stays so, and no more tries are counted."""
    kept = read()
    before = kept.get(number, {"tries": 0, "right": False})
    if before["right"]:
        return
    kept[number] = {"tries": before["tries"] + 1, "right": right}
    with written_whole(_path()) as temporary:
        temporary.write_text(json.dumps(kept, indent=1), encoding="utf-8")


def read(path: Path | None = None) -> dict[str, dict]:
    """Return what is kept, in `path` or beside the notebook; nothing, where the file cannot be read.

    Trying again brings it back.
    """
    try:
        kept = json.loads((path or _path()).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    known = isinstance(kept, dict) and all(
        isinstance(one, dict) and {"tries", "right"} <= set(one) for one in kept.values()
    )
    return kept if known else {}


def show_progress(notebook: str | None = None) -> "pd.DataFrame":
    """Return a table of all exercises, or those of one notebook ("04"): points, tries, and whether they are solved."""
    import pandas as pd  # here, as JupyterLab's start needs only `read`

    kept = read()
    rows = [
        {
            "exercise": number,
            "title": one.title,
            "points": one.points,
            "tries": kept.get(number, {}).get("tries", 0),
            "solved": "yes" if kept.get(number, {}).get("right") else "",
        }
        for number, one in (all_exercises() if notebook is None else of_notebook(notebook)).items()
    ]
    return pd.DataFrame(rows, columns=["exercise", "title", "points", "tries", "solved"])


def _path() -> Path:
    return Path(os.environ.get(ELSEWHERE, FILE))
