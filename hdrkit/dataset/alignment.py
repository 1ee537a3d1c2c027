"""Aligned scenes: frames decoded, registered and laid onto their reference's pixels, once, in a cache.

Everything after this stage (augmentation, baselines, training, scoring) reads aligned scenes only.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from hdrkit.brackets import registration
from hdrkit.core import arrays, executors
from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256
from hdrkit.core.interruption import resumable
from hdrkit.core.progress_bar import bar
from hdrkit.core.references import RENDER
from hdrkit.core.workers import DEFAULT, opencv_workers
from hdrkit.dataset import scene_geometry
from hdrkit.dataset.scene_geometry import Geometry
from hdrkit.dataset.survey import Scene
from hdrkit.images import raw, srgb

USUAL = "radiometric", True  # decoding, registered; scenes in other ways lie as they do in this one
SAME_STOPS = 0.05  # shutter times in thirds of a stop are rounded, as 1/15 and 1/30 s are


@dataclass(frozen=True)
class AlignedScene:
    """A scene on the pixels of its reference: its render, or a picture that the kit made where it has none.

    `frames`: uint8, frames x height x width x 3, encoded; `render`: the reference, uint8, height x width x 3.
    `files`, `evs`, `times` and `maps` (2 x 3, reference pixel to frame pixel) have one entry per frame. `times` are
    exposures in seconds, as baselines need them: where shutter times do not say all, EV 0 counts as one second.
    `left_out` says, line by line, which frames could not be used and why; `remarks` has a line for each doubt.
    `reference` is `render` or `local operator`, see `hdrkit.core.references`.
    """

    name: str
    place: str
    split: str
    frames: np.ndarray
    render: np.ndarray
    files: np.ndarray
    evs: np.ndarray
    times: np.ndarray
    maps: np.ndarray
    left_out: np.ndarray
    remarks: np.ndarray
    reference: str = RENDER

    def nearest(self, ev: float) -> int:
        """Return the index of the frame whose exposure value is nearest to `ev`; 0 asks for the metered frame."""
        return int(np.abs(self.evs - ev).argmin())

    @property
    def has_times(self) -> bool:
        """Whether `times` are the shutter's; 1 s at EV 0 stands for times that are not known."""
        return not np.allclose(self.times, np.exp2(self.evs))


@resumable("the scenes that are aligned are kept")
def align(
    scenes: Sequence[Scene],
    cache: str | Path,
    decoding: str = USUAL[0],
    workers: int = DEFAULT,
    registered: bool = USUAL[1],
    executor: Executor | None = None,
) -> list[AlignedScene]:
    """Decode and register `scenes` with `workers` threads; take what the folder `cache` already holds.

    An `executor`, or the one of `executors.chosen`, works in the place of threads. Its processes must see the scenes'
    files and `cache` under the same paths.

    `decoding` is `radiometric` or `libraw_default` (see `hdrkit.images.raw.decode`); registration sees radiometric
    frames in both, so that the two decodings differ in brightness alone. Without `registered`, frames that could be
    registered are stretched to the reference's size instead. A scene of which nothing can be used comes without frames.
    Raises HdrkitError where no frame at all could be aligned.
    """
    code = code_key(__name__)  # read here: some releases of Python 3.11 cannot parse code in two threads at once
    job = partial(_cached, cache=Path(cache).resolve(), decoding=decoding, registered=registered, code=code)
    progress = partial(bar, desc="aligning scenes", total=len(scenes), unit="scene")
    if executor := executor or executors.chosen(__name__):
        keep = executors.elsewhere(__name__, partial(_keep, job))
        made = executor.map(keep, [_with_whole_paths(scene) for scene in scenes])
        aligned = [job(scene) for scene, _ in zip(scenes, progress(made), strict=True)]
    else:
        with opencv_workers(workers) as pool:
            aligned = list(progress(pool.map(job, scenes)))
    if not any(len(scene.frames) for scene in aligned):
        why = next((line for scene in aligned for line in scene.left_out), "there is no scene")
        raise HdrkitError(f"no frame of any scene could be aligned ({why}); see `hdrkit survey FOLDER`")
    return aligned


def _keep(job: Callable[[Scene], AlignedScene], scene: Scene) -> None:
    """Do a job for what it leaves in the cache: what it returns is too large to be sent."""
    job(scene)


def _with_whole_paths(scene: Scene) -> Scene:
    frames = tuple(replace(frame, path=frame.path.resolve()) for frame in scene.frames)
    return replace(scene, frames=frames, render=scene.render and scene.render.resolve())


def _cached(scene: Scene, cache: Path, decoding: str, registered: bool, code: str) -> AlignedScene:
    path = cache / f"{_key(scene, decoding, registered, code)}.npz"
    if kept := _kept(path):
        return kept
    try:
        if (decoding, registered) == USUAL:
            aligned = align_scene(scene)
        else:
            aligned = _in_another_way(scene, _cached(scene, cache, *USUAL, code), decoding, registered)
    except HdrkitError as error:
        aligned = _without_frames(scene, str(error))
    arrays.write(path, **{field.name: getattr(aligned, field.name) for field in fields(aligned)})
    return _kept(path) or aligned  # mapped into memory, so that all scenes of a large survey fit


def _kept(path: Path) -> AlignedScene | None:
    kept = arrays.read(path)
    if not kept or kept.keys() != {field.name for field in fields(AlignedScene)}:
        return None
    texts: dict[str, Any] = {name: str(kept[name]) for name in ("name", "place", "split", "reference")}
    return AlignedScene(**kept | texts)


def _key(scene: Scene, decoding: str, registered: bool, code: str) -> str:
    files = [(frame.path.name, sha256(frame.path), frame.ev) for frame in scene.frames]
    render = sha256(scene.render) if scene.render else None
    made_from = [scene.name, scene.place, scene.split, render, files, code, decoding, registered]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:24]


def align_scene(scene: Scene) -> AlignedScene:
    """Decode one scene's frames, register them and resample them onto its reference's pixels; see `align`.

    Raises HdrkitError where its render cannot be read, or it has neither a render nor two usable frames.
    """
    found = scene_geometry.find(scene)
    size = found.reference.shape[1::-1]
    if found.light:
        frames = [srgb.encode_integers(light, np.uint8) for light in found.light]
    else:
        placed = zip(found.frames, found.maps, strict=True)
        frames = [_laid(frame.path, USUAL[0], to_frame, size)[0] for frame, to_frame in placed]
    return AlignedScene(
        name=scene.name,
        place=scene.place,
        split=scene.split,
        frames=np.stack(frames) if frames else np.zeros((0, *size[::-1], 3), np.uint8),
        render=found.reference,
        files=np.array([frame.path.name for frame in found.frames], dtype=str),
        evs=found.evs.astype(np.float32),
        times=_times(found).astype(np.float32),
        maps=found.maps,
        left_out=np.array(found.left_out, dtype=str),
        remarks=np.array(found.remarks, dtype=str),
        reference=scene.reference,
    )


def _in_another_way(scene: Scene, usual: AlignedScene, decoding: str, registered: bool) -> AlignedScene:
    """Return a scene decoded in another way, or stretched instead of registered: where its frames lie is known."""
    if not len(usual.frames):
        return usual
    paths = {frame.path.name: frame.path for frame in scene.frames}
    size, placed = usual.render.shape[1::-1], zip(usual.files, usual.maps, strict=True)
    laid = [_laid(paths[str(file)], decoding, where if registered else None, size) for file, where in placed]
    return replace(usual, frames=np.stack([frame for frame, _ in laid]), maps=np.stack([where for _, where in laid]))


def _laid(
    path: Path, decoding: str, to_frame: np.ndarray | None, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Decode a frame and lay it onto a reference of `size`: uint8, height x width x 3, encoded; and where it lies.

    to_frame: the map (2 x 3) from a reference pixel to its own; None stretches it.
    """
    linear = decoding == USUAL[0] and raw.is_raw(path)
    picture = raw.decode_linear(path, "LINEAR") if linear else raw.decode(path, decoding)
    if to_frame is None:
        to_frame = registration.stretch(size, picture.shape[1::-1])
    picture = scene_geometry.resample(picture, to_frame, size)
    encoded = srgb.encode_integers(picture, np.uint8) if linear else np.round(np.clip(picture, 0, 1) * 255)
    return encoded.astype(np.uint8), to_frame


def _times(found: Geometry) -> np.ndarray:
    """Return the shutter times where they alone make the exposures, else those that would: 1 s at EV 0."""
    times = np.array([frame.exposure_time or np.nan for frame in found.frames])
    told = np.log2(times) - found.evs
    return times if len(told) and np.ptp(told) < SAME_STOPS else np.exp2(found.evs)


def _without_frames(scene: Scene, reason: str) -> AlignedScene:
    """Return a scene of which nothing can be used, saying why."""
    black, no_lines = np.zeros((2, 3, 3), np.uint8), np.array([], dtype=str)
    nothing, no_maps = np.zeros(0, np.float32), np.zeros((0, 2, 3), np.float32)
    return AlignedScene(
        *(scene.name, scene.place, scene.split, np.zeros((0, *black.shape), np.uint8), black, no_lines, nothing),
        *(nothing, no_maps, np.array([reason]), no_lines, scene.reference),
    )
