"""What two pictures differ by, in numbers: PSNR, SSIM, histograms in stops, and shares of lost pixels.

Arrays are height x width x 3: uint8 or uint16, sRGB-encoded, or float32, linear light. All is computed in bands of
rows, so that 12 megapixels need no gigabytes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from hdrkit.evaluation import metrics
from hdrkit.evaluation.scoring import CLIPPED, UNDER
from hdrkit.images import srgb
from hdrkit.widgets.pyramid import from_light, to_light

BAND = 2**20  # pixels that are compared at one time
WINDOW = 11  # pixels of SSIM's window
MIDDLE_GREY, DARKEST, PER_STOP, BINS = 0.18, -8, 8, 96  # of histograms: linear light, stops from it, bins
REMEMBERED = 256  # answers


@dataclass(frozen=True)
class Question:
    """Names of the pictures that are compared, and of the control; the left one's push in stops; the rectangle
    (x, y, width, height) to look at beside the whole, if any.
    """

    left: str
    right: str
    control: str
    push: float = 0.0
    rectangle: tuple[int, ...] = ()


class Analyst:
    """Answers questions about pictures, arrays by name, and remembers its last answers."""

    def __init__(self, pictures: Mapping[str, np.ndarray]):
        self._pictures = pictures
        self._known: dict[tuple, object] = {}

    def numbers(self, question: Question, with_ssim: bool = True, check: Callable[[], None] | None = None) -> list:
        """Return a row of PSNR (dB) and SSIM for the whole pair, then one for the rectangle if there is one.

        Beside them stand those of the control, unpushed, with the right picture. SSIM is None without `with_ssim`, and
        for less than 11 x 11 pixels. It takes seconds; on its way it calls `check`, which may raise.
        """
        rows = []
        for what, rectangle in [("whole", ()), ("rectangle", question.rectangle)][: 2 if question.rectangle else 1]:
            row: dict = {"what": what}
            for prefix, name, push in (("", question.left, question.push), ("control_", question.control, 0.0)):
                asked = (name, question.right, push, rectangle)
                row[f"{prefix}psnr"] = self._psnr(*asked)
                row[f"{prefix}ssim"] = self._ssim(*asked, check) if with_ssim else None
            rows.append(row)
        return rows

    def histograms(self, question: Question) -> dict[str, list[list[int]]]:
        """Return the histograms of both pictures, the left one pushed, of the rectangle or whole; see `in_stops`."""
        both = (("left", question.left, question.push), ("right", question.right, 0.0))
        return {side: self._in_stops(name, push, question.rectangle) for side, name, push in both}

    def _psnr(self, name: str, right: str, push: float, rectangle: tuple[int, ...]) -> float:
        pair = (self._part(name, rectangle), self._part(right, rectangle))
        return self._remembered(("psnr", name, right, push, rectangle), lambda: psnr(*pair, push))

    def _ssim(self, name: str, right: str, push: float, rectangle: tuple[int, ...], check: Callable | None) -> float:
        pair = (self._part(name, rectangle), self._part(right, rectangle))
        return self._remembered(("ssim", name, right, push, rectangle), lambda: ssim(*pair, push, check))

    def _in_stops(self, name: str, push: float, rectangle: tuple[int, ...]) -> list[list[int]]:
        part = self._part(name, rectangle)
        return self._remembered(("stops", name, push, rectangle), lambda: in_stops(part, push).tolist())

    def _part(self, name: str, rectangle: tuple[int, ...]) -> np.ndarray:
        x, y, width, height = rectangle or (0, 0, None, None)
        return self._pictures[name][y:, x:][:height, :width]

    def _remembered(self, key: tuple, compute: Callable) -> Any:
        answer = self._known[key] if key in self._known else compute()
        self._known[key] = answer
        for oldest in list(self._known)[:-REMEMBERED]:
            self._known.pop(oldest, None)  # the other thread may have been faster
        return answer


def psnr(left: np.ndarray, right: np.ndarray, push: float = 0.0) -> float:
    """Return `metrics.psnr` of the left picture, pushed by some stops, and the right one, in dB.

    As uint8 where both are, else as encoded floating point in [0, 1].
    """
    error, top = 0.0, 1
    for rows in _bands(len(left), left.shape[1]):
        image, reference, top = alike(left[rows], right[rows], push)
        error += len(image) * 10 ** (-metrics.psnr(image, reference, top) / 10)
    return float(-10 * np.log10(error / len(left))) if error else float("inf")


def ssim(
    left: np.ndarray, right: np.ndarray, push: float = 0.0, check: Callable[[], None] | None = None
) -> float | None:
    """Return `metrics.ssim` of the same two, None for less than 11 x 11 pixels; calls `check` between bands.

    Bands overlap by what the window needs, so that their weighted mean is that of the whole.
    """
    if min(left.shape[:2]) < WINDOW:
        return None
    inner, total = len(left) - WINDOW + 1, 0.0  # rows in which the window stays inside
    for rows in _bands(inner, left.shape[1]):
        if check:
            check()
        wide = slice(rows.start, rows.stop + WINDOW - 1)
        total += (rows.stop - rows.start) * metrics.ssim(*alike(left[wide], right[wide], push))
    return total / inner


def alike(left: np.ndarray, right: np.ndarray, push: float = 0.0) -> tuple[np.ndarray, np.ndarray, int]:
    """Return both pictures in the type that they are compared in, the left one pushed, and its data range."""
    left = pushed(left, push)
    if left.dtype == right.dtype == np.uint8:
        return left, right, 255
    return _unit(left), _unit(right), 1


def pushed(array: np.ndarray, push: float) -> np.ndarray:
    """Return a picture with 2^push times its light: whole numbers clipped and rounded again, linear light as it is."""
    if push == 0:
        return array
    if array.dtype == np.float32:
        return array * np.float32(2**push)
    every = np.arange(np.iinfo(array.dtype).max + 1).astype(array.dtype)
    table = from_light(to_light(every) * np.float32(2**push), array.dtype)
    return cv2.LUT(array, table).reshape(array.shape)


def in_stops(array: np.ndarray, push: float = 0.0) -> np.ndarray:
    """Return the histogram of each channel's linear light, pushed by some stops: int64, 3 x 96.

    Bins of 1/8 stop, from 8 stops below middle grey (0.18); what lies below is in the first, above in the last.
    """
    counted = _counted_light if array.dtype == np.float32 else _counted_integers
    bands = [array[rows] for rows in _bands(*array.shape[:2])]
    return np.stack([sum(counted(band[..., channel], push) for band in bands) for channel in range(3)])


def lost(array: np.ndarray) -> tuple[float, float]:
    """Return the shares of clipped and of under-exposed pixels, by the limits of `scoring.region_masks`."""
    clipped, under = (limit / 255 * srgb.top(array) for limit in (CLIPPED, UNDER))
    if array.dtype == np.float32:
        clipped, under = srgb.decode(np.array([clipped, under]))
    below = np.nextafter(clipped, 0) if array.dtype == np.float32 else clipped - 1
    kept, dark = (cv2.countNonZero(cv2.inRange(array, (0.0,) * 3, (float(limit),) * 3)) for limit in (below, under))
    pixels = array.shape[0] * array.shape[1]
    return 1 - kept / pixels, dark / pixels


def _counted_integers(channel: np.ndarray, push: float) -> np.ndarray:
    values = np.iinfo(channel.dtype).max + 1
    counts = cv2.calcHist([np.ascontiguousarray(channel)], [0], None, [values], [0, values]).ravel()
    every = pushed(np.arange(values, dtype=channel.dtype), push)
    return np.bincount(_bins(to_light(every)), counts, BINS).astype(np.int64)


def _counted_light(channel: np.ndarray, push: float) -> np.ndarray:
    return np.bincount(_bins(channel.ravel() * np.float32(2**push)), minlength=BINS)


def _bins(light: np.ndarray) -> np.ndarray:
    """Return the bin of each linear value."""
    with np.errstate(divide="ignore"):  # no light lies below all bins
        stops = np.log2(light / np.float32(MIDDLE_GREY))
    return np.clip(np.floor((stops - DARKEST) * PER_STOP), 0, BINS - 1).astype(np.intp)


def _unit(array: np.ndarray) -> np.ndarray:
    """Return a picture encoded as floating point in [0, 1]; linear light is clipped there."""
    if array.dtype == np.float32:
        return srgb.encode(array)
    return array / np.float32(srgb.top(array))


def _bands(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, BAND // columns)
    return (slice(top, min(top + step, rows)) for top in range(0, rows, step))
