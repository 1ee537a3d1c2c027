"""Where the frames of a scene lie, and what they are held against: its render, or a reference made where it has none.

Raw frames are linear light, so that they are matched as they are. Pictures went through a camera's curve, which is
recovered from the bracket itself.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from hdrkit.brackets import camera_response, registration
from hdrkit.brackets.aligned_frames import AlignedFrames, align_files
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset import exposure
from hdrkit.dataset.scene_frames import Frame
from hdrkit.dataset.survey import Scene
from hdrkit.images import raw, srgb
from hdrkit.images.smaller import no_longer, size_no_longer
from hdrkit.simulation import local_laplacian

# Pixels of a long edge of a reference at most: crops have fewer, and a survey of 12 megapixels would not fit memory.
LONGEST = 640
FINER = 2  # times as many pixels along an edge a frame may have as its reference; more are averaged first


class Geometry(NamedTuple):
    """The n usable frames of a scene, from dark to bright, and its reference.

    frames; evs: (n,), their exposure values; maps: (n, 2, 3), from a reference pixel to a pixel of each frame;
    reference: uint8, height x width x 3, encoded; light: of raw frames, on the reference's pixels, linear, float32,
    height x width x 3; else none.
    left_out: a line for each frame that could not be used; remarks: a line for each doubt.
    """

    frames: list[Frame]
    evs: np.ndarray
    maps: np.ndarray
    reference: np.ndarray
    light: list[np.ndarray]
    left_out: list[str]
    remarks: list[str]


class _Light(NamedTuple):
    """Frames that decode to what they state: linear light, made smaller, and their size (width, height) before that."""

    frames: list[Frame]
    light: list[np.ndarray]
    full: tuple[int, int]
    left_out: list[str]


def find(scene: Scene) -> Geometry:
    """Register a scene's frames to its render, or to the frame of middle exposure where it has none.

    Raises HdrkitError where the render cannot be read, or fewer than two frames can be used without one.
    """
    headers_say_all = all(raw.is_raw(frame.path) and frame.exposure_time for frame in scene.frames)
    return _of_raw(scene) if headers_say_all else _of_pictures(scene)


def _of_raw(scene: Scene) -> Geometry:
    render = read_render(scene.render) if scene.render else None
    frames, light, full, left_out = _decoded(scene.frames, FINER * (LONGEST if render is None else max(render.shape)))
    evs = [frame.ev for frame in frames]
    if render is None:
        maps, failures = _to_each_other(light, evs)
    else:
        found = registration.register_jointly(light, evs, render)
        maps, failures = found.maps, found.failures
    for frame, reason in zip(frames, failures, strict=True):
        if reason:
            left_out.append(f"{frame.path}: not registered ({reason}); left out")
    usable = [i for i, reason in enumerate(failures) if not reason]
    frames, light = [frames[i] for i in usable], [light[i] for i in usable]
    if render is None and len(light) < 2:
        raise HdrkitError(f"{scene.name}: {len(light)} usable frames, a bracket needs two ({'; '.join(left_out)})")
    evs, maps = [frame.ev for frame in frames], np.asarray(maps, np.float32)[usable]
    size = size_no_longer(light[0].shape[1::-1], LONGEST) if render is None else render.shape[1::-1]
    on_grid = [resample(frame, to_light, size) for frame, to_light in zip(light, maps, strict=True)]
    if light:
        enlarge = registration.stretch(light[0].shape[1::-1], full)
        maps = np.stack([registration.compose(enlarge, to_light) for to_light in maps])
    reference = _of_light(on_grid, evs) if render is None else render
    return Geometry(frames, np.array(evs), maps, reference, on_grid, left_out, [])


def _decoded(frames: Sequence[Frame], longest: int) -> _Light:
    """Decode frames, and make each smaller at once, to a long edge of `longest` pixels at most."""
    kept, light, full, left_out = [], [], (0, 0), []
    for frame in frames:
        try:
            decoded = raw.decode_linear(frame.path, demosaicing="LINEAR")
            light.append(no_longer(decoded, longest))
            full = decoded.shape[1::-1]
            kept.append(frame)
        except HdrkitError as error:
            left_out.append(f"{error}")
    for i, stops in reversed(exposure.contradictions(light, np.array([f.ev for f in kept])).items()):
        left_out.append(f"{kept[i].path}: pixels {stops:+.1f} stops from what its exposure time says; left out")
        del kept[i], light[i]
    return _Light(kept, light, full, left_out)


def _to_each_other(light: list[np.ndarray], evs: list[float]) -> tuple[np.ndarray, tuple[str | None, ...]]:
    """Return maps from a made reference's pixels, which are the metered frame's, and why frames failed."""
    if not light:
        return np.empty((0, 2, 3)), ()
    _, matches = registration.register_to_each_other(light, evs)
    back = cv2.invertAffineTransform(matches[int(np.abs(evs).argmin())].map)
    full = light[0].shape[1::-1]
    grid = registration.compose(back, registration.stretch(size_no_longer(full, LONGEST), full))
    maps = np.stack([registration.compose(match.map, grid) for match in matches])
    return maps, tuple(match.failure for match in matches)


def _of_light(on_grid: list[np.ndarray], evs: list[float]) -> np.ndarray:
    """Make a reference of linear frames that lie on its pixels."""
    masks = [registration.usable(frame)[..., None] for frame in on_grid]
    return local_laplacian.tone_map_to_bytes(registration.merge(on_grid, evs, masks))


def _of_pictures(scene: Scene) -> Geometry:
    render = read_render(scene.render) if scene.render else None
    found = align_files([frame.path for frame in scene.frames])
    evs = found.stops - found.stops[found.reference]
    full = found.pictures[0].shape[1::-1]
    size = size_no_longer(full, LONGEST if render is None else FINER * max(render.shape))
    grid = registration.stretch(size, full)
    small = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in found.pictures]
    radiance = camera_response.merge(small, evs, found.response)
    order, failed = np.argsort(evs, kind="stable"), ""
    if render is not None:
        to_radiance, coefficient = registration.align_render(srgb.luminance(radiance), render)
        grid = registration.compose(grid, to_radiance)
        if coefficient < registration.LOWEST_RENDER_COEFFICIENT:
            order, failed = order[:0], f"the render does not match the scene: coefficient {coefficient:.2f}"
    by_path = {frame.path: frame for frame in scene.frames}
    maps = [registration.compose(found.maps[i], grid) for i in order]
    left_out, remarks = _told_apart(scene, found)
    if failed:
        left_out += [f"{path}: not registered ({failed}); left out" for path in found.paths]
    return Geometry(
        [by_path[found.paths[i]] for i in order],
        np.round(evs[order], 2),
        np.array(maps, np.float32).reshape(-1, 2, 3),
        local_laplacian.tone_map_to_bytes(radiance) if render is None else render,
        [],
        left_out,
        remarks,
    )


def _told_apart(scene: Scene, found: AlignedFrames) -> tuple[list[str], list[str]]:
    """Return the lines for frames that are not used, and those for doubts."""
    unused = tuple(str(frame.path) for frame in scene.frames if frame.path not in found.paths)
    left_out = [line for line in found.remarks if line.startswith(unused)]
    return left_out, [line for line in found.remarks if line not in left_out]


def resample(picture: np.ndarray, to_frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Lay a picture onto a reference, as `registration.resample` does; one that is much finer is averaged first."""
    full = picture.shape[1::-1]
    picture = no_longer(picture, FINER * max(size))  # bilinear interpolation would skip pixels
    if (small := picture.shape[1::-1]) != full:
        to_frame = registration.compose(registration.stretch(full, small), to_frame)
    return registration.resample(picture, to_frame, size)


def read_render(path: Path) -> np.ndarray:
    """Read a render: uint8, height x width x 3, RGB; a larger one is made `LONGEST` pixels wide or high.

    Raises HdrkitError where it cannot be read.
    """
    try:
        picture = raw.decode_picture(path, cv2.IMREAD_COLOR)
    except HdrkitError as error:
        raise HdrkitError(f"{path}: the render cannot be read; copy it again from its source") from error
    return no_longer(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), LONGEST)
