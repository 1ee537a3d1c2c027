"""What moved between the frames of a bracket: the pixels of a frame that no light of the scene explains.

A frame's value says between which bounds the light lies behind it: its own through the camera's response, give or take
noise, rounding and JPEG; a clipped value gives a lower bound only, a black one an upper bound only, and so does a value
beside which another channel has clipped. A small error of alignment is allowed for by taking the least and the largest
value of a pixel's neighbourhood. Where nothing moved, the bounds of all frames overlap. Starting from a reference
frame, each next one of similar exposure must agree with those that agreed before, and narrows the bounds; where it does
not, something moved.

Consistency with a reference frame by the response is that of Gallo and others (Artifact-free high dynamic range
imaging, ICCP 2009), and of Hu, Gallo and Pulli (Exposure stacks of live scenes with hand-held cameras, ECCV 2012);
cleaning by morphology that of Pece and Kautz (Bitmap movement detection: HDR for dynamic scenes, CVMP 2010).
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from hdrkit.brackets import camera_response
from hdrkit.brackets.aligned_frames import AlignedFrames
from hdrkit.brackets.camera_response import CLIPPED
from hdrkit.brackets.frame_pairs import PIXELS, FramePairs

LEVELS, STOPS = 3.0, 0.15  # by which noise, rounding and JPEG put a value wrong, and the response its light
# Values that bound light from one side only: nearly black ones, those where one level is many stops, nearly white ones.
DARK, STEEP, BRIGHT, WHITE = 10, 0.2, 220, 245  # levels, stops per level, levels, levels
DOUBT = 0.5  # stops by which a camera's response may differ from a usual curve
NEIGHBOURHOOD = np.ones((3, 3), np.uint8)
SPECK, GAP = (cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)) for size in (5, 9))  # dropped; closed
MARGIN = 3  # pixels around what moved: its blurred outline
PREFERRED = 1.5  # how many times more pixels another frame must expose well to take the middle exposure's place


class Movement(NamedTuple):
    """Where things moved, for n frames.

    moved: boolean, n x h x w, the pixels of each frame that disagree with the reference, at a scale of at most
    `PIXELS` pixels; exposed: likewise, those neither dark nor clipped in any channel; reference: the index of that
    frame; response: (3, 256), as from `camera_response.recover`, by what did not move.
    """

    moved: np.ndarray
    exposed: np.ndarray
    reference: int
    response: np.ndarray


def find(frames: AlignedFrames) -> Movement:
    """Find what moved between frames that are laid over each other.

    The reference is the frame of middle exposure, unless another exposes far more pixels well. What moves spoils the
    response, too: so one that is held near the curves of cameras is tried beside it, and it is recovered again from
    what did not move.
    """
    small = [shrink(picture) for picture in frames.pictures]
    darkest, brightest = _darkest(frames.response), np.full(3, CLIPPED - 1)
    exposed = np.stack([cv2.inRange(picture, darkest, brightest) > 0 for picture in small])
    shares = exposed.mean(axis=(1, 2))
    best = int(shares.argmax())
    reference = best if shares[best] > PREFERRED * shares[frames.reference] else frames.reference
    moved = _disagreeing(small, frames.stops, frames.response, reference)
    if not moved.any():
        return Movement(moved, exposed, reference, frames.response)
    held = _disagreeing(small, frames.stops, _plausible(frames.response, frames.measured.log_light), reference)
    moved = min(moved, held, key=np.mean)  # a wrong curve makes frames disagree where nothing moved
    still = [np.where(mask[..., None], np.uint8(0), picture) for mask, picture in zip(moved, small, strict=True)]
    response = camera_response.recover(FramePairs(still, laid=True), frames.stops, frames.measured.log_light)
    return Movement(_disagreeing(small, frames.stops, response, reference), exposed, reference, response)


def _plausible(response: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Return a response (3 x 256) held near a usual curve (256 values) of the power that fits it best."""
    far = np.abs(usual) > 1
    scaled = usual * np.median(response[:, far] / usual[far])
    return np.clip(response, scaled - DOUBT, scaled + DOUBT)


def _disagreeing(pictures: Sequence[np.ndarray], stops: np.ndarray, response: np.ndarray, start: int) -> np.ndarray:
    """Mark the pixels of each frame that disagree with the one to start from, or those that agree with it: n x h x w.

    Frames follow by how near their exposure is to the first one's, which is surest of their pixels.
    """
    tables = _tables(response)
    low, high = _bounds(pictures[start], tables, stops[start])
    moved = np.zeros((len(pictures), *pictures[0].shape[:2]), bool)
    for i in sorted(set(range(len(pictures))) - {start}, key=lambda i: abs(stops[i] - stops[start])):
        least, most = _bounds(pictures[i], tables, stops[i])
        apart = (least > high) | (low > most)
        moved[i] = _cleaned(apart[..., 0] | apart[..., 1] | apart[..., 2])
        agrees = ~moved[i][..., None]
        np.maximum(low, least, out=low, where=agrees)
        np.minimum(high, most, out=high, where=agrees)
    return moved


def shrink(picture: np.ndarray) -> np.ndarray:
    """Return a picture (height x width x 3) at the scale of `Movement.moved`."""
    scale = (PIXELS / (picture.shape[0] * picture.shape[1])) ** 0.5
    if scale >= 1:
        return picture
    size = tuple(round(length * scale) for length in picture.shape[1::-1])
    sparse = max(1, int(0.5 / scale))  # every second pixel or so is enough for a mean, and costs much less
    return cv2.resize(np.ascontiguousarray(picture[::sparse, ::sparse]), size, interpolation=cv2.INTER_AREA)


def _darkest(response: np.ndarray) -> np.ndarray:
    """Return the value of each channel from which on noise does not hide the light: (3,)."""
    steep = np.gradient(response, axis=1)[:, :128] > STEEP
    return np.array([max(DARK, 1 + np.flatnonzero(channel).max(initial=0)) for channel in steep])


def _tables(response: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of log2 of the light behind each value at exposure 0: two of 256 x 1 x 3."""
    values = np.arange(256)
    least, most = (np.array([np.interp(values + sign * LEVELS, values, curve) + sign * STOPS for curve in response])
                   for sign in (-1, 1))  # fmt: skip
    for channel, dark in enumerate(_darkest(response)):
        least[channel, :dark], most[channel, :dark] = -np.inf, most[channel, dark]
        least[channel, BRIGHT:], most[channel, WHITE:] = least[channel, BRIGHT], np.inf
    return least.T[:, None].astype(np.float32), most.T[:, None].astype(np.float32)


def _bounds(picture: np.ndarray, tables: tuple[np.ndarray, np.ndarray], stop: float) -> tuple[np.ndarray, np.ndarray]:
    """Return between what log2 of the light lies, by a frame of exposure `stop`: two of height x width x 3.

    Beside a channel that has clipped, the others have no lower bound: cameras take shares of their sensor's channels
    from each other, and of a clipped one too little, so that the others come out too bright.
    """
    least, most = (table - np.float32(stop) for table in tables)
    lowest, highest = cv2.erode(picture, NEIGHBOURHOOD), cv2.dilate(picture, NEIGHBOURHOOD)
    low, high = cv2.LUT(lowest, least), cv2.LUT(highest, most)
    clipped = highest >= WHITE
    mixed = clipped.any(axis=-1, keepdims=True) & ~clipped
    low[mixed] = -np.inf
    return low, high


def _cleaned(mask: np.ndarray) -> np.ndarray:
    """Drop specks and lines, close gaps and holes, and add a margin: height x width, boolean."""
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, GAP)
    outlines, _ = cv2.findContours(cv2.morphologyEx(closed, cv2.MORPH_OPEN, SPECK), cv2.RETR_EXTERNAL,
                                   cv2.CHAIN_APPROX_NONE)  # fmt: skip
    filled = cv2.drawContours(np.zeros_like(closed), outlines, -1, 1, cv2.FILLED)
    size = 2 * MARGIN + 1
    return cv2.dilate(filled, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0
