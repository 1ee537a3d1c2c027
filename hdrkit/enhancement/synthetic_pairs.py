"""Synthetic training pairs: random views of panoramas with their renders, photographed by random cameras.

A network that is to help with anybody's photographs must have seen many cameras, exposures and kinds of light. The
embedded survey has one camera and nine exposures; here each photograph is taken anew, while the network trains.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import tensorflow as tf

from hdrkit.core.code_key import code_key
from hdrkit.core.files import sha256, write_json, written_whole
from hdrkit.core.progress_bar import bar
from hdrkit.core.workers import DEFAULT, opencv_workers
from hdrkit.dataset.augmentation import shuffled
from hdrkit.images import srgb, srgb_tensors
from hdrkit.models.grid_spec import THUMBNAIL
from hdrkit.simulation import camera, embedded_views, local_laplacian, panorama, same_place

EDGE = THUMBNAIL  # pixels: views are kept squeezed to squares, as the network sees a photograph of any shape
# Pixels of a view before that. Tone mapping sees its true shape, and as many halvings as in the embedded survey's
# renders: how far it looks around depends on them, and so does how light and dark regions are told apart.
VIEW_PIXELS = 480 * 320
SHAPES, SHARES = (3 / 2, 4 / 3, 16 / 9, 1, 3 / 4, 2 / 3), (0.4, 0.25, 0.1, 0.05, 0.1, 0.1)  # width / height


def training_panoramas(more: str | Path | None = None) -> dict[str, Path]:
    """Return the panoramas that a network may learn from, by name.

    The train places of the embedded survey, and those of the folder `more` (.exr or .hdr) that show none of its places:
    what is known there already adds nothing, and dev and test places must never be seen. Told by the pictures, because
    one panorama goes by several names.
    """
    views = {view.panorama: view.split for view in embedded_views.read_views()}
    found = {name: embedded_views.panorama_path(name) for name, split in views.items() if split == "train"}
    if not more:
        return found
    known = [same_place.signature(embedded_views.load(name)) for name in views]
    for path in sorted(Path(more).iterdir()):
        if panorama.is_panorama(path):
            seen = same_place.signature(panorama.load_panorama(path))
            if same_place.find(seen, known) is None:
                found[path.stem] = path
    return found


@dataclass(frozen=True)
class Views:
    """Random views: `light`, linear float16, and `render`, encoded uint8, both views x EDGE x EDGE x 3.

    Light is metered: EV 0 as the embedded survey's camera would take it, give or take a third of a stop; 1 saturates.
    key: the digest of all that they, and the photographs of them, are made from.
    """

    light: np.ndarray
    render: np.ndarray
    key: str


def make_views(panoramas: Mapping[str, Path], each: int, seed: int, cache: str | Path) -> Views:
    """Return `each` random views of every panorama; they are kept in the folder `cache`, made once."""
    made_from = [{name: sha256(path) for name, path in panoramas.items()}, each, seed, code_key(__name__)]
    key = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:24]
    path = Path(cache) / f"views-{key}.npy"
    if not _is_whole(path):
        with written_whole(path) as temporary, opencv_workers() as pool:
            store = np.lib.format.open_memmap(temporary, "w+", _VIEW, (len(panoramas) * each,))
            jobs = [(store[i * each :][:each], path, (seed, i)) for i, path in enumerate(panoramas.values())]
            for _ in bar(pool.map(lambda job: _fill(*job), jobs), "making views", len(jobs), unit="place"):
                pass
            store.flush()
            del store, jobs  # Windows renames no file that is still mapped
        write_json(path.with_suffix(".json"), {"sha256": sha256(path)})
    stored = np.load(path, mmap_mode="r", allow_pickle=False)
    return Views(stored["light"], stored["render"], key)


def _is_whole(path: Path) -> bool:
    """Tell whether a file is as it was written; so large a one is mapped, not read, and has no other check."""
    try:
        noted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["sha256"]
        return sha256(path) == noted
    except (OSError, ValueError, KeyError, TypeError):
        return False


_VIEW = np.dtype([("light", np.float16, (EDGE, EDGE, 3)), ("render", np.uint8, (EDGE, EDGE, 3))])


def _fill(store: np.ndarray, path: Path, seed: Sequence[int]) -> None:
    light, rng = panorama.load_panorama(path), np.random.default_rng(seed)
    for i in range(len(store)):
        store[i] = random_view(light, rng)


def random_view(light: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a random view of a panorama and its render, as `Views` has them; three of four in another light."""
    pose = panorama.rotation(rng.uniform(-180, 180), rng.normal(0, 12), rng.normal(0, 2))
    shape = rng.choice(SHAPES, p=SHARES)
    size = round((VIEW_PIXELS * shape) ** 0.5), round((VIEW_PIXELS / shape) ** 0.5)
    seen = panorama.view(light, pose, rng.uniform(45, 95), size)
    if rng.random() < 0.75:
        seen = relit(seen, rng)
    seen *= np.float32(camera.metered(seen, camera.METERING * 2 ** rng.normal(0, 0.3)))
    pictures = (seen, local_laplacian.tone_map(seen))
    seen, render = (cv2.resize(p, (EDGE, EDGE), interpolation=cv2.INTER_AREA) for p in pictures)
    return np.minimum(seen, np.finfo(np.float16).max).astype(np.float16), np.rint(render * 255).astype(np.uint8)


def relit(light: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return linear light (h, w, 3) as another hour or another lamp might have it: a few places stand for many.

    Contrast to the power of 0.76 to 1.32, a smooth field of shade of about half a stop, a tint of 10 % per channel and
    another saturation. The render is made from it afterwards, so that a network learns to leave colours as they are.
    """
    height, width = light.shape[:2]
    luminance = srgb.luminance(light) + np.float32(1e-7)
    mean = np.exp(np.log(luminance).mean())
    coarse = (rng.exponential(0.5) * rng.normal(0, 1, (3, 4))).astype(np.float32)
    shade = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    gain = (luminance / mean) ** np.float32(2 ** rng.uniform(-0.4, 0.4) - 1) * np.exp2(shade)
    light = light * gain[..., None] * np.exp(rng.normal(0, 0.1, 3)).astype(np.float32)
    grey = srgb.luminance(light)[..., None]
    return np.maximum(grey + (light - grey) * np.float32(rng.uniform(0.6, 1.3)), np.float32(0.02) * grey)


def photograph(light: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Return a random camera's photograph of light (h, w, 3): encoded float32 in [0, 1], in 8-bit steps.

    Exposure EV -4.5 to +4.5; photon and read noise of a pixel that holds 4,000 to 65,000 electrons; every second
    camera with a tone curve of its own (gamma, contrast, saturation) instead of sRGB's; every second picture stored as
    JPEG of quality 40 to 97. `seed`: two integers; the same give the same photograph.
    """
    draw = tf.random.stateless_uniform((8,), seed)
    exposure = tf.cast(light, tf.float32) * tf.pow(2.0, 9 * draw[0] - 4.5)
    well, read_noise = tf.pow(2.0, 12 + 4 * draw[1]), 6.0
    exposure = tf.minimum(exposure, 4.0)  # far beyond a full well, noise changes nothing
    noise = tf.random.stateless_normal(tf.shape(exposure), seed + 1)
    exposure += noise * tf.sqrt(exposure * well + read_noise**2) / well
    picture = srgb_tensors.encode(tf.clip_by_value(exposure, 0, 1))
    picture = tf.cond(draw[2] < 0.5, lambda: picture, lambda: _tone_curve(picture, draw[3], draw[4], draw[5]))
    quality = tf.cast(40 + 58 * draw[6], tf.int32)
    stored = tf.cond(
        draw[7] < 0.5,
        lambda: tf.round(picture * 255) / 255,
        lambda: tf.image.adjust_jpeg_quality(picture, quality),
    )
    return tf.ensure_shape(stored, light.shape)


def _tone_curve(picture: tf.Tensor, gamma: tf.Tensor, contrast: tf.Tensor, saturation: tf.Tensor) -> tf.Tensor:
    """Give an encoded picture another camera's look; the three parameters in [0, 1]."""
    picture = tf.pow(picture, tf.pow(2.0, 0.7 * gamma - 0.35))
    picture += 0.8 * contrast * (picture**2 * (3 - 2 * picture) - picture)
    grey = srgb_tensors.luminance(picture)
    return tf.clip_by_value(grey + (picture - grey) * (0.8 + 0.6 * saturation), 0, 1)


def pairs(views: Views, batch: int, rng: np.random.Generator, count: int) -> tf.data.Dataset:
    """Return `count` photographs of random views, half of them mirrored, and their renders, as batches (x, y).

    x: n x EDGE x EDGE x 3; y: every second pixel of every second row, which is what `models.gain_grid` is trained on;
    both float32 in [0, 1]. Drawn from `rng` alone, so that a resumed run sees what the killed one would have seen.
    """
    order = shuffled(len(views.light), count, rng)
    mirrored, seeds = rng.random(count) < 0.5, rng.integers(2**31, size=(count, 2), dtype=np.int32)

    def load(index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return views.light[index], views.render[index]

    def pair(index: tf.Tensor, mirror: tf.Tensor, seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        light, render = tf.numpy_function(load, [index], (tf.float16, tf.uint8), stateful=False)
        light, render = (tf.ensure_shape(picture, (EDGE, EDGE, 3)) for picture in (light, render))
        light, render = tf.cond(mirror, lambda: (light[:, ::-1], render[:, ::-1]), lambda: (light, render))
        return photograph(light, seed), tf.cast(render[::2, ::2], tf.float32) / 255

    index = tf.data.Dataset.from_tensor_slices((order, mirrored, seeds))
    return index.map(pair, num_parallel_calls=DEFAULT, deterministic=True).batch(batch).prefetch(4)
