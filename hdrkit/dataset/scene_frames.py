"""The frames of one scene and their exposures: from the files' headers, or from the pixels where these do not say all.

Headers take milliseconds, and a look whether a picture is whole some more. A list beside the frames, or no statement at
all, needs the pixels, too.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import exposure_evidence, frames, results_beside
from hdrkit.brackets.measured_exposure import measure
from hdrkit.brackets.stated_exposure import says_something, stated_exposures, stops_of
from hdrkit.core.errors import HdrkitError
from hdrkit.core.workers import DEFAULT
from hdrkit.dataset.known_headers import KnownHeaders
from hdrkit.images.exposure_metadata import ExposureSettings, of_header, read_settings
from hdrkit.images.raw import Header, check_pixels, is_raw, read_header


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


def read_bracket(paths: Iterable[Path], known: KnownHeaders | None = None) -> Bracket:
    """Find the frames of one scene among files, those of one kind and of the usual size, and their exposures.

    known: headers that need not be read again.
    Headers decide where all of them state a time. Otherwise files are decoded, and exposures come from whatever states
    them, or from the pixels (see `exposure_evidence.settle`).
    """
    paths, results = results_beside.apart(list(paths))
    headers, problems = _headers(paths, known or KnownHeaders(None))
    problems += [f"{path}: by its name made from the other frames; left out" for path in results]
    kept, others = frames.of_one_kind(list(headers))
    counts = Counter(_size(headers[path]) for path in kept)
    usual = max(counts, key=lambda size: counts[size], default=(0, 0))
    shown = [path for path in kept if _size(headers[path]) == usual]
    for path in kept:
        if (size := _size(headers[path])) != usual:
            has = f"its scene has {usual[0]} x {usual[1]}"
            problems.append(f"{path}: {size[0]} x {size[1]} pixels, {has}; leave it out")
    settings = [of_header(headers[path]) if is_raw(path) else read_settings(path) for path in shown]
    stops = stops_of(settings)
    if len(shown) < 2 or (all(shot.time for shot in settings) and says_something(stops)):
        return Bracket(_ordered(shown, settings, stops), problems + others, [])
    return _from_pixels(shown, problems + others)


def _headers(paths: Sequence[Path], known: KnownHeaders) -> tuple[dict[Path, Header], list[str]]:
    """Return the headers of files that can be decoded, and a line for each other."""
    with ThreadPoolExecutor(DEFAULT) as pool:  # to tell whether it is whole, libraries unpack each file
        found = dict(zip(paths, pool.map(partial(known.get, read=_header_or_problem), paths), strict=True))
    headers = {path: header for path, header in found.items() if isinstance(header, Header)}
    return headers, [problem for problem in found.values() if isinstance(problem, str)]


def _header_or_problem(path: Path) -> Header | str:
    try:
        header = read_header(path)
        if not is_raw(path):  # its header says nothing of where the file was cut
            check_pixels(path)
        return header
    except HdrkitError as error:
        return str(error)


def _size(header: Header) -> tuple[int, int]:
    return header.width, header.height


def _from_pixels(paths: Sequence[Path], problems: list[str]) -> Bracket:
    read = frames.read_frames(paths)
    problems = problems + read.remarks
    settings = [read_settings(path) for path in read.paths]
    if len(read.paths) < 2:
        return Bracket(_ordered(read.paths, settings, np.zeros(len(read.paths))), problems, [])
    stated = stated_exposures(read.paths, [float(picture.mean()) for picture in read.pairs.small])
    found = exposure_evidence.settle(stated, measure(read.pairs), [str(path) for path in read.paths])
    return Bracket(_ordered(read.paths, settings, found.stops), problems, found.remarks)


def _ordered(paths: Sequence[Path], settings: Sequence[ExposureSettings], stops: np.ndarray) -> tuple[Frame, ...]:
    """Return frames from dark to bright; EV 0 is the one of middle exposure."""
    order = sorted(range(len(paths)), key=lambda i: (stops[i], paths[i]))
    metered = stops[exposure_evidence.middle(stops)] if order else 0
    return tuple(Frame(paths[i], settings[i].time, round(float(stops[i] - metered), 2)) for i in order)
