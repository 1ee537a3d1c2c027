"""The frames of a bracket laid over each other, with their exposures and the response of their camera."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import camera_response, exposure_evidence, frame_positions
from hdrkit.brackets.frames import Frames, read_frames
from hdrkit.brackets.measured_exposure import Measured, measure
from hdrkit.brackets.registration import IDENTITY, resample
from hdrkit.brackets.stated_exposure import BY_HAND, Stated, by_hand, stated_exposures
from hdrkit.core.errors import HdrkitError


class AlignedFrames(NamedTuple):
    """The n usable frames of one scene, on the pixels of the one of middle exposure.

    paths: their files; pictures: uint8, height x width x 3, encoded by the camera's curve; stops: (n,), their
    exposures, 0 the darkest frame's; reference: the index of the frame of middle exposure; maps: (n, 2, 3), from its
    pixels to each frame's; response: (3, 256), as from `camera_response.recover`; stated, measured: what files and
    pixels say of the exposures; remarks: a line for each doubt.
    """

    paths: list[Path]
    pictures: list[np.ndarray]
    stops: np.ndarray
    reference: int
    maps: np.ndarray
    response: np.ndarray
    stated: Stated
    measured: Measured
    remarks: list[str]


def align_files(
    paths: Sequence[Path], times: Sequence[float] | None = None, largest: float = math.inf
) -> AlignedFrames:
    """Decode the frames of one scene, find their exposures, and lay them over each other.

    Exposures come from `times`, in seconds, one per path, where a user gives them; else from whatever states them, or
    from the pixels (`exposure_evidence`). A frame that cannot help is left out, one that cannot be matched is used
    unmoved, and a line says so. Frames of more than `largest` pixels are made smaller first, to look at them sooner.
    Raises HdrkitError where fewer than two frames remain, whose message has the lines, and where times are not one per
    path, or all the same.
    """
    if len(paths) < 2:
        raise HdrkitError(f"{len(paths)} frame(s), a bracket needs two frames or more")
    if times is not None:
        _check_times(paths, times)
    frames = read_frames(paths, largest)
    _check_count(frames)
    measured = measure(frames.pairs)
    if times is None:
        stated = stated_exposures(frames.paths, [float(picture.mean()) for picture in frames.pairs.small])
    else:
        stated = by_hand([times[list(paths).index(path)] for path in frames.paths])
    exposures = exposure_evidence.settle(stated, measured, [str(path) for path in frames.paths])
    reference = exposure_evidence.middle(exposures.stops)
    maps, failures = frame_positions.from_one(frames.pairs, reference, frames.pictures[0].shape[1::-1])
    doubts = [f"{frames.paths[i]}: used unmoved ({why})" for i, why in failures.items()]
    response = camera_response.recover(frames.pairs, exposures.stops, measured.log_light)
    _lay(frames.pictures, maps)
    remarks = frames.remarks + exposures.remarks + doubts
    return AlignedFrames(
        frames.paths, frames.pictures, exposures.stops, reference, maps, response, stated, measured, remarks
    )


def _check_times(paths: Sequence[Path], times: Sequence[float]) -> None:
    if len(times) != len(paths):
        names = ", ".join(path.name for path in paths)
        raise HdrkitError(f"{BY_HAND}: {len(times)} times for {len(paths)} frames, in this order: {names}")


def _check_count(frames: Frames) -> None:
    if len(frames.paths) < 2:
        raise HdrkitError(f"{len(frames.paths)} usable frames, a bracket needs two ({'; '.join(frames.remarks)})")


def _lay(pictures: list[np.ndarray], maps: np.ndarray) -> None:
    """Lay pictures onto the reference's pixels, one by one in their place: two brackets need twice the memory."""
    for i, rigid in enumerate(maps):
        if not np.array_equal(rigid, IDENTITY):
            pictures[i] = resample(pictures[i], rigid, pictures[i].shape[1::-1])
