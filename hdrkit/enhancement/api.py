"""Enhance a photograph of any size: a small network looks at a thumbnail, and its gains are applied to every pixel.

The network (`models.gain_grid`) answers with a grid of gains: by how many stops to brighten or darken,
here in the picture, at this brightness. It runs in LiteRT, which starts in a tenth of the time that TensorFlow takes.
"""

import hashlib
import json
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import PACKAGE
from hdrkit.core.quiet import quiet
from hdrkit.core.workers import DEFAULT
from hdrkit.enhancement import auto_strength, bilateral_slicing, unseen
from hdrkit.enhancement.auto_strength import AUTO, Strength
from hdrkit.images import srgb
from hdrkit.models.grid_spec import THUMBNAIL

WEIGHTS = PACKAGE / "enhancement" / "weights" / "hdrkit.tflite"
# LiteRT's interpreters are not made for several threads.
_ONE_AT_A_TIME = threading.Lock()


def enhance(image: np.ndarray, strength: Strength = 1.0, to_srgb: np.ndarray | None = None) -> np.ndarray:
    """Return a picture in which every region is well exposed, of the same shape and type as `image`.

    image: encoded as sRGB or alike, (h, w, 3) or (h, w), uint8, uint16, or floating point in [0, 1].
    strength: share of the advised gains, in stops, to apply: 0 changes nothing, 1 is what the network advises, and what
    all tables and notebooks use. "auto", the default of `hdrkit enhance`, changes little what is nearly right.
    to_srgb: (3, 3), from linear light of the picture's own primaries to that of sRGB's, where they are others.
    Raises HdrkitError for anything else, and for missing or altered weights.

    >>> dark = np.full((200, 300, 3), 12, np.uint8)
    >>> bright = enhance(dark)
    >>> bright.shape, bright.dtype, bool(bright.mean() > 4 * dark.mean())
    ((200, 300, 3), dtype('uint8'), True)
    >>> bool((enhance(dark, strength=0) == dark).all())
    True
    """
    _check(image)
    if not (strength == AUTO or (not isinstance(strength, str) and 0 <= strength <= 1)):
        raise HdrkitError(f'strength is "auto" or between 0 and 1, not {strength}')
    if image.dtype.kind == "f" and image.dtype != np.float32:
        return enhance(image.astype(np.float32), strength, to_srgb).astype(image.dtype)
    if image.ndim == 2:
        return enhance(np.dstack([image] * 3), strength)[..., 1]  # green says most of brightness
    if strength == 0:
        return image.copy()
    small = thumbnail(image)
    if to_srgb is not None:
        small = srgb.encode(srgb.decode(small) @ to_srgb.T)
    found = predict(small)
    if strength == AUTO:
        strength = auto_strength.share(bilateral_slicing.gains(small, found.key, found.grid).mean())
    grid, tint = (np.float32(strength) * unseen.flatten(small, values) for values in (found.grid, found.tint))
    return bilateral_slicing.apply(image, found.key, grid, tint, to_srgb=to_srgb)


def confidence(image: np.ndarray) -> np.ndarray:
    """Return, float32 (h, w), how far each pixel was really seen: 1, down to 0 where a channel is clipped.

    Where it is 0, the enhanced picture's colour is invented. Takes and raises what `enhance` does.

    >>> picture = np.zeros((2, 2, 3), np.uint8)
    >>> picture[0] = 255
    >>> confidence(picture).tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    _check(image)
    return 1 - bilateral_slicing.clipping(image if image.ndim == 3 else np.dstack([image] * 3))


def unseen_share(image: np.ndarray) -> float:
    """Return the share of a picture, 0 to 1, that holds nothing: clipped in all channels, or black.

    From `unseen.NOTHING` on there is nothing to recover. Takes and raises what `enhance` does.

    >>> unseen_share(np.full((20, 30, 3), 255, np.uint8))
    1.0
    """
    _check(image)
    return unseen.share(thumbnail(image if image.ndim == 3 else np.dstack([image] * 3)))


def thumbnail(image: np.ndarray) -> np.ndarray:
    """Return a picture as the network sees it: float32 (THUMBNAIL, THUMBNAIL, 3) in [0, 1]."""
    shrinks = min(image.shape[:2]) >= THUMBNAIL
    small = cv2.resize(image, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return small.astype(np.float32) / np.float32(srgb.top(image))


class Advice(NamedTuple):
    """The network's answer to a thumbnail, as `bilateral_slicing.apply` takes it."""

    key: float
    grid: np.ndarray
    tint: np.ndarray


def predict(small: np.ndarray) -> Advice:
    """Return the network's answer to a thumbnail, float32 (THUMBNAIL, THUMBNAIL, 3) in [0, 1].

    Raises HdrkitError for missing or altered weights.
    """
    with _ONE_AT_A_TIME:
        found = _network(WEIGHTS)(picture=small[None])
    return Advice(found["key"].item(), found["grid"][0], found["tint"][0])


@cache
def _network(path: Path) -> Callable[..., dict[str, np.ndarray]]:
    """Load the weights, if they are the ones that the model card tells of."""
    mend = "restore it with `git checkout -- hdrkit/enhancement/weights`, or install hdrkit again"
    try:
        content = path.read_bytes()
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["sha256"]
    except FileNotFoundError as error:
        raise HdrkitError(f"{error.filename}: the kit's own weights are missing; {mend}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise HdrkitError(f"{path.with_suffix('.json')}: damaged, it notes no SHA-256; {mend}") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise HdrkitError(f"{path}: the kit's own weights were altered, their SHA-256 is not the noted one; {mend}")
    from ai_edge_litert.interpreter import Interpreter  # only those who enhance pay for it

    with quiet:  # LiteRT greets
        network = Interpreter(model_content=content, num_threads=DEFAULT).get_signature_runner()
        network(picture=np.zeros((1, THUMBNAIL, THUMBNAIL, 3), np.float32))  # only now it sets its kernels up
    return network


def _check(image: np.ndarray) -> None:
    """Raise HdrkitError, saying why, where an array is no picture as `enhance` takes it."""
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3) or 0 in image.shape:
        raise HdrkitError(f"a picture has the shape (h, w, 3) or (h, w), not {image.shape}")
    if image.dtype.kind == "f":
        if not np.isfinite(image).all() or image.min() < 0 or image.max() > 1:
            raise HdrkitError("a picture in floating point has values from 0 to 1; this one has others, or NaN")
    elif image.dtype not in (np.uint8, np.uint16):
        raise HdrkitError(f"a picture is uint8, uint16 or floating point, not {image.dtype}")
