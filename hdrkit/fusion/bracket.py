"""Several frames of one scene to one picture: what photographers do who took a bracket."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.brackets import camera_response
from hdrkit.brackets.aligned_frames import AlignedFrames, align_files
from hdrkit.core.vocabulary import LOCAL
from hdrkit.fusion import baselines
from hdrkit.fusion.deghosting import deghost
from hdrkit.images import srgb
from hdrkit.simulation import local_laplacian

METHODS = (*baselines.METHODS, LOCAL)
MIDDLE_GREY = float(srgb.decode(np.array(128 / 255)))  # the light of a value of 128, where white has 1
# OpenCV's operators map a picture's brightest value to white, which a lamp of some pixels would decide.
WHITE, STRIDE = 99.5, 7  # percentile of the values, of every seventh row
GAMMA = 2.2  # as of screens; the tables have Reinhard's operator with the report's 1.5, which is darker


class Fused(NamedTuple):
    """What frames were fused to.

    picture: uint8 (h, w, 3). remarks: a line for each doubt about frames or their exposures. radiance: float32
    (h, w, 3), as from `relative_radiance`, None where it was not merged. metered: the file on whose pixels it lies.
    used: how many frames were.
    """

    picture: np.ndarray
    remarks: list[str]
    radiance: np.ndarray | None
    metered: Path
    used: int


def fuse_files(
    paths: Sequence[Path], method: str = "mertens", *, radiance: bool = False, times: Sequence[float] | None = None
) -> Fused:
    """Lay the frames of one scene over each other and fuse them with one of `METHODS`.

    The picture lies on the pixels of the middle exposure. Radiance is merged with the response that the frames
    themselves show, for the methods that need it, or where it is asked for. `times` and errors as for `align_files`.
    """
    frames = deghost(align_files(paths, times))
    light = relative_radiance(frames) if radiance or method != "mertens" else None
    picture = _mertens(frames) if light is None or method == "mertens" else tone_map(light, method)
    return Fused(picture, frames.remarks, light, frames.paths[frames.reference], len(frames.paths))


def relative_radiance(frames: AlignedFrames) -> np.ndarray:
    """Merge frames to linear light of their own primaries: float32, height x width x 3.

    The light that the metered frame encodes as 128 of 255 is `MIDDLE_GREY`, 0.216, as in an sRGB picture. So where
    that frame is sRGB-encoded, as a developed raw file is, its white is 1; with another camera curve it is near 1.
    """
    merged = camera_response.merge(frames.pictures, frames.stops, frames.response)
    return merged * np.float32(MIDDLE_GREY * 2.0 ** frames.stops[frames.reference])


def tone_map(radiance: np.ndarray, method: str) -> np.ndarray:
    """Bring relative radiance, float32 (h, w, 3), to a uint8 picture with one of `METHODS` but Mertens'.

    Raises HdrkitError as `baselines.tone_map` does.
    """
    if method == LOCAL:
        return local_laplacian.tone_map_to_bytes(radiance)
    white = np.percentile(radiance[::STRIDE], WHITE)
    return baselines.tone_map(np.minimum(radiance, np.float32(white)), method, gamma=GAMMA)


def _mertens(frames: AlignedFrames) -> np.ndarray:
    """Fuse frames by Mertens' weights; in frames without colours saturation is 0, and would leave no weight at all."""
    reference = frames.pictures[frames.reference]
    grey = np.array_equal(reference[..., 0], reference[..., 1]) and np.array_equal(reference[..., 0], reference[..., 2])
    weights = {"saturation_weight": 0.0} if grey else {}
    return baselines.mertens(frames.pictures, **weights)
