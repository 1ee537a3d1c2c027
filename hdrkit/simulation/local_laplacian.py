"""The local tone mapping that the embedded survey's renders are made with: the local Laplacian filter.

S. Paris, S. W. Hasinoff and J. Kautz, Local Laplacian Filters: Edge-aware Image Processing with a Laplacian
Pyramid, ACM Transactions on Graphics 30(4), 2011; fast, by interpolation between a few remapped pictures:
M. Aubry, S. Paris, S. W. Hasinoff, J. Kautz and F. Durand, Fast Local Laplacian Filters: Theory and
Applications, ACM Transactions on Graphics 33(5), 2014.
"""

import cv2
import numpy as np

from hdrkit.images.srgb import encode, luminance

EDGE = 0.9  # stops; a step above this is an edge and is reduced to it, one below is detail and stays
STEP = 0.5  # stops between the remapped pictures
BRIGHTEST, DARKEST = 64, 1 / 16  # times the picture's geometric mean: lamps burn out, deep shadows stay black
WHITE = 99  # percentile of the mapped luminance that becomes white
MIDDLE = 0.11  # share of white, linear: the median of the finished picture's luminance ...
CONTRAST = (0.9, 1.8)  # ... as far as a contrast between these brings it there


def gaussian_pyramid(image: np.ndarray, levels: int) -> list[np.ndarray]:
    """Return `image` and its `levels` successive halvings."""
    pyramid = [image]
    for _ in range(levels):
        pyramid.append(cv2.pyrDown(pyramid[-1]))
    return pyramid


def _enlarge(small: np.ndarray, like: np.ndarray) -> np.ndarray:
    return cv2.pyrUp(small, dstsize=like.shape[1::-1])


def local_laplacian(log_light: np.ndarray, levels: int) -> np.ndarray:
    """Reduce the edges in `log_light`, float32 (h, w) in stops, and keep its detail; same shape and unit.

    Every coefficient of the result's Laplacian pyramid comes from a copy of the picture in which values farther
    than EDGE from the local brightness were brought to EDGE: remap of section 5.2 with alpha = 1, beta = 0.
    The remapped copies exist for brightnesses STEP apart; between them, coefficients are interpolated.
    """
    local = gaussian_pyramid(log_light, levels)
    result = [np.zeros_like(band) for band in local[:-1]]
    for brightness in np.arange(log_light.min(), log_light.max() + STEP, STEP, dtype=np.float32):
        remapped = gaussian_pyramid(np.clip(log_light, brightness - EDGE, brightness + EDGE), levels)
        for i, here in enumerate(local[:-1]):
            share = np.maximum(0, 1 - np.abs(here - brightness) / np.float32(STEP))
            result[i] += share * (remapped[i] - _enlarge(remapped[i + 1], remapped[i]))
    mapped = local[-1]
    for band in reversed(result):
        mapped = band + _enlarge(mapped, band)
    return mapped


def tone_map(linear: np.ndarray) -> np.ndarray:
    """Return an encoded picture (h, w, 3) in [0, 1] of linear light of any range.

    The filter acts on the logarithm of luminance; colours keep their ratios (Paris et al., section 5.2). Then
    the picture is finished as a photographer would: a white point, and contrast until the middle tones sit right.
    """
    light = luminance(linear)
    mean = np.exp(np.log(np.maximum(light, 1e-6 * light.max())).mean())
    linear = np.minimum(linear, BRIGHTEST * mean)
    light = np.maximum(luminance(linear), DARKEST * mean)
    levels = int(np.log2(min(light.shape))) - 1
    mapped = local_laplacian(np.log2(light), levels)
    mapped -= np.percentile(mapped, WHITE)
    contrast = np.clip(np.log2(MIDDLE) / np.median(mapped), *CONTRAST)
    return encode(linear * (np.exp2(contrast * mapped) / light)[..., None])


def tone_map_to_bytes(linear: np.ndarray) -> np.ndarray:
    """Return what `tone_map` does as uint8, (h, w, 3)."""
    return np.rint(tone_map(linear) * 255).astype(np.uint8)
