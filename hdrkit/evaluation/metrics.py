"""Picture metrics with correct arithmetic, and beside them the arithmetic that the report's code used.

Every metric is told the data range, never guesses it, and refuses data that contradict it. A PSNR with
`data_range=255` of pictures in [0, 1] would be 48.13 dB too high; here it is an error.
"""

import cv2
import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import structural_similarity

from hdrkit.core.errors import HdrkitError
from hdrkit.core.progress_bar import brief
from hdrkit.evaluation.decibels import decibel

EDGE_SHARE, EDGE_SCALE = 0.1, 2.0  # share of the pixels; sigma of the blur, pixels
ROUNDING = 2 / 12  # power of the rounding to 8 bits, in rows and in columns, in levels squared
EDGE_CONTRAST = 0.25  # share of the reference's contrast; below it, what is steep is no edge of the reference


def psnr(image: np.ndarray, reference: np.ndarray, data_range: float) -> float:
    """Return the peak signal-to-noise ratio of one picture in dB; infinite for identical pictures.

    PSNR = 10 log10(data_range^2 / mean((image - reference)^2)), report equation (2).

    image, reference: arrays of one shape and one dtype, floating point in [0, data_range] or unsigned integers.
    Raises HdrkitError when shapes, dtypes or values do not fit each other or `data_range`.

    >>> grey = np.full((16, 16, 3), 100, np.uint8)
    >>> round(psnr(grey, grey + np.uint8(10), data_range=255), 2)
    28.13
    """
    return float(decibel(_mean_squared_error(image, reference, data_range), data_range))


def psnr_pooled(images: np.ndarray, references: np.ndarray, data_range: float) -> float:
    """Return one PSNR in dB for a whole batch (n, h, w, 3): the logarithm of the batch's mean squared error.

    This is what the report's metric computes. By Jensen's inequality it is never above the mean of `psnr`
    over the pictures, and equal to it only when all have the same error.

    >>> render = np.full((2, 16, 16, 3), 100, np.uint8)
    >>> good, bad = render[0] + np.uint8(2), render[0] + np.uint8(50)
    >>> round(psnr_pooled(np.stack([good, bad]), render, data_range=255), 2)
    17.15
    >>> round((psnr(good, render[0], data_range=255) + psnr(bad, render[0], data_range=255)) / 2, 2)
    28.13
    """
    return psnr(images, references, data_range)


def ssim(image: np.ndarray, reference: np.ndarray, data_range: float) -> float:
    """Return the mean structural similarity of one picture (h, w, 3) as Wang et al. (2004) define it.

    Gaussian window of 1.5 pixels cut at 11 x 11, population covariance, mean over the channels.
    Raises HdrkitError as `psnr` does, and for pictures smaller than the window.
    """
    return ssim_with_map(image, reference, data_range)[0]


def ssim_with_map(image: np.ndarray, reference: np.ndarray, data_range: float) -> tuple[float, np.ndarray]:
    """Return `ssim` and what it is the mean of: the similarity around each pixel (h, w), mean over the channels.

    The mean leaves out a border of 5 pixels, where the window reaches beyond the picture; the map does not.
    """
    _check(image, reference, data_range)
    if min(image.shape[:2]) < 11:
        raise HdrkitError(f"SSIM needs pictures of at least 11 x 11 pixels, not {image.shape[1]} x {image.shape[0]}")
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "channel_axis": -1}
    mean, similarity = structural_similarity(image, reference, data_range=data_range, full=True, **options)
    return float(mean), similarity.mean(axis=-1)


def ciede2000(image: np.ndarray, reference: np.ndarray) -> float:
    """Return the mean CIEDE2000 colour difference of two encoded sRGB pictures, uint8 (h, w, 3); 1 is just visible.

    Luo, Cui and Rigg, The development of the CIE 2000 colour-difference formula, 2001; scikit-image's implementation.
    """
    _check(image, reference, data_range=255)
    return float(deltaE_ciede2000(rgb2lab(reference), rgb2lab(image)).mean())


def mean_lab_errors(pictures: np.ndarray, references: np.ndarray) -> dict[str, np.ndarray]:
    """Return by how much the mean of each picture is off its reference's, in CIELAB: `lightness` and `colour`.

    pictures, references: uint8 (n, h, w, 3), encoded sRGB. Both errors are (n,), not negative: the distance of the
    means of L* (0 to 100), and the distance of the means of a* and b* together.
    """
    pairs = brief(zip(pictures, references, strict=True), "comparing means", len(pictures), unit="picture")
    off = np.array([rgb2lab(one).mean(axis=(0, 1)) - rgb2lab(other).mean(axis=(0, 1)) for one, other in pairs])
    return {"lightness": np.abs(off[:, 0]), "colour": np.hypot(off[:, 1], off[:, 2])}


def edge_sharpness(image: np.ndarray, reference: np.ndarray) -> float:
    """Return how steep a picture's edges are, 1 where they are as steep as the reference's: uint8 (h, w, 3).

    At the tenth of the pixels where the reference's smoothed brightness changes most: the gradient, relative to that
    of the same picture smoothed over 2 pixels, divided by the same for the reference. A change of contrast alone
    changes nothing, unless it leaves less than a quarter; a blur brings it below 1, a flat picture scores 0.
    NaN for a reference without edges.
    """
    _check(image, reference, data_range=255)
    coarse = _gradient(reference, EDGE_SCALE)
    edges = coarse >= np.quantile(coarse, 1 - EDGE_SHARE)
    if not coarse[edges].all():
        return float("nan")

    def steepness(picture: np.ndarray) -> float:
        contrast = _gradient(picture, EDGE_SCALE)[edges].sum()
        return _gradient(picture)[edges].sum() / max(contrast, EDGE_CONTRAST * coarse[edges].sum())

    return float(steepness(image) / steepness(reference))


def _gradient(picture: np.ndarray, smooth_over: float = 0) -> np.ndarray:
    """Return the length of the brightness gradient of a picture (h, w, 3), after a Gaussian blur."""
    grey = picture.mean(axis=-1, dtype=np.float32)
    grey = cv2.GaussianBlur(grey, (0, 0), smooth_over) if smooth_over else grey
    return np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=1 / 8))


def checkerboard(image: np.ndarray) -> float:
    """Return how far a pattern with a period of exactly two pixels stands out, about 1 where there is none: uint8.

    Strided transposed convolutions leave such patterns (Odena, Dumoulin and Olah, Deconvolution and checkerboard
    artifacts, 2016). Fine texture and noise have power at this period, too, but as much at those next to it. So the
    measure is the amplitude at the period of two pixels over that at slightly longer ones, in the spectra of rows and
    columns together. The rounding to 8 bits counts as noise in both, so that a flat picture scores 1.

    image: (h, w, 3), at least 16 pixels high and wide.
    """
    at_two = beside = ROUNDING
    for lines in (image, image.swapaxes(0, 1)):
        even = lines[:, : lines.shape[1] // 2 * 2].astype(np.float32)
        window = np.hanning(even.shape[1] + 1)[:-1]
        spectrum = np.fft.rfft(even * (window / np.linalg.norm(window))[None, :, None], axis=1)
        power = (np.abs(spectrum) ** 2).mean(axis=(0, 2))
        at_two += power[-1]
        beside += power[-5:-2].mean()  # the window spreads a pattern over the one that is left out
    return float(np.sqrt(at_two / beside))


def sky_blue(pictures: np.ndarray) -> np.ndarray:
    """Tell which pixels are bright and of a blue hue, however pale: uint8 (..., 3) to boolean (...).

    Hue from 190 to 260 degrees, saturation above 8 %, value above 45 %: about any colour that a clear sky has.
    """
    hsv = cv2.cvtColor(pictures.reshape(-1, 1, 3), cv2.COLOR_RGB2HSV).reshape(pictures.shape)
    hue, saturation, value = np.moveaxis(hsv, -1, 0)
    return (hue > 95) & (hue < 130) & (saturation > 20) & (value > 115)  # OpenCV counts hue in steps of 2 degrees


def psnr_wrapping_uint8(image: np.ndarray, reference: np.ndarray) -> float:
    """Return what `mean((image - reference) ** 2)` on two uint8 arrays makes of PSNR, in dB.

    The difference and its square both wrap modulo 256, as in the report's baseline: any two unrelated
    pictures score about 20 log10(255 / sqrt(105.5)) = 27.898 dB. 100 dB when nothing is left, as there.
    """
    if image.dtype != np.uint8 or reference.dtype != np.uint8:
        raise HdrkitError(f"the wrapping PSNR is about uint8 pictures, not {image.dtype} and {reference.dtype}")
    _check(image, reference, data_range=255)
    error = np.mean((image - reference) ** 2)
    return 100.0 if error == 0 else float(20 * np.log10(255 / np.sqrt(error)))


def ssim_published(images: np.ndarray, references: np.ndarray) -> float:
    """Return the "SSIM" of the report's code for a batch in [0, 1], wrong on purpose.

    Global moments of the whole batch instead of local windows, K1 = 0.04 and K2 = 0.06 with L = 255 on data
    in [0, 1], sqrt(s_x s_y) for the covariance, and a product where the definition adds C2. Identical
    batches do not score 1 but about 2 s, twice their standard deviation.
    """
    _check(images, references, data_range=1)
    c1, c2 = (0.04 * 255) ** 2, (0.06 * 255) ** 2
    mean_x, mean_y = images.mean(dtype=np.float64), references.mean(dtype=np.float64)
    s_x, s_y = images.std(dtype=np.float64), references.std(dtype=np.float64)
    numerator = (2 * mean_x * mean_y + c1) * (2 * np.sqrt(s_x * s_y) * c2)
    return float(numerator / ((mean_x**2 + mean_y**2 + c1) * (s_x**2 + s_y**2 + c2)))


def _mean_squared_error(image: np.ndarray, reference: np.ndarray, data_range: float) -> float:
    _check(image, reference, data_range)
    return float(np.mean((image.astype(np.float64) - reference) ** 2))


def _check(image: np.ndarray, reference: np.ndarray, data_range: float) -> None:
    """Raise HdrkitError unless both arrays are alike and lie in the range they are said to have."""
    if image.shape != reference.shape:
        raise HdrkitError(f"pictures of different shapes cannot be compared: {image.shape} and {reference.shape}")
    if image.dtype != reference.dtype:
        raise HdrkitError(f"pictures of different types cannot be compared: {image.dtype} and {reference.dtype}")
    if np.issubdtype(image.dtype, np.unsignedinteger):
        if data_range != np.iinfo(image.dtype).max:
            raise HdrkitError(f"data_range of {image.dtype} pictures is {np.iinfo(image.dtype).max}, not {data_range}")
        return
    if not np.issubdtype(image.dtype, np.floating):
        raise HdrkitError(f"pictures must be floating point or unsigned integers, not {image.dtype}")
    for name, array in (("image", image), ("reference", reference)):
        low, high = float(array.min()), float(array.max())  # NaN comes through both
        if not (low >= 0 and high <= data_range):
            raise HdrkitError(f"the {name} lies in [{low:.4g}, {high:.4g}], outside data_range [0, {data_range:g}]")
        if high <= 1 < data_range:
            raise HdrkitError(f"data_range is {data_range:g} but the {name} lies in [0, 1]: data_range must be 1")
