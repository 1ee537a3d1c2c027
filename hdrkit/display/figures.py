"""Figures: one look for all notebooks, saved with the caption that says what to see.

The figures made here are closed for pyplot. A notebook would show an open one at the end of the cell that makes it, and
once more where it is saved.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown, display
from matplotlib.figure import Figure

from hdrkit.core import references
from hdrkit.core.files import written_whole
from hdrkit.core.progress_bar import waiting
from hdrkit.core.vocabulary import REGIONS
from hdrkit.display.prose import without_html
from hdrkit.images.smaller import no_longer

# Okabe and Ito's palette, told apart with any colour vision (Color Universal Design, 2008).
ORANGE, BLUE, GREEN, VERMILION, SKY, PURPLE, BLACK = (
    "#E69F00", "#0072B2", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#000000",
)  # fmt: skip
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK)
BESIDE: dict[str, Any] = {"loc": "center left", "bbox_to_anchor": (1, 0.5)}  # a legend to the right of its axes
DASHED: dict[str, Any] = {"color": BLACK, "linewidth": 0.8, "linestyle": "--"}  # a line to compare with


def use_style() -> None:
    """Set matplotlib to the kit's look; each notebook calls it once."""
    plt.rcParams.update(
        {
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "axes.grid": True,
            "grid.alpha": 0.3,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.constrained_layout.use": True,
            "figure.dpi": 100,
            "savefig.dpi": 150,
            "font.size": 10,
            "legend.frameon": False,
        }
    )


def picture_grid(
    pictures: Sequence[np.ndarray], titles: Sequence[str] = (), columns: int = 3, width: float = 9.0
) -> Figure:
    """Lay pictures (uint8 or float in [0, 1], height x width x 3, or maps height x width) out in a grid with titles."""
    pictures = [no_longer(picture) for picture in pictures]
    rows = math.ceil(len(pictures) / columns)
    height, across = pictures[0].shape[:2]
    cell = width / columns
    figure, axes = plt.subplots(rows, columns, figsize=(width, rows * (cell * height / across + 0.3)), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, picture in zip(axes.flat, pictures, strict=False):
        white = 255 if picture.dtype == np.uint8 else 1  # left to itself, matplotlib would stretch a dark grey picture
        axis.imshow(picture, cmap="gray" if picture.ndim == 2 else None, vmin=0, vmax=white, interpolation="nearest")
    for axis, title in zip(axes.flat, titles, strict=False):
        axis.set_title(title, fontsize=9)
    plt.close(figure)
    return figure


def checkerboard(first: np.ndarray, second: np.ndarray, fields: int = 6) -> np.ndarray:
    """Mix two pictures of one shape (height x width x 3) in a checkerboard that is `fields` fields high: misalignment
    shows as lines that break at the fields' borders."""
    height, width = first.shape[:2]
    row, column = np.indices((height, width)) * fields // height
    return np.where(((row + column) % 2 == 0)[..., None], first, second)


def window_of_lines(picture: np.ndarray, share: float = 3 / 7) -> tuple[float, tuple[slice, slice]]:
    """Find where a checkerboard shows misalignment best: the window with the strongest parallel edges.

    `picture`: uint8, height x width x 3; the window has `share` of its height and width. Returns how strong they are
    (the mean gradient, with its angle doubled so that parallel edges add up and others cancel), and the window.
    """
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 3)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    length = np.hypot(across, down) + 1e-6
    height, width = (int(side * share) for side in grey.shape)
    doubled = ((across**2 - down**2) / length, 2 * across * down / length)
    means = (cv2.boxFilter(part, -1, (width, height), anchor=(0, 0)) for part in doubled)
    strength = np.hypot(*means)[: grey.shape[0] - height + 1, : grey.shape[1] - width + 1]
    top, left = np.unravel_index(strength.argmax(), strength.shape)
    return float(strength.max()), (slice(int(top), int(top) + height), slice(int(left), int(left) + width))


def differences(summaries: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw differences from a study's first setting with their intervals, a panel for each measure.

    summaries: by the measure's label, tables as `analysis.summary` makes them.
    """
    settings = next(iter(summaries.values())).setting
    size = (2.2 + 2.6 * len(summaries), 0.9 + 0.32 * len(settings))
    figure, axes = plt.subplots(1, len(summaries), figsize=size, sharey=True, squeeze=False)
    at = np.arange(len(settings))[::-1]
    for axis, (label, table) in zip(axes[0], summaries.items(), strict=True):
        bars = [table.difference - table.ci_low, table.ci_high - table.difference]
        axis.axvline(0, **DASHED)
        axis.errorbar(table.difference[1:], at[1:], xerr=np.array(bars)[:, 1:], fmt="o", color=BLUE, capsize=3)
        axis.plot(0, at[0], "D", color=BLACK)
        axis.locator_params(axis="x", nbins=4)  # more would overlap where numbers are small
        axis.set_xlabel(f"{label},\nless {table.setting.iloc[0]} ({table['mean'].iloc[0]:#.3g})", fontsize=9)
    axes[0, 0].set(yticks=at, yticklabels=settings, ylim=(-0.5, len(at) - 0.5))
    plt.close(figure)
    return figure


def psnr_by_ev(parts: Mapping[str, pd.DataFrame], colours: Sequence[str] = COLOURS) -> Figure:
    """Draw PSNR against the exposure value, one line with intervals for each entry of `parts`.

    parts: by the line's label, rows of a table `by_ev`: columns `ev`, `psnr_db`, `ci_low_db`, `ci_high_db`.
    """
    figure, axis = plt.subplots(figsize=(9, 3.8))
    for (label, part), colour in zip(parts.items(), colours, strict=False):
        bars = [part.psnr_db - part.ci_low_db, part.ci_high_db - part.psnr_db]
        axis.errorbar(part.ev, part.psnr_db, bars, fmt="o-", color=colour, capsize=3, label=label)
    stops = sorted({stop for part in parts.values() for stop in part.ev})
    axis.set(xlabel="exposure value (stops, rounded to whole ones)", ylabel="PSNR (dB)", xticks=stops)
    axis.legend(**BESIDE)
    plt.close(figure)
    return figure


def bars_by_region(parts: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw PSNR, with intervals, and SSIM by region of the input: in each region one bar for each entry of `parts`.

    parts: by the bar's label, rows of a table `by_region`: `region`, `psnr_db`, `ci_low_db`, `ci_high_db`, `ssim`.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
    width = 0.8 / len(parts)
    for i, ((label, part), colour) in enumerate(zip(parts.items(), COLOURS, strict=False)):
        rows = part.set_index("region").reindex(list(REGIONS))
        bars = [rows.psnr_db - rows.ci_low_db, rows.ci_high_db - rows.psnr_db]
        at = np.arange(len(REGIONS)) + (i - (len(parts) - 1) / 2) * width
        left.bar(at, rows.psnr_db, 0.95 * width, yerr=bars, color=colour, capsize=2, label=label)
        right.bar(at, rows.ssim, 0.95 * width, color=colour)
    for axis, label in ((left, "PSNR (dB)"), (right, "SSIM")):
        axis.set(xticks=range(len(REGIONS)), xticklabels=list(REGIONS.values()), ylabel=label)
    figure.legend(loc="outside upper center", ncols=4, fontsize=9)
    plt.close(figure)
    return figure


def save(figure: Figure, out: str | Path, name: str, caption: str) -> None:
    """Save a figure as <out>/figures/<name>.png, its caption beside it as .txt, and show both in the notebook.

    Line breaks and runs of spaces in the caption count as one space, so that a notebook may break its long lines.
    A run whose references the kit made says so in each caption (`hdrkit.core.references`).
    """
    folder = Path(out) / "figures"
    caption = " ".join(f"{caption} {references.note(out)}".split())
    with written_whole(folder / f"{name}.txt") as temporary:
        temporary.write_text(caption + "\n", encoding="utf-8")
    with waiting(f"drawing {name}"):
        with written_whole(folder / f"{name}.png") as temporary:
            figure.savefig(temporary)
        display(figure, Markdown(without_html(f"*{caption}*")))
    plt.close(figure)
