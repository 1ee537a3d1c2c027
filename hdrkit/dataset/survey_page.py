"""A survey as a page: what each scene holds and what is wrong, with its frames; one file that needs no other.

What it says and how it looks stand in templates/survey.html.j2 and survey.css; Jinja2 escapes whatever is put there.
"""

import base64
import math
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment

from hdrkit.core.files import written_whole
from hdrkit.dataset import survey_table
from hdrkit.dataset.inspection import Inspection
from hdrkit.display import html_pages, notation

MEANINGS = {
    "frames": "how many can be used, of those that are there",
    "exposures from": "what states the exposures: EXIF data, a list beside the frames, their names, or nothing",
    "EV stated": "what it states, in stops; EV 0 is the frame of middle exposure",
    "EV measured": "what the pixels say. By themselves they leave one factor of all steps open, which follows from the "
    "usual camera curves; so it may differ from what is stated by a share, but not in one frame alone",
    "curve": "by which curve the camera encoded light, recovered from the frames: the usual one that it is like, or by "
    "how many sRGB stops pixels brighten for each stop of light",
    "shift": "how far a frame lies from the one of middle exposure at most, in pixels, and how far it is turned",
    "moved": "share of the picture that frames next to each other show in different light",
    "clipped": "share of the darkest frame that is white: the brightest parts of the scene, which no frame holds",
    "black": "share of the brightest frame that is black: the darkest parts of the scene, which no frame holds",
    "render": "whether there is a finished picture to score against",
    "problems": "how many; the scene itself, below, has a line for each",
}


def write(path: str | Path, name: str, totals: str, scenes: Sequence[Inspection], problems: Sequence[str]) -> None:
    """Write the page of a survey called `name`, whole or not at all; `totals` is what it says first.

    problems: a line for each folder that is no scene.
    """
    rows = [survey_table.cells(scene) | {"problems": str(len(scene.wrong) or "")} for scene in scenes]
    page = _environment().get_template("survey.html.j2").render(
        name=name, totals=totals, scenes=scenes, rows=rows, problems=problems, meanings=MEANINGS
    )  # fmt: skip
    with written_whole(path) as temporary:
        temporary.write_text(page, encoding="utf-8", errors="backslashreplace")  # names of files may be any bytes


def _environment() -> Environment:
    environment = html_pages.environment("hdrkit.dataset")
    environment.filters |= {
        "data_uri": lambda data: f"data:image/jpeg;base64,{base64.b64encode(data).decode()}",
        "percent": notation.percent,
        "plain": lambda value: "" if value is None else f"{value:g}",
        "stops": lambda value: notation.stops(value) if math.isfinite(value) else "unknown",
        "time": lambda seconds: "" if seconds is None else notation.shutter_time(seconds),
    }
    return environment
