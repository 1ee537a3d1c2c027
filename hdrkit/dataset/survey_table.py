"""What an inspected scene's row of the survey's table says, and the table as text."""

from collections.abc import Sequence

import numpy as np

from hdrkit.core.errors import printable
from hdrkit.dataset.inspection import Inspection
from hdrkit.display import notation

EVEN = 0.25  # stops by which steps may differ that are called by one number
LISTED = 5  # uneven exposures; of more, only the ends are said
NONE = "none"


def cells(scene: Inspection) -> dict[str, str]:
    """Return the cells of a scene's row by their column's heading."""
    used, there = len(scene.frames), len(scene.folder.frames)
    row = {"scene": scene.name, "frames": str(there) if used == there else f"{used} of {there}"}
    row |= dict.fromkeys(
        ("exposures from", "EV stated", "EV measured", "curve", "shift", "moved", "clipped", "black"), ""
    )
    if scene.frames and scene.movement:
        row |= {
            "exposures from": scene.source,
            "EV stated": evs([frame.stated for frame in scene.frames]),
            "EV measured": evs([frame.measured for frame in scene.frames]),
            "curve": scene.curve,
            "shift": f"{scene.movement.pixels:.1f} px, {scene.movement.degrees:.1f}°",
            "moved": notation.percent(scene.movement.share),
            "clipped": notation.percent(scene.frames[0].clipped),
            "black": notation.percent(scene.frames[-1].black),
        }
    return row | {"render": "yes" if scene.render else NONE}


def evs(values: Sequence[float]) -> str:
    """Return exposures in short: their ends and step where that is even.

    >>> evs([-2, 0, 2]), evs([-2, 0, 0.1, 3]), evs([np.nan, np.nan]), evs([-1, 0, 1, np.nan]), evs([0, 0])
    ('−2 to +2 by 2', '−2 0 +0.1 +3', 'none', '−1 to +1 by 1, 1 unknown', '0 0')
    """
    known = np.sort([value for value in values if np.isfinite(value)])
    if not len(known):
        return NONE
    unknown = f", {len(values) - len(known)} unknown" if len(known) < len(values) else ""
    steps = np.diff(known)
    ends = f"{notation.stops(known[0])} to {notation.stops(known[-1])}"
    if len(steps) and np.ptp(steps) <= EVEN < np.ptp(known):
        return f"{ends} by {notation.stops(float(steps.mean())).removeprefix('+')}{unknown}"
    return (" ".join(map(notation.stops, known)) if len(known) <= LISTED else f"{ends}, uneven") + unknown


def text(scenes: Sequence[Inspection]) -> list[str]:
    """Return the lines of the table."""
    rows = [cells(scene) | {"scene": printable(scene.name)} for scene in scenes]
    widths = {heading: max(len(heading), *(len(row[heading]) for row in rows)) for heading in rows[0]}
    lines = [dict(zip(widths, widths, strict=True)), *rows]
    return ["  ".join(row[heading].ljust(width) for heading, width in widths.items()).rstrip() for row in lines]
