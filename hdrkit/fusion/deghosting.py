"""Frames of a bracket in which things moved, made to show one scene before they are merged or fused (deghosting).

Where a frame disagrees with the reference frame (`movement`), it has no say: its pixels there become what the frames
that agree say of the light, brought to its exposure through the camera's response. So radiance merged from the frames
has the light of those that agree, and exposure fusion, which needs values of all frames, has no gaps. Reinhard
and others (High Dynamic Range Imaging, 2nd edition, 2010, section 5.7) give an overview of such methods.
"""

import cv2
import numpy as np

from hdrkit.brackets import movement
from hdrkit.brackets.aligned_frames import AlignedFrames
from hdrkit.brackets.camera_response import TRUST_IN_VALUES

LEAST_KNOWN = 0.5  # share of a region that the frames that agree must expose well; else another frame is taken
MOST = 0.5  # share of the picture; where more disagrees, exposures or alignment are wrong
NOTEWORTHY = 0.001  # share of the picture that moved, from which a line says so
SOFT = 5  # pixels of the mask over which a frame fades into the others


def deghost(frames: AlignedFrames) -> AlignedFrames:
    """Return the frames as if things had stayed where they are in the reference frame, with a line if many moved.

    The reference is the frame of middle exposure, or one that exposes far more pixels well. Frames in which nothing
    moved are the same arrays; where more disagrees than things that move explain, all frames are.
    """
    found = movement.find(frames)
    share = float(found.moved.any(axis=0).mean())
    if share > MOST:
        line = f"frames disagree in {share:.0%} of the picture, more than things that move explain; used as they are"
        return frames._replace(remarks=[*frames.remarks, line])
    if share == 0:
        return frames
    line = f"{share:.1%} of the picture moved between frames; taken from {frames.paths[found.reference].name} there"
    remarks = [*frames.remarks, line] if share >= NOTEWORTHY else frames.remarks
    frames = frames._replace(response=found.response, remarks=remarks)
    return frames._replace(pictures=_replaced(frames, _with_sources(found.moved, found.exposed)))


def _with_sources(moved: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    """Take each region that no frame that agrees exposes well from the one frame that exposes it best.

    moved, exposed: boolean, n x h x w. Returns moved, changed in such regions.
    """
    known = (exposed & ~moved).any(axis=0)
    changed = moved.copy()
    count, regions, boxes, _ = cv2.connectedComponentsWithStats(np.logical_or.reduce(moved).astype(np.uint8))
    for number in range(1, count):
        x, y, width, height = boxes[number, : cv2.CC_STAT_AREA]
        box = np.s_[y : y + height, x : x + width]
        region = regions[box] == number
        if known[box][region].mean() < LEAST_KNOWN:
            source = exposed[:, *box][:, region].mean(axis=1).argmax()
            changed[:, *box] |= region
            changed[source, *box] &= ~region
    return changed


def _replaced(frames: AlignedFrames, moved: np.ndarray) -> list[np.ndarray]:
    """Return the frames with what moved replaced by what the others say, with soft edges."""
    shape = frames.pictures[0].shape[:2]
    where = np.flatnonzero(_enlarged(np.logical_or.reduce(moved), shape))
    values = np.stack([picture.reshape(-1, 3)[where] for picture in frames.pictures])
    away = np.stack([_enlarged(mask, shape).ravel()[where] for mask in moved])
    light = _light(values, 1 - away, frames.stops, frames.response)
    pictures = list(frames.pictures)
    for i in np.flatnonzero(moved.any(axis=(1, 2))):
        own = np.flatnonzero(away[i])
        told = np.stack([np.interp(light[own, channel] + frames.stops[i], curve, np.arange(256))
                         for channel, curve in enumerate(frames.response)], axis=1)  # fmt: skip
        kept = values[i, own]
        pictures[i] = pictures[i].copy()
        pictures[i].reshape(-1, 3)[where[own]] = np.rint(kept + away[i, own, None] * (told - kept))
    return pictures


def _enlarged(mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return a mask (h x w) at the size of the frames, with soft edges: float32, height x width, [0, 1]."""
    return cv2.resize(cv2.blur(mask.astype(np.float32), (SOFT, SOFT)), shape[::-1])


def _light(values: np.ndarray, shares: np.ndarray, stops: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Return log2 of the light that frames say who have a share in it: pixels x 3.

    values: uint8, n x pixels x 3; shares: n x pixels, [0, 1]. Values count as in `camera_response.merge`. Where no
    frame exposes a pixel well, the one with the largest share says it.
    """
    total, weights = np.zeros((2, *values.shape[1:]), np.float32)
    for value, share, stop in zip(values, shares, stops, strict=True):
        weight = np.repeat(TRUST_IN_VALUES[:, None] * 2.0**stop, 3, axis=1)
        weights += share[:, None] * _looked_up(weight, value)
        total += share[:, None] * _looked_up(weight * np.exp2(response.T - stop), value)
    first = shares.argmax(axis=0)
    source = np.take_along_axis(values, first[None, :, None], axis=0)[0]
    alone = _looked_up(response.T, source) - stops[first][:, None]
    return np.where(weights > 0, np.log2(np.maximum(total, 1e-30) / np.maximum(weights, 1e-12)), alone)


def _looked_up(table: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return what a table (256 x 3) has for uint8 values (pixels x 3): float32."""
    return cv2.LUT(values[:, None], table[:, None].astype(np.float32))[:, 0]
