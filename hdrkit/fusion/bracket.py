"""Several frames of one scene to one picture: what photographers do who took a bracket."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import exposure, registration
from hdrkit.dataset.alignment import resample
from hdrkit.dataset.survey import read_bracket
from hdrkit.fusion import baselines
from hdrkit.images import raw, srgb


def fuse_files(paths: Sequence[Path], method: str = "mertens") -> np.ndarray:
    """Decode the frames of one scene, lay them over each other, and fuse them with one of `baselines.METHODS`.

    Returns uint8 (h, w, 3), on the pixels of the metered frame. A tripod's small movements are undone, larger motion is
    not. Raises HdrkitError for a frame that cannot be read, states no exposure time, is of another size or scene than
    the others, or contradicts its exposure time; and for fewer than two frames.
    """
    if len(paths) < 2:
        raise HdrkitError("a bracket needs two frames or more; without --bracket one is enough")
    frames, problems = read_bracket(paths)
    if problems:
        raise HdrkitError(problems[0])
    linear = [raw.decode_linear(frame.path) for frame in frames]
    evs = [frame.ev for frame in frames]
    for i, stops in exposure.contradictions(linear, np.array(evs)).items():
        raise HdrkitError(f"{frames[i].path}: pixels {stops:+.1f} stops from what its exposure time says; leave it out")
    _, matches = registration.register_to_each_other(linear, evs)
    size, aligned = linear[0].shape[1::-1], []
    for frame, light, match in zip(frames, linear, matches, strict=True):
        if match.failure:
            raise HdrkitError(f"{frame.path}: not of one scene with the others ({match.failure}); leave it out")
        aligned.append(srgb.encode_integers(resample(light, match.map, size), np.uint8))
    return baselines.fuse(np.stack(aligned), np.array([frame.exposure_time for frame in frames]), method)
