"""The multi-exposure baselines: every frame of a scene in, one picture out.

Debevec and Malik (1997) recover the camera response and merge the frames to a radiance map; Reinhard and Devlin
(2005), Drago et al. (2003) and Mantiuk et al. (2006) bring that map to a screen. Mertens et al. (2007) blend the
frames directly. All are OpenCV's implementations, as in the report.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.quiet import quiet
from hdrkit.core.vocabulary import FUSIONS
from hdrkit.images import jpeg

# The authors' Reinhard parameters: gamma 1.5, intensity, light adaptation and colour adaptation 0.
# Drago and Mantiuk at gamma 2.2, otherwise with the defaults of OpenCV.
TONE_MAPPINGS = {
    "debevec_reinhard": lambda: cv2.createTonemapReinhard(1.5, 0, 0, 0),
    "debevec_drago": lambda: cv2.createTonemapDrago(2.2),
    "debevec_mantiuk": lambda: cv2.createTonemapMantiuk(2.2),
}
OPERATORS = TONE_MAPPINGS | {"mertens": cv2.createMergeMertens}
METHODS = tuple(FUSIONS)
JPEG_QUALITY = 95  # OpenCV's default


def operator(method: str, **parameters: float) -> Any:
    """Return OpenCV's operator of one of `METHODS`, with the parameters above but for those given.

    They are called as its setters are, in small letters: `gamma`, `light_adaptation`, `contrast_weight`.

    >>> operator("debevec_drago", bias=0.5).getBias(), round(parameter("debevec_drago", "gamma"), 1)
    (0.5, 2.2)
    """
    made = OPERATORS[method]()
    for name, value in parameters.items():
        _accessor(made, "set", name)(value)
    return made


def parameter(method: str, name: str) -> float:
    """Return the value that a parameter of a method's operator has, unless another is given."""
    return _accessor(operator(method), "get", name)()


def _accessor(made: cv2.Algorithm, verb: str, name: str) -> Callable:
    return getattr(made, verb + name.title().replace("_", ""))


def fuse(frames: np.ndarray, exposure_times: np.ndarray, method: str, **parameters: float) -> np.ndarray:
    """Fuse the frames of one scene with one of `METHODS`.

    `frames`: uint8, frames x height x width x 3, RGB, encoded, aligned; `exposure_times` in seconds, one per frame;
    `parameters` as for `operator`. Returns uint8, height x width x 3. Pixels that an operator leaves undefined (NaN)
    come out black.

    >>> dark = np.linspace(5, 120, 40 * 60 * 3).reshape(40, 60, 3).astype(np.uint8)
    >>> fuse(np.stack([dark, 2 * dark]), np.array([1 / 60, 1 / 15]), "mertens").shape
    (40, 60, 3)
    """
    if method == "mertens":
        return mertens(list(frames), **parameters)
    return tone_map(radiance(frames, exposure_times), method, **parameters)


def mertens(frames: list[np.ndarray], **parameters: float) -> np.ndarray:
    """Blend frames (uint8, height x width x 3, aligned), which needs no times; parameters and picture as for `fuse`."""
    return _to_uint8(operator("mertens", **parameters).process(frames))


def fuse_all(frames: np.ndarray, exposure_times: np.ndarray) -> dict[str, np.ndarray]:
    """Fuse the frames of one scene with each of `METHODS`; arguments and pictures as for `fuse`.

    The radiance map is merged once: recovering the response takes a hundred times as long as a tone mapping.
    """
    light = radiance(frames, exposure_times)
    fused = {method: tone_map(light, method) for method in TONE_MAPPINGS}
    return fused | {"mertens": fuse(frames, exposure_times, "mertens")}


def radiance(frames: np.ndarray, exposure_times: np.ndarray) -> np.ndarray:
    """Merge frames to relative radiance with Debevec's response: float32, height x width x 3.

    Arguments as for `fuse`. Raises HdrkitError where the frames do not constrain the response.
    """
    times = np.asarray(exposure_times, dtype=np.float32)
    response = camera_response(frames, times)
    return cv2.createMergeDebevec().process(list(frames), times, response)


def camera_response(frames: np.ndarray, exposure_times: np.ndarray) -> np.ndarray:
    """Recover the camera response: float32, 256 x 1 x 3, the relative exposure behind each 8-bit value.

    Arguments as for `fuse`. Raises HdrkitError where the frames do not constrain it: all of one exposure, or one grey.
    """
    times = np.asarray(exposure_times, dtype=np.float32)
    if len(set(times.tolist())) < 2:
        raise HdrkitError("camera response: all frames have one exposure time; a bracket needs at least two")
    response = cv2.createCalibrateDebevec().process(list(frames), times)
    if not np.isfinite(response).all():
        raise HdrkitError("camera response: these frames do not determine it; are they all black, or all white?")
    return response


def tone_map(radiance: np.ndarray, method: str, **parameters: float) -> np.ndarray:
    """Bring relative radiance (float32, height x width x 3) to a uint8 picture with one of `TONE_MAPPINGS`.

    `parameters` as for `operator`.
    Raises HdrkitError where the operator gives up, as Mantiuk's does on a radiance map of one grey.
    """
    try:
        with quiet:  # Drago's writes a warning about OpenCV's own code
            return _to_uint8(operator(method, **parameters).process(radiance))
    except cv2.error as error:
        why = f"no tone mapping of this radiance map ({error.err}); is it of one grey?"
        raise HdrkitError(f"{method}: {why}") from error


def _to_uint8(picture: np.ndarray) -> np.ndarray:
    return np.clip(np.nan_to_num(picture, nan=0.0, posinf=1.0) * 255 + 0.5, 0, 255).astype(np.uint8)


def as_published(frames: np.ndarray, exposure_times: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Run the authors' baseline: fuse unregistered frames, save as JPEG, and stretch to the render's size.

    Arguments as for `fuse`, and the render's (width, height). Returns uint8, height x width x 3.
    """
    reopened = jpeg.decode(jpeg.encode(fuse(frames, exposure_times, "debevec_reinhard"), JPEG_QUALITY))
    return cv2.resize(reopened, size, interpolation=cv2.INTER_CUBIC)
