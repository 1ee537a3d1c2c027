"""The frames of a bracket laid over each other, with their exposures and the response of their camera."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import camera_response, coarse_alignment, exposure_evidence, registration
from hdrkit.brackets.frames import Frames, read_frames
from hdrkit.brackets.measured_exposure import Measured, measure
from hdrkit.brackets.stated_exposure import Stated, stated_exposures
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


def align_files(paths: Sequence[Path], largest: float = math.inf) -> AlignedFrames:
    """Decode the frames of one scene, find their exposures, and lay them over each other.

    Frames of more than `largest` pixels are made smaller first, to look at them sooner.

    Exposures come from whatever states them, or from the pixels (`exposure_evidence`). A frame that cannot help is left
    out, one that cannot be matched is used unmoved, and a line says so.
    Raises HdrkitError where fewer than two frames remain; its message has the lines.
    """
    if len(paths) < 2:
        raise HdrkitError(f"{len(paths)} frame(s), a bracket needs two frames or more")
    frames = read_frames(paths, largest)
    _check_count(frames)
    measured = measure(frames.pictures)
    stated = stated_exposures(frames.paths, [float(picture.mean()) for picture in frames.pictures])
    exposures = exposure_evidence.settle(stated, measured, [str(path) for path in frames.paths])
    reference = int(np.argsort(exposures.stops, kind="stable")[(len(exposures.stops) - 1) // 2])
    maps, doubts = _maps(frames, exposures.stops, reference, measured)
    size = frames.pictures[0].shape[1::-1]
    pictures = [registration.resample(*pair, size) for pair in zip(frames.pictures, maps, strict=True)]
    response = camera_response.recover(pictures, exposures.stops, measured.log_light)
    remarks = frames.remarks + exposures.remarks + doubts
    return AlignedFrames(
        frames.paths, pictures, exposures.stops, reference, np.array(maps), response, stated, measured, remarks
    )


def _check_count(frames: Frames) -> None:
    if len(frames.paths) < 2:
        raise HdrkitError(f"{len(frames.paths)} usable frames, a bracket needs two ({'; '.join(frames.remarks)})")


def _maps(frames: Frames, stops: np.ndarray, reference: int, measured: Measured) -> tuple[list[np.ndarray], list[str]]:
    """Find the maps from the reference frame's pixels to each frame's: by whole pixels first, then by ECC."""
    response = camera_response.recover(frames.pictures, stops, measured.log_light)
    size = frames.pictures[0].shape[1::-1]
    shifts = _shifts(frames.pictures, np.argsort(stops, kind="stable"), reference)
    white = response[:, 255:]  # as exposure, light is 1 where a frame is clipped
    lights = [registration.resample(camera_response.light(picture, response, white), shift, size)
              for picture, shift in zip(frames.pictures, shifts, strict=True)]  # fmt: skip
    _, matches = registration.register_to_each_other(lights, list(stops - stops[reference]))
    back = _inverse(matches[reference].map)
    maps = [registration.compose(shift, registration.compose(match.map, back))
            for shift, match in zip(shifts, matches, strict=True)]  # fmt: skip
    lines = [f"{frames.paths[i]}: used unmoved ({match.failure})" for i, match in enumerate(matches) if match.failure]
    return maps, lines


def _shifts(pictures: Sequence[np.ndarray], order: np.ndarray, reference: int) -> list[np.ndarray]:
    """Return maps (2 x 3) from the reference frame's pixels to each frame's, by neighbours' shifts in whole pixels."""
    steps = [coarse_alignment.shift_between(pictures[a], pictures[b]) for a, b in pairwise(order)]
    ways = np.concatenate([[[0, 0]], np.cumsum(np.reshape(steps, (-1, 2)), axis=0)])
    maps = [registration.IDENTITY] * len(pictures)
    start = ways[list(order).index(reference)]
    for i, way in zip(order, ways, strict=True):
        maps[i] = np.array([[1, 0, way[0] - start[0]], [0, 1, way[1] - start[1]]], np.float32)
    return maps


def _inverse(rigid: np.ndarray) -> np.ndarray:
    turn = rigid[:, :2].T
    return np.hstack([turn, -turn @ rigid[:, 2:]]).astype(np.float32)
