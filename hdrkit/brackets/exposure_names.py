"""Exposures in the names that people give their frames.

`1_640.jpg` and `1over640.jpg` are 1/640 s, beside them `2.jpg` is 2 s; `desk_0.5s.png` and `desk_0.5_iso100.png` are
half a second; `arch_EV-4.72.jpg`, `arch_+2.jpg` and `arch_m2.jpg` are stops. Most numbers in names are none of these:
they count frames, or are dates, speeds, or sizes in pixels. So what is in even steps counts, whatever it looks like.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hdrkit.brackets.exposure_columns import UNITS, Column, in_even_steps

NUMBER = r"(?:\d+(?:[.,]\d+)?|[.,]\d+)"
MINUS, PLUS = r"minus|m|n|-", r"plus|p|\+"
SIGNED = rf"(?:({MINUS})|({PLUS}))?[ _]?({NUMBER})"
# Letters before EV, as in `ArchEV+2`, are fine if a sign follows; `rev2` and `dev2` are something else.
EV = re.compile(rf"(?:(?<![a-z])ev[ _]?|ev(?=[+-])){SIGNED}(?![a-z])", re.I)
EV_BEHIND = re.compile(rf"(?<![a-z\d.])(?:(-)|(\+))?({NUMBER})[ _]?ev(?![a-z\d])", re.I)
SECONDS = re.compile(rf"(?<![\d.])({NUMBER})[ _]?(s|sec|secs|seconds|ms|us)(?![a-z\d])", re.I)
# No year stands before, as in 2017-1-21, and no size in pixels behind, as in 1_640x480.
FRACTION = re.compile(r"(?<![\d.])(?<!(?:19|20)\d\d[_-])1(?:[_/-]|over)(\d{1,5})(?!\d|x\d|\.\d)", re.I)
WHOLE_OR_TENTHS = re.compile(r"(\d{1,3})(?:[_/-]|over)(10?)", re.I)


def exposures_in_names(names: Sequence[str]) -> Column | None:
    """Return what file names say, exposure times in seconds or EVs (of kind `stops`), if most of them say it.

    A name that says nothing, as of a result beside its frames, has NaN. A whole number, as in `2.jpg`, is a time only
    beside names with fractions, as `1_640.jpg`: else it counts frames.

    >>> exposures_in_names(["1_640.jpg", "2.jpg"]).values.tolist()
    [0.0015625, 2.0]
    """
    stems = [Path(name).stem for name in names]
    beginnings = [re.match(r"[^\W\d_]*", stem)[0] for stem in stems]  # type: ignore[index]
    usual = Counter(beginnings).most_common(1)[0][0] if stems else ""
    members = [i for i, beginning in enumerate(beginnings) if beginning == usual]
    alike = [stems[i] for i in members]
    for kind, read in (("stops", _stops_in), ("time", _times_in)):
        found = np.full(len(stems), np.nan)
        found[members] = read(alike)
        if np.isfinite(found).sum() >= max(2, len(stems) / 2 + 0.5):
            return Column(kind, found)
    return None


def _stops_in(stems: list[str]) -> list[float]:
    """Return EVs: of a number beside the letters EV; or, where only they differ, of numbers with a plus or a minus."""
    labels = [EV.search(stem) or EV_BEHIND.search(stem) for stem in stems]
    labelled = [_signed(found) if found else math.nan for found in labels]
    if np.isfinite(labelled).any():
        by_hyphens = all(value < 0 for value in labelled) and in_even_steps(labelled)  # ev-1, ev-2, ev-3
        return [math.nan] * len(stems) if by_hyphens else labelled
    signed = [re.fullmatch(SIGNED, part, re.I) for part in _differing(stems)]
    if not all(found and (found[1] or found[2] or not _decimal(found[3])) for found in signed):
        return [math.nan] * len(stems)
    if not any(found[2] for found in signed if found):  # a minus alone may be a hyphen
        return [math.nan] * len(stems)
    return [_signed(found) for found in signed if found]


def _times_in(stems: list[str]) -> list[float]:
    """Return times in seconds; none at all where they count frames, or where all are whole numbers without a unit."""
    parts = _differing(stems)
    times = [_time(stem) for stem in stems]
    if any(re.search(r"[.,]\d", part) for part in parts) or np.isfinite(times).any():
        times = [_bare(part) if math.isnan(time) else time for part, time in zip(parts, times, strict=True)]
    if in_even_steps(times) or in_even_steps([1 / time for time in times]):
        return [math.nan] * len(stems)
    return times


def _differing(stems: Sequence[str]) -> list[str]:
    """Return the parts of names between what all begin and end with; no number is cut."""
    start = len(re.sub(r"[\d.,+-][\d._,/+-]*$", "", _beginning(stems)))
    rest = [stem[start:] for stem in stems]
    end = re.sub(r"^(?:[_/-]|over)?[\d.,]+", "", _beginning([part[::-1] for part in rest])[::-1])
    return [part[: len(part) - len(end)].lstrip("_ =") for part in rest]


def _beginning(texts: Sequence[str]) -> str:
    """Return what all texts begin with."""
    different = (i for i, letters in enumerate(zip(*texts, strict=False)) if len(set(letters)) > 1)
    return texts[0][: next(different, min(map(len, texts)))] if texts else ""


def _time(stem: str) -> float:
    if (found := FRACTION.search(stem)) and int(found[1]):
        return 1 / int(found[1])
    if (found := SECONDS.search(stem)) and _decimal(found[1]):
        return _decimal(found[1]) * UNITS.get(found[2].lower(), 1)
    return math.nan


def _bare(part: str) -> float:
    """Return the time that a whole part of a name is: 2, 0.25, 3_10 or 2_1."""
    if (found := WHOLE_OR_TENTHS.fullmatch(part)) and int(found[1]):
        return int(found[1]) / int(found[2])
    time = _decimal(part) if re.fullmatch(NUMBER, part) else 0
    return time or math.nan


def _signed(found: re.Match[str]) -> float:
    return -_decimal(found[3]) if found[1] else _decimal(found[3])


def _decimal(number: str) -> float:
    return float(number.replace(",", "."))
