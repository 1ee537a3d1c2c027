"""Several frames of one scene to one picture: what photographers do who took a bracket."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import camera_response
from hdrkit.brackets.aligned_frames import align_files
from hdrkit.fusion import baselines
from hdrkit.fusion.deghosting import deghost


class Fused(NamedTuple):
    """A picture, uint8 (h, w, 3), and a line for each doubt about its frames or their exposures."""

    picture: np.ndarray
    remarks: list[str]


def fuse_files(paths: Sequence[Path], method: str = "mertens") -> Fused:
    """Lay the frames of one scene over each other and fuse them with one of `baselines.METHODS`.

    The picture lies on the pixels of the middle exposure; radiance is merged with the response that the frames
    themselves show. Raises HdrkitError as `align_files` does.
    """
    frames = deghost(align_files(paths))
    if method == "mertens":
        return Fused(baselines.fuse(np.stack(frames.pictures), np.exp2(frames.stops), method), frames.remarks)
    radiance = camera_response.merge(frames.pictures, frames.stops, frames.response)
    return Fused(baselines.tone_map(radiance, method), frames.remarks)
