"""Several frames of one scene to one picture: what photographers do who took a bracket."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import camera_response, coarse_alignment, exposure_evidence, registration
from hdrkit.brackets.frames import Frames, read_frames
from hdrkit.brackets.measured_exposure import Measured, measure
from hdrkit.brackets.stated_exposure import stated_exposures
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.alignment import resample
from hdrkit.fusion import baselines


class Fused(NamedTuple):
    """A picture, uint8 (h, w, 3), and a line for each doubt about its frames or their exposures."""

    picture: np.ndarray
    remarks: list[str]


def fuse_files(paths: Sequence[Path], method: str = "mertens") -> Fused:
    """Decode the frames of one scene, lay them over each other, and fuse them with one of `baselines.METHODS`.

    The picture lies on the pixels of the middle exposure. Exposures come from whatever states them, or from the pixels
    (`exposure_evidence`); radiance is merged with the response that the frames themselves show. A frame that cannot
    help is left out, one that cannot be matched is used unmoved, and a line says so.
    Raises HdrkitError where fewer than two frames remain; its message has the lines.
    """
    if len(paths) < 2:
        raise HdrkitError("a bracket needs two frames or more; without --bracket one is enough")
    frames = read_frames(paths)
    _check_count(frames)
    measured = measure(frames.pictures)
    stated = stated_exposures(frames.paths, [float(picture.mean()) for picture in frames.pictures])
    exposures = exposure_evidence.settle(stated, measured, [str(path) for path in frames.paths])
    pictures, doubts = _align(frames, exposures.stops, measured)
    remarks = frames.remarks + exposures.remarks + doubts
    if method == "mertens":
        return Fused(baselines.fuse(np.stack(pictures), np.exp2(exposures.stops), method), remarks)
    response = camera_response.recover(pictures, exposures.stops, measured.log_light)
    return Fused(baselines.tone_map(camera_response.merge(pictures, exposures.stops, response), method), remarks)


def _check_count(frames: Frames) -> None:
    if len(frames.paths) < 2:
        raise HdrkitError(f"{len(frames.paths)} usable frames, a bracket needs two ({'; '.join(frames.remarks)})")


def _align(frames: Frames, stops: np.ndarray, measured: Measured) -> tuple[list[np.ndarray], list[str]]:
    """Lay frames onto the pixels of the one of middle exposure: by whole pixels first, then by ECC."""
    response = camera_response.recover(frames.pictures, stops, measured.log_light)
    reference = int(np.argsort(stops, kind="stable")[(len(stops) - 1) // 2])
    size = frames.pictures[0].shape[1::-1]
    shifts = _shifts(frames.pictures, np.argsort(stops, kind="stable"), reference)
    white = response[:, 255:]  # as exposure, light is 1 where a frame is clipped
    lights = [resample(camera_response.light(picture, response, white), shift, size)
              for picture, shift in zip(frames.pictures, shifts, strict=True)]  # fmt: skip
    _, matches = registration.register_to_each_other(lights, list(stops - stops[reference]))
    own = matches[reference].map
    pictures, remarks = [], []
    for i, match in enumerate(matches):
        if match.failure:
            remarks.append(f"{frames.paths[i]}: used unmoved ({match.failure})")
        back = registration.compose(match.map, _inverse(own))
        pictures.append(resample(frames.pictures[i], registration.compose(shifts[i], back), size))
    return pictures, remarks


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
