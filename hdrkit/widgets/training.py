"""A training to watch: its curves and a sample picture while it runs, and a button that stops it between two epochs."""

import io
import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import ipywidgets
import numpy as np
import pandas as pd
from IPython import get_ipython
from IPython.display import DisplayHandle, display
from matplotlib.figure import Figure
from pandas.io.formats.style import Styler

from hdrkit.core.interruption import StoppedError
from hdrkit.core.progress_bar import LOGGED
from hdrkit.dataset.crops import Crops
from hdrkit.display import figures, notation
from hdrkit.evaluation import metrics
from hdrkit.images.composition import beside
from hdrkit.training import recipes
from hdrkit.training.loop import Progress, Training
from hdrkit.widgets import markup
from hdrkit.widgets.panel import Panel

PANELS = {
    "loss": "loss",
    "psnr_pooled": "pooled PSNR (dB)",
    "ssim": "SSIM, as defined",
    "ssim_published": "SSIM, as coded",
}
WATCHED = ("loss", "psnr_pooled", "ssim")  # while it trains
COLUMNS = {"loss": ("loss", 3), "psnr": ("PSNR (dB)", 2), "ssim": ("SSIM", 3)}  # of a table: name, decimals
EVERY, SHARE = 2.0, 0.05  # seconds between two looks at least; of the training's time, what looks may take
SAMPLE_EV = 2  # stops: a frame in which something is clipped, so that there is something to paint
GAP, HEIGHT = 4, 192  # pixels of white between pictures; of the sample on the screen
STOP, STOPPING = "Stop after this epoch", "Stopping after this epoch"
GO_ON = "the finished epochs are kept; run the cell again to go on"
HOW = (
    "The button loses nothing. Interrupting the kernel (■) stops at once, also where a notebook's buttons have to wait "
    "for the cell; the epoch under way is then trained again. Either way, run the cell again to go on."
)


def curves(
    history: pd.DataFrame,
    columns: Sequence[str] = WATCHED,
    untouched: Mapping[str, float] | None = None,
    running: tuple[float, Mapping[str, float]] | None = None,
) -> Figure:
    """Draw columns of a history over the epochs, while training and on the dev pictures, one panel for each.

    `history`: see `loop.Training`; it may have no row yet. `columns`: some of `PANELS`. `untouched`: what the dev
    frames score as they are, by the columns' names. `running`: an epoch under way, as the epochs done (1.5) and the
    averages of its training so far.
    """
    size = (0.5 + 3.5 * len(columns), 3.2)
    figure = Figure(figsize=size, layout="constrained")  # not pyplot's: that is of one thread
    for axis, column in zip(figure.subplots(1, len(columns), squeeze=False)[0], columns, strict=True):
        train = history[["epoch", column]].to_numpy() if len(history) else np.empty((0, 2))
        axis.plot(*train.T, "o-", color=figures.BLUE, label="train")
        if running:
            now = (running[0], running[1][column])
            axis.plot(*np.array([*train[-1:], now]).T, "o--", color=figures.BLUE, mfc="white", label="train, under way")
        if len(history):
            axis.plot(history.epoch, history[f"dev_{column}"], "s-", color=figures.ORANGE, label="dev")
        if untouched and column in untouched:
            axis.axhline(untouched[column], color="k", linestyle=":", label="dev, frames untouched")
        axis.set(xlabel="epoch", ylabel=PANELS[column])
        axis.xaxis.get_major_locator().set_params(integer=True)
    for axis in figure.axes[:2]:
        axis.legend()
    return figure


def history_table(history: pd.DataFrame) -> Styler:
    """Return a table with one row per epoch: loss, mean PSNR and SSIM of train and dev pictures, and seconds.

    `history`: see `loop.Training`.
    """
    columns, decimals = {"epoch": "epoch"}, {"seconds": 0}
    for column, (name, places) in COLUMNS.items():
        columns |= {column: name, f"dev_{column}": f"{name}, dev"}
        decimals |= {name: places, f"{name}, dev": places}
    shown = history[[*columns, "seconds"]].rename(columns=columns)
    return notation.table(shown, decimals, index=False)


def sample_of(crops: Crops) -> int:
    """Return which crop to look at: of those about two stops too bright, the first."""
    return int(np.abs(crops.ev - SAMPLE_EV).argmin())


def answer(progress: Progress, frame: np.ndarray) -> np.ndarray:
    """Return what the network makes of a frame by now, as it would be saved: uint8, height x width x 3."""
    picture = np.asarray(progress.model(frame[None].astype(np.float32) / 255, training=False))[0]
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def is_seen() -> bool:
    """Tell whether somebody can look on: in a Jupyter kernel, unless the runner executes the notebook."""
    return LOGGED not in os.environ and hasattr(get_ipython(), "kernel")


def train_and_watch(name: str, crops: Crops, out: str | Path, budget: recipes.TrainingBudget) -> Training:
    """Train like `recipes.train`, and in a notebook show curves and a sample picture while it trains.

    Without somebody who looks on, as under papermill, only the training is left. What is shown changes no number.
    Raises StoppedError where the reader stopped it or, as `loop.fit` does, where the kernel was interrupted; called
    again, it goes on.
    """
    if not is_seen():
        return recipes.train(name, crops, out, budget)
    view = TrainingView(crops.of("dev").spread(budget.dev_crops))
    try:
        return recipes.train(name, crops, out, budget, view.watch)
    finally:
        view.end()


class TrainingView(Panel):
    """What one sees of a training: a sentence, a button that stops it, curves, and a crop through the network.

    `watch` is for `recipes.train`. It shows the view when it is first called, as a training that is done has nothing to
    show. `dev`: the crops it is scored on.
    """

    def __init__(self, dev: Crops):
        place = sample_of(dev)
        self._frame, self._render, self._ev = dev.x[place], dev.y[dev.target[place]], dev.ev[place]
        self._wish, self._next = threading.Event(), 0.0
        self._shown: DisplayHandle | None = None
        self.said, self.drawn, self.sample = (ipywidgets.HTML() for _ in range(3))
        self.stop = ipywidgets.Button(description=STOP, layout=ipywidgets.Layout(width="max-content"))
        self.stop.on_click(self._ask)
        _hear_while_busy(self.stop)
        self._how = ipywidgets.HTML(f"<small>{HOW}</small>")
        super().__init__([self.said, self.stop, self._how, self.drawn, self.sample], self._stands)

    def watch(self, progress: Progress) -> None:
        """Show how far a training is, if it is time to; raise StoppedError between two epochs if that is wished."""
        between = not progress.running
        if self._shown is None:
            self._shown = display(self, display_id=True)
        if between or time.monotonic() >= self._next:
            started = time.monotonic()
            self._show(progress)
            took = time.monotonic() - started
            self._next = started + took + max(EVERY, took / SHARE)
        if between and self._wish.is_set() and len(progress.history) < progress.epochs:
            raise StoppedError(f"stopped after epoch {len(progress.history)} of {progress.epochs}: {GO_ON}")

    def end(self) -> None:
        """Take the button away, and leave what exported pages show as it stands now."""
        if self._shown is not None:
            self.children = [self.said, self.drawn, self.sample]
            self._shown.update(self)

    def _ask(self, _button: object) -> None:
        """Take the wish to stop. This may be another thread: JupyterLab's buttons do not wait for the cell."""
        self._wish.set()
        self.stop.disabled, self.stop.description = True, STOPPING

    def _show(self, progress: Progress) -> None:
        done = _sentence(progress.history, progress.epochs)
        running = (progress.now, progress.running) if progress.running else None
        self.said.value = f'<div role="status">{done}</div>'
        self.drawn.value = _image(_drawn(curves(pd.DataFrame(progress.history), running=running)), f"Curves. {done}")
        self.sample.value = self._pictures(answer(progress, self._frame), progress.now)

    def _pictures(self, made: np.ndarray, now: float) -> str:
        before, after = (metrics.psnr(picture, self._render, data_range=255) for picture in (self._frame, made))
        words = (
            f"A dev crop at {notation.ev(self._ev)} after {notation.number(now, 1)} epochs: "
            f"frame ({before:.1f} dB), network ({after:.1f} dB), render"
        )
        row = beside(self._frame, made, self._render, gap=GAP)
        return f"{_image(cv2.imencode('.png', row[..., ::-1])[1].tobytes(), words, HEIGHT)}<div>{words}</div>"

    def _stands(self) -> str:
        return "".join(shown.value for shown in (self.said, self.drawn, self.sample))


def _hear_while_busy(widget: ipywidgets.Widget) -> None:
    """Let a widget be heard while a cell runs, in JupyterLab, which asks the kernel for a thread for it (a subshell).

    ipykernel 7.4 sends a widget's messages to the thread that last wrote to it all the same, here to the busy one,
    unless it has no record of that.
    """
    vars(widget.comm).pop("_reply_subshell_id", None)


def _sentence(history: Sequence[Mapping], epochs: int) -> str:
    if not history:
        return f"0 of {epochs} epochs are done."
    last = history[-1]
    return (
        f"{len(history)} of {epochs} epochs are done. On the dev crops: loss {last['dev_loss']:.4f}, "
        f"pooled PSNR {last['dev_psnr_pooled']:.2f} dB, SSIM {last['dev_ssim']:.3f}."
    )


def _drawn(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100)
    return file.getvalue()


def _image(png: bytes, words: str, height: int | None = None) -> str:
    # Decoded at once, a picture takes the place of the last one without a flicker.
    size = f"height: {height}px; max-width: 100%; object-fit: contain" if height else "max-width: 100%; height: auto"
    return markup.picture(png, words, "png", decoding="sync", style=size)
