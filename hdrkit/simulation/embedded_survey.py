"""Make the embedded survey: a simulated camera photographs every view of `embedded_views`.

The survey has the folders, names and shape of the HDR Photographic Survey (M. D. Fairchild, Color and Imaging
Conference 2007): nine raw frames per scene, one stop apart, and a render that is cropped, scaled and
slightly turned against them.
"""

import csv
import hashlib
import io
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from fractions import Fraction
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from hdrkit.core import executors
from hdrkit.core.code_key import code_key
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256, written_whole
from hdrkit.core.folder_lock import only_run_in
from hdrkit.core.interruption import resumable
from hdrkit.core.progress_bar import bar, waiting
from hdrkit.core.workers import DEFAULT, begin_process
from hdrkit.images import dng, jpeg
from hdrkit.simulation import camera, local_laplacian, panorama
from hdrkit.simulation.embedded_views import (
    EVS,
    FRAME_SIZE,
    RENDER_SIZE,
    View,
    frame_name,
    geometry,
    load,
    panorama_path,
    read_views,
    true_maps,
)

SENSOR_WIDTH = 23.7  # mm
UNIT_TIME = 1 / 60  # s in which a luminance of 1 in the panorama's unit saturates the sensor
JPEG_QUALITY = 92
STAMP = ".capture.json"
MOST_PROCESSES = 61  # that Windows can wait for


def shutter_time(factor: float) -> float:
    """Return the time in s, in thirds of a stop, that multiplies light by about `factor`."""
    return 2.0 ** (round(3 * np.log2(factor * UNIT_TIME)) / 3)


def photograph(view: View, seed: int, folder: Path) -> None:
    """Write the nine raw frames of a scene into `folder`."""
    light, sensor = load(view.panorama), camera.Sensor()
    colour = camera.colours(sensor, view.kelvin)
    pose = panorama.rotation(view.yaw, view.pitch, view.roll)
    time = shutter_time(camera.metered(panorama.view(light, pose, view.fov, FRAME_SIZE), camera.METERING))
    focal_length = round(SENSOR_WIDTH / 2 / np.tan(np.radians(view.fov) / 2), 1)
    rng = np.random.default_rng([seed, zlib.crc32(view.scene.encode()), 1])
    for i, (ev, shift) in enumerate(zip(EVS, geometry(view, seed).shifts, strict=True)):
        exposure = panorama.view(light, pose, view.fov, FRAME_SIZE, shift) * (time / UNIT_TIME * 2**ev)
        mosaic = camera.expose(exposure, sensor, colour, rng)
        shot = dng.Shot(Fraction(time * 2**ev), 100, 8.0, focal_length, f"2019:03:01 12:00:{i:02d}")
        dng.write_dng(folder / frame_name(i), mosaic, colour, shot)


def render(view: View, seed: int) -> np.ndarray:
    """Return the scene's render: encoded float32 (280, 420, 3) in [0, 1].

    Tone mapping sees the noise-free light at twice the frame's resolution, so that resampling
    costs no sharpness.
    """
    pose = panorama.rotation(view.yaw, view.pitch, view.roll)
    light = panorama.view(load(view.panorama), pose, view.fov, (2 * FRAME_SIZE[0], 2 * FRAME_SIZE[1]))
    picture = local_laplacian.tone_map(light)
    crop = 2 * geometry(view, seed).crop + [[0, 0, 0.5], [0, 0, 0.5]]  # pixel centres of the doubled frame
    return cv2.warpAffine(picture, crop, RENDER_SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def write_scene(view: View, seed: int, out: Path, key: str) -> None:
    """Write a scene's folder, whole or not at all."""
    unfinished, folder = out / f".unfinished {view.scene}", out / view.scene
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    photograph(view, seed, unfinished)
    picture = np.rint(render(view, seed) * 255).astype(np.uint8)
    (unfinished / view.render_name).write_bytes(jpeg.encode(picture, JPEG_QUALITY))
    hashes = {path.name: sha256(path) for path in sorted(unfinished.iterdir())}
    (unfinished / STAMP).write_text(json.dumps({"key": key, "sha256": hashes}), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(unfinished, folder)


def scene_key(view: View, seed: int, code: str) -> str:
    """Return the fingerprint of all that a scene is made from: code (see `code_key`), panorama, view and seed."""
    made_from = (code, _digest(panorama_path(view.panorama)), repr(view), str(seed))
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()


@cache
def _digest(path: Path) -> str:
    return sha256(path) if path.is_file() else "missing"


def is_whole(folder: Path, key: str) -> bool:
    """Tell whether a scene's folder holds what `key` makes, by its stamp, which has the hash of each file."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return stamp["key"] == key and all(sha256(folder / name) == digest for name, digest in stamp["sha256"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def write_scenes(jobs: list[tuple], workers: int, executor: Executor | None) -> None:
    """Run `write_scene` on every job in parallel; the first failure stops the rest."""
    if executor := executor or executors.chosen(__name__):
        run_all(executor, executors.elsewhere(__name__, write_scene), jobs)
        return
    # Workers start afresh ("spawn") because a fork of a process with TensorFlow's threads may hang.
    with ProcessPoolExecutor(min(workers, MOST_PROCESSES), get_context("spawn"), begin_process) as pool:
        run_all(pool, write_scene, jobs)


def run_all(executor: Executor, write: Callable[..., None], jobs: list[tuple]) -> None:
    """Call `write` on every job, in an executor; what has not begun when one fails, or at Ctrl-C, is not begun."""
    futures = [executor.submit(write, *job) for job in jobs]
    try:
        for future in bar(as_completed(futures), "taking the embedded survey", len(jobs), unit="scene"):
            future.result()
    finally:
        for future in futures:  # those that are done do not mind
            future.cancel()


def write_if_changed(path: Path, text: str) -> None:
    """Write `text` unless the file holds it already, so that what depends on the file stays fresh."""
    content = text.encode()
    if not path.is_file() or path.read_bytes() != content:
        with written_whole(path) as temporary:
            temporary.write_bytes(content)


def write_lists(views: list[View], seed: int, out: Path) -> None:
    """Write survey.csv, the place and split of each scene, and truth.json, the maps from renders to frames."""
    table = io.StringIO()
    rows = [(view.scene, view.place, view.split) for view in views]
    csv.writer(table, lineterminator="\n").writerows([("scene", "place", "split"), *rows])
    write_if_changed(out / "survey.csv", table.getvalue())
    write_if_changed(out / "truth.json", json.dumps({view.scene: true_maps(view, seed) for view in views}))


@resumable("the finished scenes are kept")
def capture(
    out: str | Path,
    seed: int = 0,
    scenes: Iterable[str] | None = None,
    workers: int = DEFAULT,
    executor: Executor | None = None,
) -> Path:
    """Write the embedded survey, or the named scenes of it, into the folder `out` and return the folder.

    Scenes that are there already, whole and made from the same code, data and seed, are kept: a killed capture
    resumes, and a second one takes a second. Scenes made from others are removed, so that none is mistaken for
    these. `survey.csv` and `truth.json` list what is there.
    An `executor`, or the one of `executors.chosen`, takes the scenes in the place of `workers` processes. Its processes
    must see `out` under the same path.

    Raises HdrkitError for an unknown scene, a bad panorama, or a folder that cannot be written or that another fills.
    """
    out = Path(out)
    views = {view.scene: view for view in read_views()}
    wanted = list(views) if scenes is None else list(scenes)
    if unknown := [scene for scene in wanted if scene not in views]:
        raise HdrkitError(f"{unknown[0]}: no such scene; data/views.csv lists the places and views")
    with waiting("looking at the embedded survey"):
        code = code_key(__name__)
        keys = {scene: scene_key(view, seed, code) for scene, view in views.items()}
        present = [scene for scene in views if is_whole(out / scene, keys[scene])]
        for name in {view.panorama for scene, view in views.items() if scene not in present}:
            load(name)  # raises where it is missing or damaged, before anything is removed
    others = [scene for scene in views if scene not in present and (out / scene / STAMP).exists()]
    jobs = [(views[s], seed, out.resolve(), keys[s]) for s in wanted if s not in present]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with only_run_in(out) if jobs or others else nullcontext():  # a whole survey may be read-only
            for scene in others:
                shutil.rmtree(out / scene)
            if jobs:
                write_scenes(jobs, workers, executor)
            write_lists([view for scene, view in views.items() if scene in {*present, *wanted}], seed, out)
    except OSError as error:
        mend = "free 220 MB there or name another folder, then run the same command again"
        raise HdrkitError(f"{out}: cannot write the survey ({error.strerror}); {mend}") from error
    except BrokenExecutor as error:
        why = 'memory ran out, or the script that captures lacks `if __name__ == "__main__":`'
        raise HdrkitError(f"{out}: a worker died: {why}; mend that and run again to continue") from error
    return out
