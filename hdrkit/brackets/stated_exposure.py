"""Relative exposures of a bracket's frames from whatever states them: EXIF data, a list beside them, their names."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import exposure_lists, exposure_names
from hdrkit.brackets.exposure_columns import Column
from hdrkit.core.errors import HdrkitError
from hdrkit.images.exposure_metadata import ExposureSettings, read_settings

EXPOSURES = ("time", "inverse", "stops", "")  # kinds of columns that may state all of an exposure
CONTRARY = 0.6  # correlation with the frames' brightness; at less than its negative a column counts the other way round
SURE = 0.8  # correlation with it that file names need, as their numbers may mean something else
BY_HAND = "--times"  # the source that is believed, whatever the pixels say
NOTHING = "nothing"  # the source where there is none
GAIN_PER_STOP = 3.0  # dB, as the README of Debevec and Malik's memorial church has it


class Stated(NamedTuple):
    """What is stated of the frames' exposures: `stops`, up to a constant, NaN where nothing is stated; and by what."""

    stops: np.ndarray
    source: str


def stated_exposures(paths: Sequence[Path], brightness: Sequence[float]) -> Stated:
    """Return the frames' relative exposures from the first source that states most of them, if it goes with brightness.

    In this order: EXIF times with ISO speed and f-number; lists beside the frames; their names; EXIF exposure bias.
    A source that states the same for all frames states nothing; EXIF times are named then, where no other source says
    more. `brightness`, a number per frame that grows with it (the mean pixel), tells times from their inverses where no
    header does. Files that cannot be read state nothing.

    >>> stated_exposures([Path("no/1_60.jpg"), Path("no/1_15.jpg")], [50, 100])
    Stated(stops=array([0., 2.]), source='file names')
    """
    light = np.asarray(brightness, float)
    sources = list(_sources(list(paths), light))
    found = [stated for stated in sources if says_something(stated.stops)]
    if not found:
        same = np.isfinite(sources[0].stops).all()
        return Stated(np.full(len(paths), np.nan), sources[0].source if same else NOTHING)
    best = max(
        found, key=lambda stated: (np.isfinite(stated.stops).sum(), _correlation(stated.stops, light) >= CONTRARY)
    )
    return Stated(best.stops - np.nanmin(best.stops), best.source)


def by_hand(times: Sequence[float]) -> Stated:
    """Return what a user states of the frames' exposures: their times in seconds. Raises HdrkitError for equal ones."""
    stops = np.log2(times)
    if not says_something(stops):
        raise HdrkitError(f"{BY_HAND}: all frames have one time; a bracket has two or more")
    return Stated(stops - stops.min(), BY_HAND)


def _sources(paths: list[Path], brightness: np.ndarray) -> Iterator[Stated]:
    shots = [read_settings(path) for path in paths]
    yield Stated(stops_of(shots), "EXIF exposure times")
    names = [path.name for path in paths]
    for path in exposure_lists.lists_beside([path for path in paths if path.is_file()]):
        columns = exposure_lists.columns(exposure_lists.read_text(path), names)
        yield Stated(_from_columns(columns, brightness), path.name)
    if in_names := exposure_names.exposures_in_names(names):
        stops = _in_stops(in_names)
        if _correlation(stops, brightness) >= SURE:
            yield Stated(stops, "file names")
    yield Stated(np.array([np.nan if shot.bias is None else shot.bias for shot in shots]), "EXIF exposure bias")


def stops_of(shots: Sequence[ExposureSettings]) -> np.ndarray:
    """Return log2 of time x ISO speed / f-number^2 (ISO 2720); speed or f-number count if all frames state them."""
    stops = np.log2([shot.time or np.nan for shot in shots])
    if all(shot.iso for shot in shots):
        stops = stops + np.log2([shot.iso or np.nan for shot in shots])
    if all(shot.f_number for shot in shots):
        stops = stops - 2 * np.log2([shot.f_number or np.nan for shot in shots])
    return stops


def _from_columns(columns: Sequence[Column], brightness: np.ndarray) -> np.ndarray:
    """Return the exposures that a list states: its first telling column of times or EVs, with speed, gain, aperture.

    A column without a header tells only what goes with the brightness, this way or the other: else it is of sizes, or
    of points.
    """
    candidates = sorted((column for column in columns if column.kind in EXPOSURES), key=lambda column: not column.kind)
    telling = [(column.kind, _in_stops(column)) for column in candidates]
    stops = next(
        (stops for kind, stops in telling if says_something(stops) and (kind or _goes_with(stops, brightness))),
        np.zeros(len(brightness)),
    )
    if _correlation(stops, brightness) < -CONTRARY:
        stops = -stops
    for column in {column.kind: column for column in reversed(columns)}.values():  # the first one of each kind
        known = np.where(np.isfinite(column.values), column.values, 1)
        if np.isfinite(column.values).all() and column.kind == "gain":
            stops = stops + column.values / GAIN_PER_STOP
        elif (known > 0).all() and column.kind in ("iso", "f_number"):
            stops = stops + (1 if column.kind == "iso" else -2) * np.log2(known)
    return stops


def _goes_with(stops: np.ndarray, brightness: np.ndarray) -> bool:
    return abs(_correlation(stops, brightness)) >= CONTRARY


def _in_stops(column: Column) -> np.ndarray:
    values = column.values
    if column.kind == "stops" or (column.kind in ("", "time") and (values <= 0).any()):  # no time is 0 or less
        return values
    stops = np.log2(np.where(values > 0, values, np.nan))
    return -stops if column.kind == "inverse" else stops


def says_something(stops: np.ndarray) -> bool:
    """Tell whether exposures (n,), NaN where nothing is stated, differ: the same for all frames says nothing."""
    stated = stops[np.isfinite(stops)]
    return len(stated) >= 2 and bool(np.ptp(stated) > 0.01)


def _correlation(stops: np.ndarray, brightness: np.ndarray) -> float:
    both = np.isfinite(stops) & np.isfinite(brightness)
    if both.sum() < 2 or min(np.ptp(stops[both]), np.ptp(brightness[both])) == 0:
        return 0.0
    return float(np.corrcoef(stops[both], brightness[both])[0, 1])
