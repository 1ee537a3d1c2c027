"""Places of a run's survey that the kit's own network has learned from: there, it is not scored on anything new.

A run keeps it in the folder of its results, so that the rows of this network can say so.
"""

import json
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from hdrkit.core.files import write_json
from hdrkit.core.vocabulary import METHODS

FILE, METHOD = "learned_places.json", "hdrkit"


def keep(out: str | Path, survey: str, learned: Collection[str], scored: Iterable[tuple[str, str]]) -> None:
    """Keep in a run's folder how many of the places that are scored the network has learned from, split by split.

    learned: places. scored: the split and the place of each scene.
    """
    places: dict[str, set[str]] = {}
    for split, place in scored:
        places.setdefault(split, set()).add(place)
    counts = {split: [len(of_split & set(learned)), len(of_split)] for split, of_split in sorted(places.items())}
    write_json(Path(out) / FILE, {"survey": survey, "splits": counts})


def read(out: str | Path) -> dict:
    """Return what `keep` kept: {survey, splits: {split: [learned from, all]}}; no splits where it kept nothing."""
    path = Path(out) / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"survey": "", "splits": {}}


def note(out: str | Path) -> str:
    """Return the sentence that warns of the scores of the kit's network; "" where it has learned from none of it."""
    kept = read(out)
    counts = {split: (learned, places) for split, (learned, places) in kept["splits"].items() if learned}
    if not counts:
        return ""
    splits = "; ".join(f"{split}: {learned} of {places}" for split, (learned, places) in counts.items())
    return (
        f"The kit's own network has learned from places of the survey {kept['survey']} ({splits}). "
        "Its scores on them do not say how well it does on new places."
    )


def name(out: str | Path, split: str) -> str:
    """Return what the network is called beside its scores on a split, with what it has learned from there."""
    return beside(METHODS[METHOD], _words(read(out), split))


def aside(out: str | Path, split: str) -> str:
    """Return a short sentence for beside a score of a split; "" where the network has learned from none of it."""
    words = _words(read(out), split)
    return f"(The kit's network {words}.)" if words else ""


def beside(method: str, words: str) -> str:
    """Return the name of a method with the words of the column `learned`, if there are any.

    >>> beside("hdrkit's network", "has learned from these places"), beside("ExpandNet", "")
    ("hdrkit's network (has learned from these places)", 'ExpandNet')
    """
    return f"{method} ({words})" if words else method


def mark(out: str | Path, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a column `learned` that marks rows of the network; as it is where there is none to mark."""
    kept = read(out)
    if not {"survey", "method", "split"} <= set(table):
        return table
    rows = zip(table["survey"], table["method"], table["split"], strict=True)
    words = [
        _words(kept, split) if (survey, method) == (kept["survey"], METHOD) else "" for survey, method, split in rows
    ]
    return table.assign(learned=words) if any(words) else table


def _words(kept: dict, split: str) -> str:
    learned, places = kept["splits"].get(split, (0, 0))
    if not learned:
        return ""
    return (
        "has learned from these places" if learned == places else f"has learned from {learned} of these {places} places"
    )
