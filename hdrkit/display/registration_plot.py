"""The plot of registration errors by exposure."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from hdrkit.display import figures, notation


def draw(errors: pd.DataFrame) -> Figure:
    """Plot errors in pixels (logarithmic) by exposure: medians of `stretched` and `joint`, each frame of `per_frame`.

    errors: one row per frame, with `method`, `ev` and `error_px`, as `registration_errors.frame_errors` makes them.
    Nine frames of ten lie in the shaded bands.
    """
    figure, axis = plt.subplots(figsize=(8, 3.6))
    for method, colour in (("stretched", figures.BLACK), ("joint", figures.BLUE)):
        by_ev = errors[errors.method == method].groupby("ev").error_px
        low, median, high = (by_ev.quantile(share) for share in (0.05, 0.5, 0.95))
        axis.semilogy(median.index, median, "-", color=colour, label=f"{method}, median")
        band = f"{method}, nine frames of ten"
        axis.fill_between(median.index, low, high, color=colour, alpha=0.2, linewidth=0, label=band)
    alone = errors[errors.method == "per_frame"]
    axis.semilogy(alone.ev, alone.error_px, "o", color=figures.VERMILION, alpha=0.6, label="each frame on its own")
    axis.axhline(1, **figures.DASHED, label="one pixel")
    axis.yaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_major_formatter(lambda ev, _: notation.stops(ev))
    axis.set(xlabel="exposure value (stops)", ylabel="error (pixels)")
    axis.legend(**figures.BESIDE)
    return figure
