"""What a scene's frames show when they are looked at: exposures, camera curve, movement, what is lost, what is wrong.

Frames are decoded and laid over each other as for fusing, but smaller: see `LARGEST`.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from hdrkit.brackets import curve_names, movement
from hdrkit.brackets.aligned_frames import AlignedFrames, align_files
from hdrkit.brackets.camera_response import CLIPPED, NOISE
from hdrkit.brackets.measured_exposure import Measured
from hdrkit.core.errors import HdrkitError, in_one_line
from hdrkit.core.progress_bar import bar
from hdrkit.core.workers import opencv_workers
from hdrkit.dataset.scene_folders import SceneFolder
from hdrkit.dataset.survey import find_render
from hdrkit.display.notation import percent
from hdrkit.images import jpeg, raw
from hdrkit.images.exposure_metadata import ExposureSettings, read_settings

LARGEST = 1_000_000  # pixels of the frames that are looked at; larger ones are made smaller
LOST = 0.01  # share of a picture; lamps and the deepest shadows stay below it
MOVED = 0.002  # share of a picture; noise and edges stay below it
ALIKE = 0.2  # stops; frames whose exposures differ less tell nothing of the curve
THUMBNAIL, QUALITY = 160, 80  # height in pixels, of 0 to 100


@dataclass(frozen=True)
class InspectedFrame:
    """One usable frame: its file, what that states, and EVs (0 is the frame of middle exposure).

    stated, measured: NaN where nothing states it, or no pixels say it; used: what merging uses. clipped, black: shares
    of its pixels that are white in any channel, or black in all. thumbnail: a JPEG.
    """

    path: Path
    settings: ExposureSettings
    stated: float
    measured: float
    used: float
    clipped: float
    black: float
    thumbnail: bytes


class Movement(NamedTuple):
    """How far frames lie apart at most, in pixels of the files and degrees, and what share of the picture moved."""

    pixels: float
    degrees: float
    share: float


@dataclass(frozen=True)
class Inspection:
    """All that is known of one scene.

    render: its file, or None, and a thumbnail. frames: those that can be used, from dark to bright; none where fewer
    than two can. source: what states their exposures. curve: the camera's, by name; "raw" for raw files,
    "unknown" where frames share no well-exposed pixels, or are of one exposure. remarks:
    doubts about frames and exposures, which fusing has, too; problems: what else is wrong.
    """

    folder: SceneFolder
    render: Path | None = None
    render_thumbnail: bytes | None = None
    frames: tuple[InspectedFrame, ...] = ()
    source: str = "nothing"
    curve: str = ""
    movement: Movement | None = None
    remarks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def wrong(self) -> list[str]:
        """A line for each thing that is wrong; files are named from the scene's folder."""
        lines = dict.fromkeys((*self.remarks, *self.problems))
        return [line.replace(f"{self.folder.path}{os.sep}", "") for line in lines]


def inspect_all(scenes: Sequence[SceneFolder]) -> list[Inspection]:
    """Look at all scenes, several at once. Nothing that is wrong with one of them ends it."""
    with opencv_workers() as pool:
        return list(bar(pool.map(inspect, scenes), "looking at scenes", len(scenes), unit="scene"))


def inspect(scene: SceneFolder) -> Inspection:
    """Look at a scene. What is wrong with it, an error of any kind among it, stands in `remarks` and `problems`."""
    problems = list(scene.problems)
    render = render_thumbnail = None
    try:
        if render := find_render(scene.path):
            render_thumbnail = _thumbnail(np.rint(raw.decode(render) * 255).astype(np.uint8))
    except Exception as error:
        problems.append(_line(error))
    try:
        frames = align_files(scene.frames, largest=LARGEST)
        inspected, movement = _frames(frames), _movement(frames)
    except Exception as error:  # from a decoder, or for lack of memory: the other scenes are still looked at
        return Inspection(scene, render, render_thumbnail, problems=(*problems, _line(error)))
    return Inspection(
        folder=scene,
        render=render,
        render_thumbnail=render_thumbnail,
        frames=inspected,
        source=frames.stated.source,
        curve=_curve(frames),
        movement=movement,
        remarks=tuple(frames.remarks),
        problems=(*problems, *_lost(inspected), *_moving(movement)),
    )


def _curve(frames: AlignedFrames) -> str:
    if raw.is_raw(frames.paths[0]):
        return "raw"
    telling = not frames.measured.gaps.all() and np.ptp(frames.stops) > ALIKE
    return curve_names.name(frames.response) if telling else "unknown"


def _line(error: Exception) -> str:
    """Return an error in one line."""
    return in_one_line(error) + ("" if isinstance(error, HdrkitError) else "; left out")


def _frames(frames: AlignedFrames) -> tuple[InspectedFrame, ...]:
    """Return the frames from dark to bright."""
    used = frames.stops - frames.stops[frames.reference]
    stated = frames.stated.stops + _offset(frames.stated.stops, used)
    measured = _measured(frames.measured, used)
    return tuple(
        InspectedFrame(
            path=frames.paths[i],
            settings=read_settings(frames.paths[i]),
            stated=float(stated[i]),
            measured=float(measured[i]),
            used=float(used[i]),
            clipped=float((frames.pictures[i] >= CLIPPED).any(axis=2).mean()),
            black=float((frames.pictures[i] <= NOISE).all(axis=2).mean()),
            thumbnail=_thumbnail(frames.pictures[i]),
        )
        for i in np.argsort(used, kind="stable")
    )


def _offset(stops: np.ndarray, used: np.ndarray) -> float:
    """Return what makes exposures agree with those used, but for single ones; 0 where there are none."""
    known = np.isfinite(stops)
    return float(np.median((used - stops)[known])) if known.any() else 0.0


def _measured(measured: Measured, used: np.ndarray) -> np.ndarray:
    """Return measured EVs; NaN for a frame that shares no well-exposed pixels with any other."""
    run = np.concatenate([[0], np.cumsum(measured.gaps)])  # frames from dark to bright between which steps are known
    evs = np.full(len(used), np.nan)
    for number in range(run[-1] + 1):
        linked = measured.order[run == number]
        if len(linked) > 1:
            evs[linked] = measured.stops[linked] + _offset(measured.stops[linked], used[linked])
    return evs


def _movement(frames: AlignedFrames) -> Movement:
    height, width = frames.pictures[0].shape[:2]
    file = raw.read_header(frames.paths[0])
    smaller = (file.width * file.height / (width * height)) ** 0.5  # how many pixels of the file one of these is
    centre = (width - 1) / 2, (height - 1) / 2, 1
    shifts = [np.linalg.norm(rigid @ centre - centre[:2]) for rigid in frames.maps]
    turns = [abs(np.degrees(np.arctan2(rigid[1, 0], rigid[0, 0]))) for rigid in frames.maps]
    moved = movement.find(frames).moved.any(axis=0).mean()
    return Movement(float(smaller * max(shifts)), float(max(turns)), float(moved))


def _lost(frames: Sequence[InspectedFrame]) -> Iterator[str]:
    """Yield a line for each end of the scene's range that no frame holds."""
    if (share := frames[0].clipped) > LOST:
        yield f"{percent(share)} of the darkest frame is clipped: no frame holds the highlights; take a darker one, too"
    if (share := frames[-1].black) > LOST:
        yield f"{percent(share)} of the brightest frame is black: no frame holds the shadows; take a brighter one, too"


def _moving(movement: Movement) -> Iterator[str]:
    if movement.share > MOVED:
        yield f"{percent(movement.share)} of the picture moves from frame to frame; a fusion takes it from one of them"


def _thumbnail(picture: np.ndarray) -> bytes:
    scale = THUMBNAIL / picture.shape[0]
    return jpeg.encode(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), QUALITY)
