"""Photographs of a planted scene at several exposures, and a render that an affine map has moved."""

import cv2
import numpy as np
from PIL import Image

from hdrkit.brackets.registration import IDENTITY
from hdrkit.images import raw, srgb

EVS = [-4, -2, 0, 2, 4]
TO_SCENE = np.array([[1.06, -0.015, 12.0], [0.02, 1.05, 7.0]], np.float32)  # render pixel to scene pixel
RENDER_SIZE = (210, 140)


def radiance_of(seed, size=(176, 256)):
    """Radiance with structure at all scales and eight stops of range."""
    rng = np.random.default_rng(seed)
    waves = [rng.normal(size=(2**k, 2**k)) / 2 ** (0.5 * k - 1) for k in range(2, 7)]
    log = sum(cv2.resize(wave, size[::-1], interpolation=cv2.INTER_CUBIC) for wave in waves)
    return np.repeat(np.exp2(1.3 * log - 2.5)[..., None], 3, axis=2).astype(np.float32)


def photograph(radiance, ev, shift=IDENTITY, rng=None):
    """A noisy 12-bit frame of the radiance, with the tripod moved: linear, [0, 1]."""
    moved = cv2.warpAffine(radiance, shift, radiance.shape[1::-1], flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
                           borderMode=cv2.BORDER_REFLECT)  # fmt: skip
    light = np.clip(moved * 2.0**ev, 0, None)
    light = light + rng.normal(size=light.shape) * np.sqrt(light / 10000 + 0.0005**2)
    return (np.round(np.clip(light, 0, 1) * 4095) / 4095).astype(np.float32)


def render_of(radiance):
    """A render: brightness from region to region evened out, then the planted map."""
    local = cv2.GaussianBlur(radiance, (0, 0), 20)
    toned = srgb.encode(0.25 * radiance / local**0.8)
    size = RENDER_SIZE
    picture = cv2.warpAffine(toned, TO_SCENE, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.round(picture * 255).astype(np.uint8)


def write_bracket(folder, seed=1, relabel=None):
    """A scene of PNG frames with EXIF times, and its render."""
    folder.mkdir(parents=True)
    radiance, rng = radiance_of(seed), np.random.default_rng(0)
    for i, ev in enumerate(EVS):
        exif = Image.Exif()
        exif[271] = "a camera"  # without a plain tag Pillow writes no EXIF into a PNG
        exif.get_ifd(raw.EXIF_IFD)[raw.EXPOSURE_TIME] = 2.0 ** (relabel or {}).get(i, ev) / 60
        picture = np.round(srgb.encode(photograph(radiance, ev, rng=rng)) * 255).astype(np.uint8)
        Image.fromarray(picture).save(folder / f"IMG_{i}.png", exif=exif)
    Image.fromarray(render_of(radiance)).save(folder / f"{folder.name}Rendered.jpg", quality=95)
