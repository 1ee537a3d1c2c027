"""A test set's errors: its pictures in a gallery, sorted and filtered, and the chosen one on a light table."""

import html
from dataclasses import dataclass

import anywidget
import cv2
import ipywidgets
import numpy as np
import pandas as pd
import traitlets

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import PACKAGE
from hdrkit.core.vocabulary import REGIONS
from hdrkit.dataset.crops import Crops
from hdrkit.display import notation
from hdrkit.evaluation.scoring import region_masks
from hdrkit.images import jpeg
from hdrkit.images.composition import beside
from hdrkit.widgets import markup
from hdrkit.widgets.light_table import compare
from hdrkit.widgets.panel import ROW, Panel
from hdrkit.widgets.pictures import Picture
from hdrkit.widgets.slider import Slider
from hdrkit.widgets.standalone import standalone_html

WHOLE = "whole picture"
PSNR, SSIM, SHARE = "PSNR", "SSIM", "share of the picture"
UNITS = {PSNR: "{:.1f} dB", SSIM: "{:.2f}", SHARE: "{:.0%}"}
LEAST = (0, 1, 5, 10, 20, 30, 50, 70, 90)  # per cent of a picture that a region covers
FRAME, OUTPUT, RENDER = "frame", "output", "render"
THUMB, GAP, QUALITY = 72, 2, 80  # pixels of a picture in the gallery, and of white between two; of JPEG
STILL = 12  # pictures of the gallery on an exported page


def measures(crops: Crops, scores: pd.DataFrame) -> pd.DataFrame:
    """Return what pictures can be sorted by: a row per crop; the columns are pairs (region or `WHOLE`, measure).

    `scores`: the rows of one method as `scoring.score` makes them, in the order of the crops. Further columns of
    numbers count as measures of the whole picture. A region's share lies between 0 and 1.
    Raises HdrkitError where there is not one row for each crop.
    """
    keys = [list(zip(of.scene, of.crop, of.ev, strict=True)) for of in (scores, crops)]
    if keys[0] != keys[1] or not len(crops.x):
        counts = f"{len(scores)} rows of scores, {len(crops.x)} crops"
        raise HdrkitError(f"{counts}: give the crops, and the rows of one method for them in the same order")
    scores, masks = scores.reset_index(drop=True), region_masks(crops.x)
    columns = {(WHOLE, PSNR): scores["psnr_db"], (WHOLE, SSIM): scores["ssim"]}
    columns[WHOLE, SHARE] = pd.Series(np.ones(len(scores)))
    for region, name in REGIONS.items():
        columns[name, PSNR], columns[name, SSIM] = scores[f"psnr_{region}_db"], scores[f"ssim_{region}"]
        columns[name, SHARE] = pd.Series(masks[region].mean(axis=(1, 2)))
    named = scores.filter(regex="^(ev|crop|(psnr|ssim)(_.*)?)$").columns
    others = scores.select_dtypes("number").columns.difference(named, sort=False)
    return pd.DataFrame(columns | {(WHOLE, name): scores[name] for name in others})


@dataclass(frozen=True)
class Wish:
    """Which pictures to see, in which order.

    measure: what they are sorted by, within `region` where that can be told. ev: whole stops; None for all. least: the
    share of a picture that its region covers at least.
    """

    measure: str = PSNR
    region: str = WHOLE
    ev: float | None = None
    least: float = 0.0
    highest_first: bool = False


def measured(table: pd.DataFrame, wish: Wish) -> np.ndarray:
    """Return the wished measure of each picture; NaN where a region is too small for it."""
    column = (wish.region, wish.measure)
    return table[column if column in table else (WHOLE, wish.measure)].to_numpy(float)


def select(table: pd.DataFrame, evs: np.ndarray, wish: Wish) -> np.ndarray:
    """Return the places of the wished pictures in the rows of `measures`, in order; those without the measure not."""
    values = measured(table, wish)
    keep = ~np.isnan(values) & (table[wish.region, SHARE].to_numpy() >= wish.least)
    if wish.ev is not None:
        keep &= np.round(evs) == wish.ev
    order = np.argsort(-values if wish.highest_first else values, kind="stable")
    return order[keep[order]]


class Gallery(anywidget.AnyWidget):
    """Pictures (JPEG) to choose from, those in `order`, with a caption each; `value` is the place of the chosen."""

    _esm = PACKAGE / "widgets" / "gallery.js"
    _css = PACKAGE / "widgets" / "gallery.css"
    description = traitlets.Unicode().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    pictures = traitlets.List(traitlets.Bytes()).tag(sync=True)
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    order = traitlets.List(traitlets.Int()).tag(sync=True)
    value = traitlets.Int(-1).tag(sync=True)


class Errors(Panel):
    """A gallery of pictures with their errors, and a light table of the chosen one. Made by `browse_errors`.

    What the reader chose can be read: `chosen`, the place of the picture among the crops, `shown`, the places of all in
    the gallery, `wish`, and `measures`. `table` is the light table.
    """

    def __init__(self, crops: Crops, outputs: np.ndarray, scores: pd.DataFrame):
        self._crops, self._outputs = crops, outputs
        self.measures = measures(crops, scores)
        self.gallery = Gallery(
            description="Pictures: frame, and output",
            names=[f"{scene}, crop {crop}" for scene, crop in zip(crops.scene, crops.crop, strict=True)],
            pictures=[_thumbnail(*pair) for pair in zip(crops.x, outputs, strict=True)],
        )
        whole = sorted({float(np.round(ev)) for ev in crops.ev})
        self._exposures: dict[str, float | None] = {"all": None} | {notation.ev(ev): ev for ev in whole}
        self.controls = _controls(list(self.measures[WHOLE]), list(self._exposures))
        self.said = ipywidgets.HTML()
        self._sort()
        self.table = compare(self._pictures(), reference=RENDER, control=FRAME)
        self.table.left, self.table.mode = OUTPUT, "error"
        self.gallery.observe(self._show, "value")
        for control in self.controls.values():
            control.observe(self._sort, "value")
        row = ipywidgets.HBox(list(self.controls.values()), layout=ROW)
        super().__init__([row, self.gallery, self.said, self.table], self._stands)

    @property
    def wish(self) -> Wish:
        """What the controls say."""
        value = {name: control.value for name, control in self.controls.items()}
        ev, least = self._exposures[value["ev"]], LEAST[value["least"]] / 100
        return Wish(value["measure"], value["region"], ev, least, value["order"])

    @property
    def chosen(self) -> int:
        """The place of the chosen picture among the crops."""
        return self.gallery.value

    def choose(self, place: int) -> None:
        """Choose a picture by its place among the crops, as a click does. Raises HdrkitError where there is none."""
        if not 0 <= place < len(self._crops.x):
            raise HdrkitError(f"no picture {place}; there are pictures 0 to {len(self._crops.x) - 1}")
        self.gallery.value = place

    def _sort(self, _change: object = None) -> None:
        """Put the wished pictures into the gallery, and choose its first if the chosen one is not there."""
        wish = self.wish
        self.shown = select(self.measures, self._crops.ev, wish)
        with self.gallery.hold_sync():
            told = zip(measured(self.measures, wish), self._crops.ev, strict=True)
            self.gallery.captions = [f"{_written(value, wish.measure)}, {notation.ev(ev)}" for value, ev in told]
            self.gallery.order = self.shown.tolist()
            if len(self.shown) and self.chosen not in self.shown:
                self.gallery.value = self.gallery.order[0]
        self._tell()

    def _show(self, _change: object) -> None:
        for name, picture in self._pictures().items():
            self.table.replace(name, picture)
        self._tell()

    def _tell(self) -> None:
        told = self.measures.iloc[self.chosen]
        whole = ", ".join(f"{name} {_written(told[WHOLE, name], name)}" for name in told[WHOLE].index if name != SHARE)
        regions = ", ".join(f"{told[name, SHARE]:.0%} {name}" for name in REGIONS.values())
        count = f"{len(self.shown)} of {len(self._crops.x)} pictures."
        name = f"{self.gallery.names[self.chosen]}, {notation.ev(self._crops.ev[self.chosen])}"
        self.said.value = f'<div role="status">{html.escape(f"{count} Below: {name}: {whole}; {regions}.")}</div>'

    def _pictures(self) -> dict[str, Picture]:
        place, crops = self.chosen, self._crops
        frame, output, render = crops.x[place], self._outputs[place], crops.y[crops.target[place]]
        return {FRAME: Picture(frame, ev=float(crops.ev[place])), OUTPUT: Picture(output), RENDER: Picture(render)}

    def _stands(self) -> str:
        """Return the gallery's first pictures as they stand, and the light table."""
        places = self.gallery.order[:STILL]
        shown = self.gallery
        figures = markup.row(_figure(shown.names[i], shown.pictures[i], shown.captions[i]) for i in places)
        return f"{figures}{self.said.value}{standalone_html(self.table)}"


def browse_errors(crops: Crops, outputs: np.ndarray, scores: pd.DataFrame) -> Errors:
    """Return a gallery of crops, sorted by their errors and filtered, and a light table of the one that is chosen.

    `outputs`: what a method made of the crops, uint8, crops x size x size x 3. `scores`: see `measures`.
    Raises HdrkitError as `measures` does, and for outputs of another shape or type.
    """
    if outputs.shape != crops.x.shape or outputs.dtype != np.uint8:
        raise HdrkitError(f"outputs: {outputs.dtype} of shape {outputs.shape}; for these crops uint8 {crops.x.shape}")
    return Errors(crops, outputs, scores)


def _controls(names: list[str], exposures: list[str]) -> dict[str, ipywidgets.DOMWidget]:
    return {
        "measure": ipywidgets.Dropdown(options=names, description="Sort by"),
        "order": ipywidgets.Dropdown(options={"lowest first": False, "highest first": True}, description="Order"),
        "ev": ipywidgets.Dropdown(options=exposures, description="Exposure"),
        "region": ipywidgets.Dropdown(options=[WHOLE, *REGIONS.values()], description="Region"),
        "least": Slider(description="Region covers at least", labels=[f"{least} %" for least in LEAST]),
    }


def _written(value: float, measure: str) -> str:
    return "not measured" if np.isnan(value) else UNITS.get(measure, "{:.2f}").format(value)


def _thumbnail(frame: np.ndarray, output: np.ndarray) -> bytes:
    frame, output = (cv2.resize(picture, (THUMB, THUMB), interpolation=cv2.INTER_AREA) for picture in (frame, output))
    return jpeg.encode(beside(frame, output, gap=GAP), QUALITY)


def _figure(name: str, picture: bytes, caption: str) -> str:
    return markup.figure(markup.picture(picture, f"{name}: frame, and output"), caption)
