"""The frames of one scene and their exposures: from the files' headers, or from the pixels where these do not say all.

Headers take milliseconds. A list beside the frames, or no statement at all, needs the pixels, too.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import exposure_evidence, frames
from hdrkit.brackets.measured_exposure import measure
from hdrkit.brackets.stated_exposure import says_something, stated_exposures, stops_of
from hdrkit.core.errors import HdrkitError
from hdrkit.images.exposure_metadata import ExposureSettings, of_header, read_settings
from hdrkit.images.raw import Header, is_raw, read_header


@dataclass(frozen=True)
class Frame:
    """One exposure of a scene: its file, exposure value (EV 0 is the metered frame), and exposure time in seconds.

    The time is that of the shutter; None where the file does not state one.
    """

    path: Path
    exposure_time: float | None
    ev: float


class Bracket(NamedTuple):
    """The frames of one scene from dark to bright.

    problems: a line for each file that cannot be one of them, saying why; remarks: a line for each doubt about the
    exposures.
    """

    frames: tuple[Frame, ...]
    problems: list[str]
    remarks: list[str]


def read_bracket(paths: Iterable[Path]) -> Bracket:
    """Find the frames of one scene among files: those of one kind and of the usual size, and their exposures.

    Headers decide where all of them state a time. Otherwise files are decoded, and exposures come from whatever states
    them, or from the pixels (see `exposure_evidence.settle`).
    """
    kept, problems = frames.of_one_kind(list(paths))
    headers: dict[Path, Header] = {}
    for path in kept:
        try:
            headers[path] = read_header(path)
        except HdrkitError as error:
            problems.append(str(error))
    counts = Counter((header.width, header.height) for header in headers.values())
    usual = max(counts, key=lambda size: counts[size], default=(0, 0))
    for path, header in headers.items():
        if (header.width, header.height) != usual:
            size = f"{header.width} x {header.height} pixels"
            problems.append(f"{path}: {size}, its scene has {usual[0]} x {usual[1]}; leave it out")
    shown = [path for path, header in headers.items() if (header.width, header.height) == usual]
    settings = [of_header(headers[path]) if is_raw(path) else read_settings(path) for path in shown]
    if all(shot.time for shot in settings) and says_something(stops := stops_of(settings)):
        return Bracket(_ordered(shown, settings, stops), problems, [])
    return _from_pixels(shown, problems)


def _from_pixels(paths: Sequence[Path], problems: list[str]) -> Bracket:
    read = frames.read_frames(paths)
    problems = problems + read.remarks
    if len(read.paths) < 2:
        return Bracket((), problems, [])
    stated = stated_exposures(read.paths, [float(picture.mean()) for picture in read.pictures])
    found = exposure_evidence.settle(stated, measure(read.pictures), [str(path) for path in read.paths])
    settings = [read_settings(path) for path in read.paths]
    return Bracket(_ordered(read.paths, settings, found.stops), problems, found.remarks)


def _ordered(paths: Sequence[Path], settings: Sequence[ExposureSettings], stops: np.ndarray) -> tuple[Frame, ...]:
    """Return frames from dark to bright. The middle one is the metered one, as brackets are taken around it."""
    order = sorted(range(len(paths)), key=lambda i: (stops[i], paths[i]))
    metered = stops[order[(len(order) - 1) // 2]] if order else 0
    return tuple(Frame(paths[i], settings[i].time, round(float(stops[i] - metered), 2)) for i in order)
