"""By what turn and shift two frames of different exposure lie apart, before anything is known of their exposures.

Ward (Fast, robust image registration for compositing high dynamic range photographs from hand-held exposures, Journal
of Graphics Tools 8(2), 2003) compares what is brighter than the median, as that is so in every exposure; here it is the
ranks of all values. Their correlation at all shifts at once, over those pixels alone that both frames expose well, is
Padfield's (Masked object registration in the Fourier domain, IEEE TIP 21(5), 2012). It is taken for a few turns.
"""

import cv2
import numpy as np

from hdrkit.brackets.brightness_transfer import exposed as well_exposed
from hdrkit.brackets.registration import compose, stretch

PIXELS = 7_000  # of the pictures that are compared
FURTHEST = 0.25  # shift, as a share of width and height
TURNS = (0.0, 1.5, -1.5, 3.0, -3.0)  # degrees; what is left of a turn moves a corner by a pixel at most
BROAD = 1 / 12  # shapes larger than this share of the height say little of where a frame lies
LEAST_COMMON = 0.03  # share of the pixels that both frames expose well; fewer agree by chance


def rigid_between(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
    """Return the map (2 x 3) from first's pixels to second's under which the two are most alike.

    Both uint8, height x width, of one size. None where too few pixels are well exposed in both.
    """
    one, other = shrunk(first, PIXELS), shrunk(second, PIXELS)
    size = one.shape[1], one.shape[0]
    shapes, exposed, spectra = _shapes(one), _exposed(one), _spectra(_shapes(other), _exposed(other))
    best, found = -1.0, None
    for degrees in TURNS:
        turn = cv2.getRotationMatrix2D(((size[0] - 1) / 2, (size[1] - 1) / 2), degrees, 1)
        turned = cv2.warpAffine(shapes, turn, size), np.floor(cv2.warpAffine(exposed, turn, size))
        likeness, shift = _best_shift(_spectra(*turned), spectra, size)
        if likeness > best:
            best, found = likeness, turn + np.array([[0, 0, shift[0]], [0, 0, shift[1]]])
    return None if found is None else rescaled(found, size, (first.shape[1], first.shape[0]))


def shrunk(picture: np.ndarray, pixels: float) -> np.ndarray:
    """Return a picture with about so many pixels, or as it is if it has no more."""
    scale = (pixels / (picture.shape[0] * picture.shape[1])) ** 0.5
    if scale >= 1:
        return picture
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def rescaled(rigid: np.ndarray, size: tuple[int, int], to: tuple[int, int]) -> np.ndarray:
    """Return a map between pictures of `size` (width, height) as one between the same pictures of size `to`."""
    return compose(stretch(size, to), compose(rigid, stretch(to, size)))


def _shapes(grey: np.ndarray) -> np.ndarray:
    ranks = cv2.equalizeHist(grey).astype(np.float32) / 255
    return ranks - cv2.GaussianBlur(ranks, (0, 0), max(1.0, BROAD * grey.shape[0]))


def _exposed(grey: np.ndarray) -> np.ndarray:
    return well_exposed(grey).astype(np.float32)


def _spectra(shapes: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    """Return the spectra of a picture's mask, its values and their squares, with a border for shifts."""
    layers = exposed * np.stack([np.ones_like(shapes), shapes, shapes**2])
    size = [cv2.getOptimalDFTSize(int(length * (1 + FURTHEST)) + 1) for length in shapes.shape]
    return np.fft.rfft2(layers, size)


def _best_shift(one: np.ndarray, other: np.ndarray, size: tuple[int, int]) -> tuple[float, tuple[int, int]]:
    """Return the largest correlation within `FURTHEST`, and its (x, y); -1 where too few pixels are shared."""
    pairs = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2)]  # which powers of the values are summed
    sums = np.fft.irfft2(np.stack([np.conj(one[a]) * other[b] for a, b in pairs]))
    count, first, second, product, first_square, second_square = sums
    shared = count > LEAST_COMMON * size[0] * size[1]
    count = np.maximum(count, 1)
    spread = np.maximum(first_square - first**2 / count, 0) * np.maximum(second_square - second**2 / count, 0)
    reach = [np.fft.fftfreq(n, 1 / n) for n in count.shape]
    near = (np.abs(reach[0]) <= FURTHEST * size[1])[:, None] & (np.abs(reach[1]) <= FURTHEST * size[0])
    certain = shared & near & (spread > 1e-6 * count**2)
    likeness = np.where(certain, (product - first * second / count) / np.sqrt(np.maximum(spread, 1e-12)), -1)
    y, x = np.unravel_index(likeness.argmax(), likeness.shape)
    return float(likeness[y, x]), (int(reach[1][x]), int(reach[0][y]))
