"""Aligned scenes: frames decoded, registered and laid onto their render's pixels, once, in a cache.

Everything after this stage (augmentation, baselines, training, scoring) reads aligned scenes only.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import cv2
import numpy as np

from hdrkit.brackets import registration
from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256, written_whole
from hdrkit.core.progress_bar import bar
from hdrkit.core.workers import DEFAULT, opencv_workers
from hdrkit.dataset import exposure
from hdrkit.dataset.survey import Scene
from hdrkit.images import raw, srgb


@dataclass(frozen=True)
class AlignedScene:
    """A scene on its render's pixel grid.

    `frames`: uint8, frames x height x width x 3, encoded; `render`: uint8, height x width x 3.
    `files`, `evs`, `times` (seconds), `maps` (2 x 3, render pixel to frame pixel) and `coefficients` have one entry
    per frame. `left_out` says, line by line, which frames could not be used and why.
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
    coefficients: np.ndarray
    left_out: np.ndarray

    def nearest(self, ev: float) -> int:
        """Return the index of the frame whose exposure value is nearest to `ev`; 0 asks for the metered frame."""
        return int(np.abs(self.evs - ev).argmin())


def align(
    scenes: Sequence[Scene],
    cache: str | Path,
    decoding: str = "radiometric",
    workers: int = DEFAULT,
    registered: bool = True,
) -> list[AlignedScene]:
    """Decode and register `scenes` with `workers` threads; take what the folder `cache` already holds.

    `decoding` is `radiometric` or `libraw_default` (see `hdrkit.images.raw.decode`); registration sees radiometric
    frames in both, so that the two decodings differ in brightness alone. Without `registered`, frames that could be
    registered are stretched to the render's size instead. Scenes without a render are left out.
    Raises HdrkitError where a render cannot be read, or no frame at all could be aligned.
    """
    scenes = [scene for scene in scenes if scene.render]
    code = code_key(__name__)  # read here: some releases of Python 3.11 cannot parse code in two threads at once
    with opencv_workers(workers) as pool:
        made = pool.map(lambda scene: _cached(scene, Path(cache), decoding, registered, code), scenes)
        aligned = list(bar(made, "aligning scenes", len(scenes)))
    if not any(len(scene.frames) for scene in aligned):
        why = next((line for scene in aligned for line in scene.left_out), "no scene has a render")
        raise HdrkitError(f"no frame of any scene could be aligned ({why}); see `hdrkit survey FOLDER`")
    return aligned


def _cached(scene: Scene, cache: Path, decoding: str, registered: bool, code: str) -> AlignedScene:
    path = cache / f"{_key(scene, decoding, registered, code)}.npz"
    if not path.is_file():
        aligned = align_scene(scene, decoding, registered)
        with written_whole(path) as temporary:
            np.savez(temporary, **{field.name: getattr(aligned, field.name) for field in fields(aligned)})
        return aligned
    with np.load(path, allow_pickle=False) as stored:
        values = {name: stored[name] for name in stored.files}
    return AlignedScene(**values | {name: str(values[name]) for name in ("name", "place", "split")})


def _key(scene: Scene, decoding: str, registered: bool, code: str) -> str:
    files = [(sha256(frame.path), frame.ev) for frame in scene.frames]
    made_from = [scene.name, scene.place, scene.split, sha256(_render_of(scene)), files, code, decoding, registered]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:24]


def _render_of(scene: Scene) -> Path:
    if scene.render is None:
        raise HdrkitError(f"{scene.name}: no render, which its frames would be laid onto")
    return scene.render


def align_scene(scene: Scene, decoding: str = "radiometric", registered: bool = True) -> AlignedScene:
    """Decode one scene's frames, register them to the render and resample them onto its pixels; see `align`."""
    render = read_render(_render_of(scene))
    frames, linear, left_out = [], [], []
    for frame in scene.frames:
        try:
            linear.append(raw.decode_linear(frame.path, demosaicing="LINEAR"))
            frames.append(frame)
        except HdrkitError as error:
            left_out.append(f"{error}")
    for i, stops in reversed(exposure.contradictions(linear, np.array([f.ev for f in frames])).items()):
        left_out.append(f"{frames[i].path}: pixels {stops:+.1f} stops from what its exposure time says; left out")
        del frames[i], linear[i]
    found = registration.register_jointly(linear, [f.ev for f in frames], render)
    for frame, reason in zip(frames, found.failures, strict=True):
        if reason:
            left_out.append(f"{frame.path}: not registered ({reason}); left out")
    usable = [i for i, reason in enumerate(found.failures) if not reason]
    size = render.shape[1::-1]
    maps = found.maps if registered else [registration.stretch(size, frame.shape[1::-1]) for frame in linear]
    if decoding == "radiometric":
        on_grid = [srgb.encode_integers(registration.resample(linear[i], maps[i], size), np.uint8) for i in usable]
    else:
        pictures = [registration.resample(raw.decode(frames[i].path, decoding), maps[i], size) for i in usable]
        on_grid = [np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8) for picture in pictures]
    return AlignedScene(
        name=scene.name,
        place=scene.place,
        split=scene.split,
        frames=np.stack(on_grid) if on_grid else np.zeros((0, *render.shape), np.uint8),
        render=render,
        files=np.array([frames[i].path.name for i in usable]),
        evs=np.array([frames[i].ev for i in usable], np.float32),
        times=np.array([frames[i].exposure_time for i in usable], np.float32),
        maps=np.asarray(maps, np.float32)[usable],
        coefficients=found.coefficients[usable],
        left_out=np.array(left_out, dtype=str),
    )


def read_render(path: Path) -> np.ndarray:
    """Read a render: uint8, height x width x 3, RGB. Raises HdrkitError where it cannot be read."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise HdrkitError(f"{path}: the render cannot be read; copy it again from its source")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
