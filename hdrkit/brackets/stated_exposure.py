"""Relative exposures of a bracket's frames from whatever states them: EXIF data, a list beside them, their names."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import exposure_lists
from hdrkit.brackets.exposure_lists import Column
from hdrkit.images.exposure_metadata import ExposureSettings, read_settings

TOO_CONTRARY = -0.6  # correlation with the frames' brightness at which a column counts the other way round
SURE = 0.8  # correlation with it that file names need, as their numbers may mean something else
GAIN_PER_STOP = 3.0  # dB, as the README of Debevec and Malik's memorial church has it


class Stated(NamedTuple):
    """What is stated of the frames' exposures: `stops`, up to a constant, NaN where nothing is stated; and by what."""

    stops: np.ndarray
    source: str


def stated_exposures(paths: Sequence[Path], brightness: Sequence[float]) -> Stated:
    """Return the frames' relative exposures from the first source that states most of them.

    In this order: EXIF times with ISO speed and f-number; lists beside the frames; their names; EXIF exposure bias.
    A source that states the same for all frames states nothing. `brightness`, a number per frame that grows with it
    (the mean pixel), tells times from their inverses where no header does. Files that cannot be read state nothing.

    >>> stated_exposures([Path("no/1_60.jpg"), Path("no/1_15.jpg")], [50, 100])
    Stated(stops=array([0., 2.]), source='file names')
    """
    light = np.asarray(brightness, float)
    found = [stated for stated in _sources(list(paths), light) if says_something(stated.stops)]
    nothing = Stated(np.full(len(paths), np.nan), "nothing")
    best = max(found, key=lambda stated: np.isfinite(stated.stops).sum(), default=nothing)
    return Stated(best.stops - np.nanmin(best.stops) if found else best.stops, best.source)


def _sources(paths: list[Path], brightness: np.ndarray) -> Iterator[Stated]:
    shots = [read_settings(path) for path in paths]
    yield Stated(stops_of(shots), "EXIF exposure times")
    names = [path.name for path in paths]
    for path in exposure_lists.lists_beside([path for path in paths if path.is_file()]):
        columns = exposure_lists.columns(exposure_lists.read_text(path), names)
        yield Stated(_from_columns(columns, brightness), path.name)
    if in_names := exposure_lists.times_in_names(names):
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
    """Return the exposures that a list states: its first telling column of times or EVs, with speed, gain, aperture."""
    candidates = [column for column in columns if column.kind in ("time", "inverse", "stops", "")]
    telling = [_in_stops(column) for column in candidates]
    stops = next((stops for stops in telling if says_something(stops)), np.zeros(len(brightness)))
    if _correlation(stops, brightness) < TOO_CONTRARY:
        stops = -stops
    for column in columns:
        if np.isfinite(column.values).all() and column.kind == "gain":
            stops = stops + column.values / GAIN_PER_STOP
        elif (column.values > 0).all() and column.kind in ("iso", "f_number"):
            stops = stops + (1 if column.kind == "iso" else -2) * np.log2(column.values)
    return stops


def _in_stops(column: Column) -> np.ndarray:
    values = column.values
    if column.kind == "stops" or (column.kind == "" and (values <= 0).any()):
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
