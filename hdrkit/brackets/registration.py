"""Registration of frames to their render (Evangelidis and Psarakis 2008: enhanced correlation coefficient, ECC).

Per frame, as the report's authors did it: each frame's grey picture is matched with the render's by itself, from
wherever the last frame ended. That fails where the frame is nearly black or white, and drags one frame's failure into
the next.

Jointly, as this kit does it, in two steps, because the frames of one bracket differ by a small movement of the
tripod, while the render is scaled, turned and cropped:

1. All frames are merged to relative radiance, which is exposed well everywhere, and the render is matched with that
   by an affine map, coarse to fine.
2. Each frame is matched with the merged radiance by a rigid offset, over the pixels that it exposes well.

ECC sees *structure*: the logarithm of luminance, less its local mean, over its local contrast. The render's tone
mapping changes brightness and contrast from region to region; structure is what survives it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from hdrkit.images import srgb

IDENTITY = np.eye(2, 3, dtype=np.float32)
CRITERIA = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-6)
DARKEST, BRIGHTEST = 0.004, 0.95  # linear light between noise and saturation
# Shapes larger than this share of the picture's height count as tone, smaller ones as structure.
FINE_SCALE = 1 / 40
COARSE_HEIGHT = 96  # pixels
COARSE_SCALES = (1 / 6, 1 / 3, 1 / 24)  # tried in turn: broad shapes lead far, but tone mapping bends them
CERTAIN_RENDER_COEFFICIENT = 0.9  # right maps reach 0.93 and more, wrong ones 0.9 and less
LOWEST_RENDER_COEFFICIENT = 0.3  # unrelated pictures reach about 0.1
CERTAIN_FRAME_COEFFICIENT = 0.95
LOWEST_FRAME_COEFFICIENT = 0.7  # frames of another scene reach about 0.5
LEAST_USABLE = 0.002  # share of the pixels


@dataclass(frozen=True)
class Registration:
    """Where a scene's frames lie.

    `maps`: float32, frames x 2 x 3, each from a render pixel (x, y) to a frame pixel, as `cv2.warpAffine` takes it with
    WARP_INVERSE_MAP. `coefficients`: ECC of each frame's last match, in [-1, 1]. `failures`: None, or why a frame
    could not be registered.
    """

    maps: np.ndarray
    coefficients: np.ndarray
    failures: tuple[str | None, ...]


class Match(NamedTuple):
    """A frame matched with the radiance: `map`, float32 2 x 3, from radiance pixels to its own; ECC; why it failed."""

    map: np.ndarray
    coefficient: float
    failure: str | None = None


def register_jointly(frames: Sequence[np.ndarray], evs: Sequence[float], render: np.ndarray) -> Registration:
    """Register the frames of one scene to its render, jointly: they help each other.

    `frames`: linear, float32, height x width x 3, [0, 1]; `evs`: their exposure values;
    `render`: uint8, encoded, any size.
    """
    merged, matches = register_to_each_other(frames, evs)
    render_map, coefficient = align_render(merged, render)
    if coefficient < LOWEST_RENDER_COEFFICIENT:
        reasons = (f"the render does not match the scene: coefficient {coefficient:.2f}",) * len(frames)
        return Registration(np.stack([render_map] * len(frames)), np.full(len(frames), coefficient), reasons)
    maps = np.stack([compose(match.map, render_map) for match in matches])
    coefficients = np.array([match.coefficient for match in matches])
    return Registration(maps, coefficients, tuple(match.failure for match in matches))


def register_to_each_other(frames: Sequence[np.ndarray], evs: Sequence[float]) -> tuple[np.ndarray, list[Match]]:
    """Merge the frames of one scene, and find where each lies: `merge`, and a `rigid_offset` of every frame.

    Arguments as for `register_jointly`.
    """
    greys = [srgb.luminance(frame) for frame in frames]
    masks = [usable(frame) for frame in frames]
    merged = merge(greys, evs, masks)
    return merged, [rigid_offset(merged, grey, mask, ev) for grey, mask, ev in zip(greys, masks, evs, strict=True)]


def merge(greys: Sequence[np.ndarray], evs: Sequence[float], masks: Sequence[np.ndarray]) -> np.ndarray:
    """Merge luminance pictures to relative radiance, 1 where the metered frame saturates: float32, height x width.

    Pictures in colour (height x width x 3) are merged alike, with masks of height x width x 1.
    Brighter frames have less noise, so each usable pixel counts by its exposure. Where no frame is usable, the
    darkest frame is used where all saturate, and the brightest where all are black.
    """
    gain = np.exp2(np.asarray(evs, dtype=np.float32))
    light = sum(grey * mask for grey, mask in zip(greys, masks, strict=True))
    weight = sum(g * mask for g, mask in zip(gain, masks, strict=True))
    dark, bright = int(gain.argmin()), int(gain.argmax())
    nowhere = np.where(greys[dark] > DARKEST, greys[dark] / gain[dark], greys[bright] / gain[bright])
    return np.where(weight > 0, light / np.maximum(weight, 1e-9), nowhere).astype(np.float32)


def align_render(radiance: np.ndarray, render: np.ndarray) -> tuple[np.ndarray, float]:
    """Find the affine map from render pixels to radiance pixels, and its coefficient, coarse to fine.

    `radiance`: float32, height x width; `render`: uint8, height x width x 3.
    """
    luminance = srgb.luminance(srgb.decode(render.astype(np.float32) / 255))
    template, sample = structure(luminance), structure(radiance)
    small_luminance, small_radiance = _shrink(luminance, COARSE_HEIGHT), _shrink(radiance, COARSE_HEIGHT)
    shrink = stretch(luminance.shape[::-1], small_luminance.shape[::-1])
    enlarge = stretch(small_radiance.shape[::-1], radiance.shape[::-1])
    best, coefficient = stretch(luminance.shape[::-1], radiance.shape[::-1]), 0.0
    for scale in COARSE_SCALES:
        start = stretch(small_luminance.shape[::-1], small_radiance.shape[::-1])
        try:
            _, start = cv2.findTransformECCMultiScale(
                structure(small_luminance, scale), structure(small_radiance, scale), start, _pyramid()
            )
            start = compose(enlarge, compose(start, shrink))
            reached, found = _ecc(template, sample, start, cv2.MOTION_AFFINE)
        except cv2.error:
            continue
        if reached > coefficient:
            best, coefficient = found, reached
        if coefficient > CERTAIN_RENDER_COEFFICIENT:
            break
    return best, coefficient


def _ecc(template: np.ndarray, sample: np.ndarray, start: np.ndarray, motion: int) -> tuple[float, np.ndarray]:
    """Return the coefficient and the map, template to sample, that ECC reaches from `start` on all pixels."""
    # OpenCV's stubs forbid the None that its documentation gives for "no mask".
    return cv2.findTransformECC(template, sample, start, motion, CRITERIA, None, 5)  # type: ignore[call-overload]


def _pyramid() -> cv2.ECCParameters:
    parameters = cv2.ECCParameters()
    parameters.nlevels = 2
    parameters.criteria = CRITERIA
    return parameters


def _shrink(picture: np.ndarray, height: int) -> np.ndarray:
    """Return a picture scaled down to a height in pixels, or as it is if it is no higher."""
    if picture.shape[0] <= height:
        return picture
    width = round(picture.shape[1] * height / picture.shape[0])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def rigid_offset(radiance: np.ndarray, grey: np.ndarray, mask: np.ndarray, ev: float) -> Match:
    """Find the rigid map from radiance pixels to a frame's pixels.

    A frame that shows too little of the scene to be sure of its own position lies where its neighbours lie.
    """
    if not mask.any():
        return Match(IDENTITY, 0.0, "black or white: no pixel between noise and saturation")
    if mask.mean() < LEAST_USABLE:
        return Match(IDENTITY, 0.0)
    # Saturated and black regions are flat in both, and their outlines move with the frame: ECC needs no mask.
    # Half the size does: ECC averages over thousands of pixels, and finds an offset to some hundredths of one.
    lights = (_shrink(light, grey.shape[0] // 2) for light in (radiance * np.float32(2**ev), grey))
    try:
        template, sample = (np.log2(np.clip(light, DARKEST / 4, 1)) for light in lights)  # a row has no half
        coefficient, found = _ecc(template, sample, IDENTITY.copy(), cv2.MOTION_EUCLIDEAN)
    except cv2.error:
        return Match(IDENTITY, 0.0, "it does not match the other frames: no convergence")
    if coefficient < LOWEST_FRAME_COEFFICIENT:
        return Match(IDENTITY, coefficient, f"it does not match the other frames: coefficient {coefficient:.2f}")
    if coefficient < CERTAIN_FRAME_COEFFICIENT:
        return Match(IDENTITY, coefficient)
    whole, half = grey.shape[::-1], sample.shape[::-1]
    return Match(compose(stretch(half, whole), compose(found, stretch(whole, half))), coefficient)


def structure(luminance: np.ndarray, scale: float = FINE_SCALE) -> np.ndarray:
    """Return what survives tone mapping: log luminance less its local mean, over its local contrast.

    float32, height x width, to float32 of the same shape, about [-3, 3]. `scale`: the width of the local mean, as a
    share of the picture's height.
    """
    sigma = luminance.shape[0] * scale
    log = np.log2(np.maximum(luminance, 1e-6))
    detail = log - cv2.GaussianBlur(log, (0, 0), sigma)
    contrast = np.sqrt(cv2.GaussianBlur(detail**2, (0, 0), sigma))
    return (detail / (contrast + 0.1)).astype(np.float32)


class RegistrationPerFrame(NamedTuple):
    """Where a scene's frames lie, and the warp (2 x 3) that the next scene starts from."""

    found: Registration
    warp: np.ndarray


def register_per_frame(
    frames: Sequence[np.ndarray], render: np.ndarray, start: np.ndarray = IDENTITY
) -> RegistrationPerFrame:
    """Register frames as the authors' code did.

    `frames`: encoded, float32, height x width x 3; `render`: uint8; `start`: the warp found for the frame before.
    Each frame is stretched to the render's size; ECC of the grey pictures, affine, 5000 iterations, epsilon 1e-8.
    """
    size = render.shape[1::-1]
    template = cv2.cvtColor(render, cv2.COLOR_RGB2GRAY)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 5000, 1e-8)
    warp, maps, coefficients, failures = start.copy(), [], [], []
    for frame in frames:
        picture = cv2.resize(np.round(frame * 255).astype(np.uint8), size, interpolation=cv2.INTER_CUBIC)
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        coefficient, failure = 0.0, None
        try:
            coefficient, warp = cv2.findTransformECC(template, grey, warp.copy(), cv2.MOTION_AFFINE, criteria)
        except cv2.error:
            failure = "no convergence"
        maps.append(compose(stretch(size, frame.shape[1::-1]), warp))
        coefficients.append(coefficient)
        failures.append(failure)
    return RegistrationPerFrame(Registration(np.stack(maps), np.array(coefficients), tuple(failures)), warp)


def displacement(found: np.ndarray, true: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return how far apart two maps (2 x 3) send the points of a 9 x 9 grid over a picture, in pixels: (81,).

    `size`: the picture's (width, height).
    """
    x, y = np.meshgrid(np.linspace(0, size[0] - 1, 9), np.linspace(0, size[1] - 1, 9))
    points = np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    return np.linalg.norm((np.asarray(found, float) - np.asarray(true, float)) @ points, axis=0)


def compose(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the affine map (2 x 3) that applies `first`, then `second`."""
    return (np.asarray(second) @ np.vstack([first, [0, 0, 1]])).astype(np.float32)


def resample(picture: np.ndarray, to_frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Lay a picture (float32, height x width x 3) onto a render of `size` (width, height).

    `to_frame` (2 x 3) takes a render pixel to a picture pixel. Beyond the picture's edge its border is repeated:
    the authors' black border would be scored as if the camera had seen it.
    """
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, to_frame, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def stretch(size: tuple[int, int], to: tuple[int, int]) -> np.ndarray:
    """Return the map that stretches a picture of `size` (width, height) to size `to`, pixel centre to pixel centre."""
    x, y = to[0] / size[0], to[1] / size[1]
    return np.array([[x, 0, x / 2 - 0.5], [0, y, y / 2 - 0.5]], dtype=np.float32)


def usable(frame: np.ndarray) -> np.ndarray:
    """Mark the pixels that are neither lost in noise nor saturated in any channel: boolean, height x width."""
    return (srgb.brightest(frame) < BRIGHTEST) & (srgb.luminance(frame) > DARKEST)
