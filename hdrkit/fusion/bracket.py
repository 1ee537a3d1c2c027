"""Several frames of one scene to one picture: what photographers do who took a bracket."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import exposure, registration
from hdrkit.dataset.alignment import resample
from hdrkit.dataset.survey import ordered_frames
from hdrkit.fusion import baselines
from hdrkit.images import raw, srgb


def fuse_files(paths: Sequence[Path], method: str = "mertens") -> np.ndarray:
    """Decode the frames of one scene, lay them over each other, and fuse them with one of `fusion.METHODS`.

    Returns uint8 (h, w, 3), on the pixels of the metered frame. A tripod's nudges are undone, larger motion is not.
    Raises HdrkitError for a frame that cannot be read, states no exposure time, is of another size or scene than the
    others, or contradicts its exposure time; and for fewer than two frames.
    """
    frames = _frames(paths)
    linear = [raw.decode_linear(frame.path) for frame in frames]
    evs = np.array([frame.ev for frame in frames])
    for i, stops in exposure.contradictions(linear, evs).items():
        raise HdrkitError(f"{frames[i].path}: pixels {stops:+.1f} stops from what its exposure time says; leave it out")
    _, offsets = registration.register_to_each_other(linear, evs)
    size, aligned = linear[0].shape[1::-1], []
    for frame, light, (to_frame, _, failure) in zip(frames, linear, offsets, strict=True):
        if failure:
            raise HdrkitError(f"{frame.path}: not of one scene with the others ({failure}); leave it out")
        aligned.append(srgb.encode_integers(resample(light, to_frame, size), np.uint8))
    return baselines.fuse(np.stack(aligned), np.array([frame.exposure_time for frame in frames]), method)


def _frames(paths: Sequence[Path]):
    headers = {path: raw.read_header(path) for path in paths}
    if len(headers) < 2:
        raise HdrkitError("a bracket needs two frames or more; without --bracket one is enough")
    size = next((header.width, header.height) for header in headers.values())
    for path, header in headers.items():
        if header.exposure_time is None:
            raise HdrkitError(f"{path}: no exposure time in the file; copy it with its EXIF data")
        if (header.width, header.height) != size:
            raise HdrkitError(f"{path}: {header.width} x {header.height} pixels, the first has {size[0]} x {size[1]}")
    return ordered_frames(headers)
