"""Exercises of notebook 11: fair comparisons, where the network guesses, what it costs, half of a gain."""

import cv2
import numpy as np
import pandas as pd

from hdrkit.evaluation.scoring import CLIPPED
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotHereError, NotYetError, exercise
from hdrkit.exercises.judging import Slip
from hdrkit.images import srgb
from hdrkit.widgets import LightTable, analysis

EDGE, MOSTLY = 10, 0.9  # of exercise 11.3: pixels along the edge of the smallest square; share that has to be clipped
ADVISED = np.array([4.0, -4.0])  # of exercise 11.6, in stops


@exercise("11.1", "A fair comparison")
def a_fair_comparison(answer: object, table: pd.DataFrame) -> str:
    """By how many dB the kit's network is ahead of the report's, on the same frames.

    `table`: mean PSNR (`psnr_db`) by `method` and `frames`, one row each.
    """
    means = table.set_index(["method", "frames"]).psnr_db.to_dict()
    ours, theirs = ("hdrkit", "libraw_default"), ("published", "libraw_default")
    if not {ours, theirs} <= set(means):
        raise NotHereError("the report's network has no scores in this folder. Run notebook 6, then this one.")
    lead = means[ours] - means[theirs]
    slips = [Slip(-lead, "the sign: above 0 means that the kit's network is ahead.")]
    if (other := means.get(("hdrkit", "radiometric"))) is not None:
        unfair = "these two networks were given different frames. Look at the column `frames`."
        slips += [
            Slip(other - means[theirs], unfair),
            Slip(means[theirs] - other, unfair),
            Slip(other - means[ours], "this is one network on two kinds of frames. Compare two networks."),
            Slip(other, "this is a score. By how much is it ahead of the other one?"),
        ]
    slips += [Slip(means[key], "this is a score. By how much is one ahead of the other?") for key in (ours, theirs)]
    judging.number(answer, lead, 0.11, slips)
    return "Part of what the radiometric row has more is easier work, and no better network."


@exercise("11.2", "Predict where the map is black")
def predict_the_map(answer: object) -> str:
    """Which of four pixels has no confidence: the one with a clipped channel."""
    words = {
        "a": "this pixel is dark, and nothing of it is clipped. What makes the map black?",
        "b": "this pixel is bright, but the sensor could have held more. Which one could not?",
        "d": "this pixel lies in the middle of the range. Nothing of it is lost.",
    }
    judging.choice(answer, "c", words)
    return "One channel at its end is enough: how much brighter it was, nobody knows, so the colour is unknown, too."


@exercise("11.3", "Where there is nothing to see", points=2)
def where_there_is_nothing(answer: object, table: LightTable) -> str:
    """PSNR of the enhanced picture less that of the frame, in dB, in the rectangle that the student has drawn."""
    frame, enhanced, render = (table.arrays[name] for name in ("frame", "enhanced", table.reference))
    clipped = srgb.brightest(frame) >= CLIPPED
    if not _has_a_square(clipped):
        raise NotHereError(f"no square of {EDGE} × {EDGE} pixels of this frame is clipped.")
    part = _rectangle(table, clipped)
    before, after = (analysis.psnr(picture[part], render[part]) for picture in (frame, enhanced))
    if not np.isfinite(after - before):
        raise NotYetError("in this rectangle a picture is equal to the render. Draw another one.")
    whole = [analysis.psnr(picture, render) for picture in (frame, enhanced)]
    a_score = "this is a PSNR. By how much is the enhanced picture ahead of the frame?"
    slips = [
        Slip(before - after, "the sign: above 0 means that the enhanced picture is ahead of the frame."),
        Slip(whole[1] - whole[0], "this is the lead in the whole picture. Look at the row of the rectangle."),
        Slip(whole[0] - whole[1], "this is about the whole picture. Look at the row of the rectangle."),
        *(Slip(score, a_score) for score in (before, after, *whole)),
    ]
    if "all frames, fused" in table.arrays:
        fused = analysis.psnr(table.arrays["all frames, fused"][part], render[part])
        slips.append(Slip(fused - before, "this is the lead of the fused picture. Put the enhanced one on the left."))
    judging.number(answer, after - before, 0.11, slips)
    return "Draw the rectangle now over a part that is not clipped, and compare."


@exercise("11.4", "Multiply-adds of a convolution", points=2)
def implement_the_work(answer: object) -> str:
    """work(height, width, kernel, channels_in, channels_out, stride): multiply-adds of a convolution, padded.

    The picture has height x width pixels, which the stride divides; the kernel is square.
    """
    cases = [(8, 6, 3, 4, 5, 1), (8, 6, 3, 4, 5, 2), (128, 128, 3, 11, 16, 2), (12, 9, 5, 2, 7, 3), (7, 7, 1, 6, 2, 1)]

    def weights(kernel: int, channels_in: int, channels_out: int) -> int:
        return kernel**2 * channels_in * channels_out

    def work(height: int, width: int, kernel: int, channels_in: int, channels_out: int, stride: int) -> int:
        return (height // stride) * (width // stride) * weights(kernel, channels_in, channels_out)

    slips = [
        Slip(lambda h, w, k, i, o, s: h * w * weights(k, i, o), "with a stride, the kernel is not applied everywhere."),
        Slip(lambda h, w, k, i, o, s: h * w * weights(k, i, o) / s, "the stride counts along both edges."),
        Slip(lambda h, w, k, i, o, s: work(h, w, k, i, o, s) / k, "the kernel is a square. How many pixels has it?"),
        Slip(lambda h, w, k, i, o, s: work(h, w, k, 1, o, s), "each channel that comes in is multiplied, too."),
        Slip(lambda h, w, k, i, o, s: work(h, w, k, i, 1, s), "there is one kernel for each channel that comes out."),
        Slip(lambda h, w, k, i, o, s: weights(k, i, o), "this is the number of weights. How often is each used?"),
        Slip(lambda h, w, k, i, o, s: work(h, w, 1, i, o, s), "a kernel has more than one pixel."),
        Slip(
            lambda h, w, k, i, o, s: work(h, w, k, i, o, s) + (h // s) * (w // s) * o,
            "a bias is added and not multiplied with anything. Leave it out.",
        ),
        Slip(lambda h, w, k, i, o, s: 2 * work(h, w, k, i, o, s), "a multiplication and its addition count as one."),
        Slip(
            lambda h, w, k, i, o, s: ((h - k) // s + 1) * ((w - k) // s + 1) * weights(k, i, o),
            "the picture is padded: as many places as there are pixels, where the stride is 1.",
        ),
    ]
    judging.function(answer, cases, work, 1e-9, slips)
    return "Summed over the layers of a network, this is what the table below counts."


@exercise("11.5", "Half of a gain", points=2)
def implement_strength(answer: object) -> str:
    """with_strength(frame, enhanced, strength): the light of a picture with a share of each pixel's gain, in stops.

    frame, enhanced: light, above 0, (h, w, 3).
    """
    rng = np.random.default_rng(9)
    cases = [
        (rng.uniform(0.01, 0.5, (*shape, 3)).astype(kind), rng.uniform(0.05, 1, (*shape, 3)).astype(kind), strength)
        for shape, kind in (((3, 4), np.float64), ((2, 5), np.float32))
        for strength in (0.5, 0.25, 1.0, 0.0)
    ]
    slips = [
        Slip(lambda f, e, s: (1 - s) * f + s * e, "this mixes the two pictures. Take a share of the gain in stops."),
        Slip(lambda f, e, s: f ** s * e ** (1 - s), "the wrong way round: strength 0 leaves the frame as it is."),
        Slip(lambda f, e, s: s * e, "this is a share of the factor, not of its stops. It darkens the picture."),
        Slip(lambda f, e, s: (e / f) ** s, "this is the factor. Multiply the frame with it."),
        Slip(lambda f, e, s: s * np.log2(e / f), "this is the gain, in stops. Apply it to the frame."),
        Slip(lambda f, e, s: f * (s * np.log2(e / f)), "this multiplies with stops. What factor are they?"),
        Slip(lambda f, e, s: f + s * np.log2(e / f), "a gain is a factor on light: nothing is added."),
        Slip(lambda f, e, s: f * np.exp(s * np.log2(e / f)), "a stop is a factor of 2, not of e."),
        Slip(lambda f, e, s: f * 2 ** (s * np.log(e / f)), "in stops, the logarithm is the one to base 2."),
        Slip(lambda f, e, s: f * 2 ** (s * np.log2(f / e)), "the gain leads from the frame to the enhanced picture."),
        Slip(lambda f, e, s: f * 2**s, "each pixel has a gain of its own."),
        Slip(lambda f, e, s: f * 2 ** (s * np.log2(e / f).mean()), "each pixel has a gain of its own."),
    ]  # fmt: skip
    judging.function(answer, cases, lambda f, e, s: f * (e / f) ** s, 1e-5, slips)
    return "The kit does not make two pictures for it: it multiplies the grid with the strength, before it is sliced."


@exercise("11.6", "Half and half")
def half_and_half(answer: object) -> str:
    """Gains in stops that two pixels get where the light of frame and enhanced picture is mixed half and half."""
    factors = (1 + 2**ADVISED) / 2
    slips = [
        Slip(ADVISED / 2, "this is what strength 0.5 does. What does a mean of the two lights do?"),
        Slip(factors, "these are the factors. How many stops is each?"),
        Slip(np.log(factors), "a stop is a factor of 2: take the logarithm to base 2."),
        Slip(np.log10(factors), "a stop is a factor of 2: take the logarithm to base 2."),
        Slip(np.log2(factors)[::-1], "the right gains, in the other order."),
        Slip(-np.log2(factors), "look at the signs: one pixel becomes brighter, and one darker."),
        Slip(np.abs(np.log2(factors)), "the second pixel becomes darker: its gain has a sign."),
        Slip(ADVISED - 1, "this is half of the enhanced picture alone. The other half is the frame's."),
        Slip(np.log2(1 + 2**ADVISED), "this is the sum of both. Take half of it."),
        Slip(ADVISED, "these are the whole gains."),
    ]
    judging.array(answer, np.log2(factors), 0.06, slips)
    return "What is to become brighter gets three quarters of its gain, what is to become darker less than one quarter."


def _has_a_square(clipped: np.ndarray) -> bool:
    """Tell whether a square of EDGE pixels is mostly clipped, somewhere."""
    shares = cv2.blur(clipped.astype(np.float32), (EDGE, EDGE), anchor=(0, 0))
    return bool(min(clipped.shape) >= EDGE and shares[: 1 - EDGE, : 1 - EDGE].max() >= MOSTLY)


def _rectangle(table: LightTable, clipped: np.ndarray) -> tuple[slice, slice]:
    """Return the rectangle on a light table, or say why it is none over clipped pixels."""
    if not table.rectangle:
        raise NotYetError("there is no rectangle on the light table. Draw one with Shift and the mouse.")
    x, y, width, height = table.rectangle
    if width * height < EDGE**2:
        raise NotYetError(f"your rectangle has {width} × {height} pixels; take {EDGE**2} at least.")
    part = slice(y, y + height), slice(x, x + width)
    if (share := clipped[part].mean()) < MOSTLY:
        raise NotYetError(f"only {share:.0%} of the pixels in your rectangle are clipped; take {MOSTLY:.0%} at least.")
    return part
