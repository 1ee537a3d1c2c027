"""The light table: named pictures of one size, two of them compared at a time, down to their pixels."""

import math
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import anywidget
import numpy as np
import pandas as pd
import traitlets

from hdrkit.core.errors import HdrkitError
from hdrkit.core.workers import opencv_workers
from hdrkit.dataset import exposure
from hdrkit.dataset.alignment import AlignedScene, align_scene
from hdrkit.dataset.survey import Scene
from hdrkit.display import notation
from hdrkit.images import jpeg, srgb
from hdrkit.widgets import pyramid
from hdrkit.widgets.analysis import Analyst, Question, lost
from hdrkit.widgets.background import Newest
from hdrkit.widgets.modules import ENTRY, SOURCES, STYLE, joined
from hdrkit.widgets.pictures import Picture, load, load_one, of_scene, reference_name
from hdrkit.widgets.standalone import standalone_html

FIRST_PIXELS = 400_000  # of each of the two pictures that are sent before any is asked for
THUMB, QUALITY = 120, 85  # pixels of a thumbnail's longest side; of JPEG
LATER = 1.0  # seconds until the first numbers are made, unless the table is shown before: the picture comes first
AT_ONCE = 8  # tiles per message
KEY = re.compile(r"(\d{1,4})/(\d{1,2})/(\d{1,5})/(\d{1,5})")
MODES = ("side_by_side", "divider", "blink", "difference", "error")
CHOICES: dict[str, tuple] = {
    "mode": MODES,
    "overlay": ("off", "any", "red", "green", "blue"),
    "error_range": (16, 64, 255),
    "histogram_scale": ("linear", "log"),
}
RANGES = {
    "position": (0, 1),
    "push": (-8, 8),
    "blink_seconds": (0.2, 5),
}  # faster would be more than three flashes per second


class InvalidStateError(HdrkitError, traitlets.TraitError):
    """A value that a trait cannot have. Being a TraitError, it makes traitlets restore the last one."""


class SupersededError(Exception):
    """A newer question waits."""


class LightTable(anywidget.AnyWidget):
    """Pictures side by side, under a divider, blinking, or their difference, with zoom, histograms, PSNR and SSIM.

    Made by `compare`. What the reader chose can be read, and set: `left`, `right`, `mode`, `position` of the divider,
    `view` (x, y, screen pixels per pixel; 0 fits), `rectangle` (x, y, width, height), `push` of the left picture in
    stops, `overlay`, `error_range` (full scale of differences, levels of 255), `blink_seconds`, `histogram_scale`.
    Setting what cannot be raises HdrkitError.
    """

    _esm = joined(SOURCES, ENTRY)
    _css = STYLE
    size = traitlets.List(traitlets.Int()).tag(sync=True)
    tile_size = traitlets.Int(pyramid.TILE).tag(sync=True)
    pictures = traitlets.List(traitlets.Dict()).tag(sync=True)
    tiles = traitlets.Dict().tag(sync=True)
    reference = traitlets.Unicode().tag(sync=True)
    control = traitlets.Unicode().tag(sync=True)
    left = traitlets.Unicode().tag(sync=True)
    right = traitlets.Unicode().tag(sync=True)
    mode = traitlets.Unicode("side_by_side").tag(sync=True)
    position = traitlets.Float(0.5).tag(sync=True)
    view = traitlets.List(traitlets.Float(), [0.0, 0.0, 0.0]).tag(sync=True)
    rectangle = traitlets.List(traitlets.Int()).tag(sync=True)
    push = traitlets.Float(0.0).tag(sync=True)
    overlay = traitlets.Unicode("off").tag(sync=True)
    error_range = traitlets.Int(64).tag(sync=True)
    blink_seconds = traitlets.Float(0.7).tag(sync=True)
    histogram_scale = traitlets.Unicode("linear").tag(sync=True)
    response = traitlets.List(traitlets.Float()).tag(sync=True)
    analysis = traitlets.Dict().tag(sync=True)

    def __init__(self, pictures: Mapping[str, Picture], reference: str, control: str, response: Sequence[float] = ()):
        """Show loaded `pictures` (see `pictures.load`); `response`: light of each of 256 encoded values, if known."""
        self.arrays = {name: picture.array for name, picture in pictures.items()}
        self._analyst = Analyst(dict(self.arrays))
        self._newest = Newest(self._analyse)
        self._setting = threading.RLock()
        right = reference or next(name for name in pictures if name != control)
        left = control if control != right else next(name for name in pictures if name != right)
        with opencv_workers() as pool:
            self.sparse = dict(zip(pictures, pool.map(pyramid.sparse, self.arrays.values()), strict=True))
            about = list(pool.map(_about, pictures, pictures.values(), self.sparse.values()))
        super().__init__(
            size=list(self.arrays[left].shape[1::-1]),
            pictures=about,
            reference=reference,
            control=control,
            left=left,
            right=right,
            response=list(response),
        )
        self.tiles = self._first_tiles(left, right)
        self.on_msg(self._answer)
        self.observe(self._ask, ["left", "right", "rectangle", "push"])
        self._later = threading.Timer(LATER, self._ask)
        self._later.daemon = True  # a kernel that ends does not wait
        self._later.start()

    def replace(self, name: str, picture: Picture | np.ndarray | str | Path) -> None:
        """Put another picture of the same size in the place of one, while the table is shown.

        Raises HdrkitError for a name that is not there, and for a picture that `compare` would not take.
        """
        if name not in self.arrays:
            raise HdrkitError(f"no picture is named {name!r}; there are {', '.join(self.arrays)}")
        loaded = load_one(name, picture, (self.size[0], self.size[1]))
        index = list(self.arrays).index(name)
        self.arrays[name], self.sparse[name] = loaded.array, pyramid.sparse(loaded.array)
        self._analyst = Analyst(dict(self.arrays))
        about = _about(name, loaded, self.sparse[name])
        self.pictures = [*self.pictures[:index], about, *self.pictures[index + 1 :]]
        tiles = self._first_tiles(name)
        self.send({"type": "replaced", "picture": index, "keys": list(tiles)}, list(tiles.values()))
        self._ask()

    def numbers(self, with_ssim: bool = True) -> pd.DataFrame:
        """Return PSNR (dB) and SSIM of the two pictures as they stand, and of the control with the right one.

        One row, `what` being "whole", and one for the rectangle if there is one. Of large pictures, SSIM takes some
        seconds; NaN without it, and for less than 11 x 11 pixels.
        """
        rows = self._analyst.numbers(self._question(), with_ssim)
        return pd.DataFrame(rows).astype({name: float for name in rows[0] if name != "what"})

    def set_state(self, sync_data: dict) -> None:
        """Take what the browser set, while no answer from the other thread is set."""
        with self._setting:
            super().set_state(sync_data)

    def _repr_mimebundle_(self, **options: dict) -> tuple[dict, dict]:
        """Return the widget, and beside it what stands in its place where there is no kernel."""
        html = standalone_html(self)
        self._later.cancel()
        self._ask()
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return data | {"text/html": html}, metadata

    @traitlets.validate("left", "right", "reference", "control")
    def _known_name(self, proposal: dict) -> str:
        name, trait = proposal["value"], proposal["trait"].name
        if name not in self.arrays and (name or trait in ("left", "right")):
            raise InvalidStateError(f"{trait}: no picture is named {name!r}; there are {', '.join(self.arrays)}")
        return name

    @traitlets.validate(*CHOICES)
    def _one_of(self, proposal: dict) -> str | int:
        value, trait = proposal["value"], proposal["trait"].name
        if value not in CHOICES[trait]:
            raise InvalidStateError(f"{trait}: {value!r} is none of {', '.join(map(str, CHOICES[trait]))}")
        return value

    @traitlets.validate(*RANGES)
    def _within(self, proposal: dict) -> float:
        value, trait = proposal["value"], proposal["trait"].name
        low, high = RANGES[trait]
        if not low <= value <= high:
            raise InvalidStateError(f"{trait}: {value:g} is not in [{low}, {high}]")
        return value

    @traitlets.validate("view")
    def _a_view(self, proposal: dict) -> list[float]:
        view = proposal["value"]
        if len(view) != 3 or not all(map(math.isfinite, view)) or view[2] < 0:
            raise InvalidStateError(f"view: {view} is not [x, y, zoom] with a zoom of 0 (fits) or more")
        return view

    @traitlets.validate("rectangle")
    def _inside(self, proposal: dict) -> list[int]:
        rectangle = proposal["value"]
        if rectangle and len(rectangle) != 4:
            raise InvalidStateError(f"rectangle: {rectangle} is neither [] nor [x, y, width, height]")
        if rectangle:
            (x, y, width, height), (right, bottom) = rectangle, self.size
            if min(x, y) < 0 or min(width, height) < 1 or x + width > right or y + height > bottom:
                raise InvalidStateError(f"rectangle: {rectangle} does not lie in {right} x {bottom} pixels")
        return rectangle

    def _question(self) -> Question:
        return Question(self.left, self.right, self.control, self.push, tuple(self.rectangle))

    def _ask(self, _change: object = None) -> None:
        self._newest.ask(self._question())

    def _analyse(self, question: Question) -> None:
        """Set `analysis`, first without SSIM, which takes seconds; give up for a newer question."""

        def check() -> None:
            if self._newest.superseded():
                raise SupersededError

        analyst = self._analyst  # of this moment: a picture may be replaced
        shown = {"left": question.left, "right": question.right, "push": question.push}
        shown |= {"rectangle": list(question.rectangle), "histograms": analyst.histograms(question)}
        try:
            self._set_analysis(shown | {"pending": True}, analyst.numbers(question, with_ssim=False))
            self._set_analysis(shown, analyst.numbers(question, check=check))
        except SupersededError:
            pass

    def _set_analysis(self, shown: dict, numbers: list[dict]) -> None:
        rows = [{key: "inf" if value == math.inf else value for key, value in row.items()} for row in numbers]
        with self._setting:
            self.analysis = shown | {"numbers": rows}

    def _first_tiles(self, *names: str) -> dict[str, bytes]:
        """Return the tiles of some pictures, of the finest level of at most 0.4 megapixels."""
        levels = pyramid.level_sizes(*self.size)
        level = next(i for i, (width, height) in enumerate(levels) if width * height <= FIRST_PIXELS)
        indices = [i for i, name in enumerate(self.arrays) if name in names]
        places = list(pyramid.places(self.size, level))
        keys = [f"{index}/{level}/{x}/{y}" for index in indices for x, y in places]
        with opencv_workers() as pool:
            return dict(zip(keys, pool.map(self._tile, keys), strict=True))

    def _answer(self, _widget: object, content: object, _buffers: object) -> None:
        """Send the tiles that the browser asks for, in several messages, so that the first are drawn early."""
        if not isinstance(content, dict) or content.get("type") != "tiles":
            return
        keys = [key for key in content.get("keys", []) if self._place(key)]
        for start in range(0, len(keys), AT_ONCE):
            batch = keys[start : start + AT_ONCE]
            self.send({"type": "tiles", "keys": batch}, [self._tile(key) for key in batch])

    def _place(self, key: object) -> tuple[int, int, int, int] | None:
        """Return a tile's picture, level, x and y; None for a key that makes no sense."""
        match = KEY.fullmatch(key) if isinstance(key, str) else None
        if not match:
            return None
        index, level, x, y = map(int, match.groups())
        known = index < len(self.arrays) and level < len(pyramid.level_sizes(*self.size))
        return (index, level, x, y) if known and (x, y) in pyramid.places(self.size, level) else None

    def _tile(self, key: str) -> bytes:
        index, level, x, y = map(int, key.split("/"))
        return pyramid.pack(pyramid.tile(list(self.arrays.values())[index], level, x, y))


def compare(
    pictures: Mapping[str, Picture | np.ndarray | str | Path] | AlignedScene | Scene,
    reference: str | None = None,
    control: str | None = None,
) -> LightTable:
    """Return a light table of named pictures, or of a scene's frames, "EV −4" and so on, and its "render".

    A picture is height x width x 3, RGB, or height x width, grey: uint8 or uint16, sRGB-encoded, or floating point,
    linear light (1 is white); or a `Picture`, which can say more; or the path of a picture or raw file. Arrays are not
    copied: change none while the table is in use. `reference` names what the others are held against, of a scene the
    render; `control` the untouched input, of a scene the frame nearest EV 0, else the first picture.
    Raises HdrkitError, in one line that names the picture, for what cannot be compared.
    """
    response: Sequence[float] = ()
    if isinstance(pictures, Scene):
        pictures = align_scene(pictures)
    if isinstance(pictures, AlignedScene):
        scene, pictures = pictures, of_scene(pictures)
        if len(scene.frames):
            control = control or list(pictures)[scene.nearest(0)]
        reference, response = reference or reference_name(scene), _response(scene)
    loaded = load(pictures)
    for role, name in (("reference", reference), ("control", control)):
        if name is not None and name not in loaded:
            raise HdrkitError(f"{role}: no picture is named {name!r}; there are {', '.join(loaded)}")
    return LightTable(loaded, reference or "", control or next(iter(loaded)), response)


def _response(scene: AlignedScene) -> Sequence[float]:
    """Return the sRGB curve where, decoded with it, the frames' light agrees with their exposure; else nothing.

    A scene does not say how it was decoded; LibRaw's defaults brighten each frame by itself.
    """
    linear = [pyramid.to_light(pyramid.sparse(frame)) for frame in scene.frames]
    return () if exposure.contradictions(linear, scene.evs) else srgb.decode(np.arange(256) / 255).tolist()


def _about(name: str, picture: Picture, sparse: np.ndarray) -> dict:
    """Return what the browser is told of a picture before it asks for any tile.

    Of large pictures, what is lost is counted in every n-th pixel: a reader waits for it, and sees whole per cents.
    """
    clipped, under = lost(sparse)
    scale = min(1.0, THUMB / max(sparse.shape[:2]))
    small = pyramid.resized(sparse, *(max(1, round(side * scale)) for side in sparse.shape[1::-1]))
    return {
        "name": name,
        "kind": pyramid.KINDS[sparse.dtype.name],
        "linear": picture.linear,
        "ev": picture.ev,
        "detail": notation.shutter_time(picture.seconds) if picture.seconds else "",
        "clipped": clipped,
        "under": under,
        "thumb": jpeg.encode(pyramid.from_light(pyramid.to_light(small), np.dtype(np.uint8)), QUALITY),
    }
