"""Pictures that can be compared: checked, of one size, each with a name.

Once loaded, an array's type says what it holds: uint8 and uint16 are sRGB-encoded, float32 is linear light.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from hdrkit.core import references
from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.alignment import AlignedScene
from hdrkit.display import notation
from hdrkit.images import image_files, kinds, raw

RENDER, MADE = "render", "reference made by hdrkit"  # the name of a scene's reference


@dataclass(frozen=True)
class Picture:
    """A picture, and how it was exposed where that is known.

    array: height x width x 3, RGB, or height x width, grey; uint8 or uint16, sRGB-encoded, or floating point; or the
    path of a picture or raw file. ev: exposure value. seconds: exposure time. linear: whether floating point is linear
    light, at least 0, 1 for white; else it is encoded, in [0, 1], as networks give it.
    """

    array: Any
    ev: float | None = None
    seconds: float | None = None
    linear: bool = True


def load(pictures: Mapping[str, Picture | np.ndarray | str | Path]) -> dict[str, Picture]:
    """Return named pictures whose arrays are height x width x 3 of one size: uint8, uint16, or float32 (linear light).

    Encoded floating point becomes uint16. Arrays that need no change are not copied.
    Raises HdrkitError, with the picture's name, for what is no picture, does not fit the others, or holds NaN, infinite
    or negative light, and for fewer than two pictures or two of one name.
    """
    if not isinstance(pictures, Mapping):
        raise HdrkitError(f"compare takes names with their pictures, as {{'name': array}}, not {_kind(pictures)}")
    names = Counter(str(name) for name in pictures)
    for name, count in names.items():
        if count > 1:
            raise HdrkitError(f"{name}: {count} pictures have this name; give each its own")
    loaded = {str(name): _loaded(str(name), picture) for name, picture in pictures.items()}
    if len(loaded) < 2:
        only = "".join(f", only {name}" for name in loaded)
        raise HdrkitError(f"two pictures or more are needed to compare{only}; add another")
    _refuse_other_sizes(loaded)
    return loaded


def load_one(name: str, picture: Picture | np.ndarray | str | Path, size: tuple[int, int]) -> Picture:
    """Return one picture as `load` does; raise HdrkitError where its size is not (width, height)."""
    loaded = _loaded(name, picture)
    _refuse_other_size(name, loaded, size)
    return loaded


def reference_name(scene: AlignedScene) -> str:
    """Return the name under which a scene's reference is shown."""
    return RENDER if scene.reference == references.RENDER else MADE


def of_scene(scene: AlignedScene) -> dict[str, Picture]:
    """Return a scene's frames from dark to bright, named by their exposure values, then its reference."""
    names = [notation.ev(ev) for ev in scene.evs]
    twice = {name for name, count in Counter(names).items() if count > 1}
    names = [f"{name} ({file})" if name in twice else name for name, file in zip(names, scene.files, strict=True)]
    shots = zip(names, scene.frames, scene.evs, scene.times, strict=True)
    frames = {
        name: Picture(frame, float(ev), float(seconds) if scene.has_times else None)
        for name, frame, ev, seconds in shots
    }
    return frames | {reference_name(scene): Picture(scene.render)}


def _loaded(name: str, given: Picture | np.ndarray | str | Path) -> Picture:
    picture = given if isinstance(given, Picture) else Picture(given)
    if isinstance(picture.array, str | Path):
        picture = _read(name, picture)
    array = np.asarray(picture.array)
    if array.ndim == 2:
        array = np.repeat(array[..., None], 3, axis=2)
    if array.ndim != 3 or array.shape[2] != 3:
        raise HdrkitError(f"{name}: of shape {array.shape}; a picture is height x width x 3, or height x width")
    if not array.size:
        raise HdrkitError(f"{name}: a picture without pixels, {array.shape[1]} x {array.shape[0]}")
    if np.issubdtype(array.dtype, np.floating):
        array = _light(name, array) if picture.linear else _encoded(name, array)
    elif array.dtype not in (np.uint8, np.uint16):
        raise HdrkitError(f"{name}: of {array.dtype}; convert it to uint8, uint16 or floating point")
    return replace(picture, array=np.ascontiguousarray(array), linear=array.dtype == np.float32)


def _read(name: str, picture: Picture) -> Picture:
    """Read a picture from its file; of a camera's file its exposure time, too, unless that was given."""
    path = Path(picture.array)
    try:
        array = image_files.upright(image_files.read(path))
        seconds = picture.seconds
        if seconds is None and path.suffix.lower() in (*raw.RAW_SUFFIXES, *kinds.SUFFIXES["jpeg"]):
            seconds = raw.read_header(path).exposure_time
    except HdrkitError as error:
        raise HdrkitError(f"{name}: {error}") from error
    return replace(picture, array=array, seconds=seconds, linear=False)


def _light(name: str, array: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):  # told below
        light = array.astype(np.float32, copy=False)
    low, high = light.min(), light.max()  # NaN comes through both
    if np.isnan(low):
        raise HdrkitError(f"{name}: holds NaN; replace it, for instance with np.nan_to_num, or leave the picture out")
    if low < 0:
        raise HdrkitError(f"{name}: holds negative light, down to {low:.3g}; clip it at 0")
    if np.isinf(high):
        raise HdrkitError(f"{name}: holds infinite light; clip it")
    return light


def _encoded(name: str, array: np.ndarray) -> np.ndarray:
    low, high = array.min(), array.max()
    if not (low >= 0 and high <= 1):
        held = "NaN" if np.isnan(low) else f"values in [{low:.3g}, {high:.3g}]"
        raise HdrkitError(f"{name}: holds {held}; encoded pictures of floating point lie in [0, 1]")
    return np.round(array.astype(np.float32) * 65535).astype(np.uint16)


def _refuse_other_sizes(pictures: dict[str, Picture]) -> None:
    usual = Counter(picture.array.shape[1::-1] for picture in pictures.values()).most_common(1)[0][0]
    for name, picture in pictures.items():
        _refuse_other_size(name, picture, usual)


def _refuse_other_size(name: str, picture: Picture, size: tuple[int, ...]) -> None:
    height, width = picture.array.shape[:2]
    if (width, height) != tuple(size):
        others = f"the others have {size[0]} x {size[1]}"
        raise HdrkitError(f"{name}: {width} x {height} pixels, {others}; resize or register it first")


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
