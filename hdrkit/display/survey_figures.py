"""Figures of a survey as a whole, against exposure value."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hdrkit.core.vocabulary import FRAMES, REGIONS
from hdrkit.display import figures, notation


def lost_pixels(shares: pd.DataFrame) -> Figure:
    """Draw which share of the pixels is under-exposed, well exposed and clipped.

    shares: a row per exposure value, in stops, which is the index; a column per region, in [0, 1].
    """
    figure, axis = plt.subplots(figsize=(7, 3.2))
    colours = [figures.BLUE, figures.GREEN, figures.ORANGE]
    axis.stackplot(shares.index, *(shares[region] for region in REGIONS), labels=list(REGIONS.values()), colors=colours)
    axis.set(ylabel="share of pixels", ylim=(0, 1), xlim=(shares.index.min(), shares.index.max()))
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    _count_stops(axis)
    return figure


def median_light(light: pd.DataFrame) -> Figure:
    """Draw the median pixel by either decoding, and how it would double with each stop.

    light: a row per exposure value, in stops, which is the index; columns `libraw_default` and `radiometric`, 1 is the
    sensor's limit.
    """
    figure, axis = plt.subplots(figsize=(7, 3.4))
    for (name, label), colour in zip(FRAMES.items(), (figures.VERMILION, figures.BLUE), strict=True):
        axis.semilogy(light.index, light[name], "o-", color=colour, label=label, base=2)
    doubling = light.radiometric.iloc[0] * 2.0 ** (light.index - light.index[0])
    axis.semilogy(light.index, doubling, ":k", label="twice the light per stop", base=2)
    axis.set(ylabel="median pixel, in light", ylim=(None, 1))
    axis.legend()
    _count_stops(axis)
    return figure


def _count_stops(axis: Axes) -> None:
    axis.set(xlabel="exposure value (stops)")
    axis.xaxis.set_major_formatter(lambda ev, _: notation.stops(ev))
