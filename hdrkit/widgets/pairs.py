"""The pairs that the report made of one frame, and a search for those that are there twice."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import PACKAGE
from hdrkit.dataset.augmentation import SYMMETRIES, turn
from hdrkit.dataset.crops import squares
from hdrkit.images import jpeg
from hdrkit.images.composition import beside
from hdrkit.widgets import markup
from hdrkit.widgets.panel import Panel

# How the report's pairs were turned, in the order of SYMMETRIES["report7"]. Told only of what was found.
TURNS = (
    *("as it is", "mirrored left-right", "mirrored upside down", "mirrored both ways"),
    *("turned by 90 degrees", "turned by 180 degrees", "turned by 270 degrees"),
)
GAP, QUALITY = 4, 90  # pixels of white between frame and render; of JPEG
NOT_YET = "not yet: no other pair is the same"


class Pair(NamedTuple):
    """A frame's square and its render's, turned alike: uint8, size x size x 3; `turned` says how."""

    frame: np.ndarray
    render: np.ndarray
    turned: str


def pairs_of(frame: np.ndarray, render: np.ndarray, size: int) -> list[Pair]:
    """Return the pairs of a frame as the report made them: each of its squares in seven turns.

    `frame`, `render`: uint8, height x width x 3, the frame on the render's pixels; `size`: edge of a square, pixels.
    """
    turns = list(zip(SYMMETRIES["report7"], TURNS, strict=True))
    cut = zip(squares(frame, size), squares(render, size), strict=True)
    return [Pair(turn(x, symmetry), turn(y, symmetry), name) for x, y in cut for symmetry, name in turns]


def duplicates(pairs: Sequence[Pair]) -> list[tuple[int, ...]]:
    """Return the places of pairs that are equal to the last bit, a tuple for each picture that is there repeatedly."""
    places = defaultdict(list)
    for place, pair in enumerate(pairs):
        places[pair.frame.tobytes(), pair.render.tobytes()].append(place)
    return [tuple(equal) for equal in places.values() if len(equal) > 1]


class Gallery(anywidget.AnyWidget):
    """Pictures as buttons, each with a name and what was told of it. A click sends the picture's place."""

    _esm = PACKAGE / "widgets" / "pairs.js"
    _css = PACKAGE / "widgets" / "pairs.css"
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    pictures = traitlets.List(traitlets.Bytes()).tag(sync=True)
    pressed = traitlets.List(traitlets.Bool()).tag(sync=True)
    told = traitlets.List(traitlets.Unicode()).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)


class Search(Panel):
    """The pairs of one frame, shuffled, to be marked where they are duplicates. Made by `find_duplicates`.

    `pairs`: what is shown, in its order. `found`: what was found so far, each as the numbers of the pairs that are the
    same, as [(3, 9)].
    """

    def __init__(self, pairs: Sequence[Pair]):
        self.pairs, self._groups = tuple(pairs), duplicates(pairs)
        self._found: list[tuple[int, ...]] = []
        count = len(pairs)
        self.gallery = Gallery(
            names=[f"Pair {place + 1}" for place in range(count)],
            pictures=[_picture(pair) for pair in pairs],
            pressed=[False] * count,
            told=[""] * count,
            status=self._counted(),
        )
        self.gallery.on_msg(self._clicked)
        super().__init__([self.gallery], self._stands)

    @property
    def found(self) -> list[tuple[int, ...]]:
        """The duplicates found, in the order in which they were found."""
        return [tuple(place + 1 for place in group) for group in self._found]

    @property
    def missing(self) -> int:
        """How many duplicates are still to be found: pairs that could be left out."""
        return sum(len(group) - 1 for group in self._groups if group not in self._found)

    def mark(self, number: int) -> None:
        """Mark a pair as a duplicate of another, as a click does, and have it told whether it is one.

        Raises HdrkitError where no pair has this number.
        """
        if not 1 <= number <= len(self.pairs):
            raise HdrkitError(f"no pair {number}; there are pairs 1 to {len(self.pairs)}")
        group = next((group for group in self._groups if number - 1 in group), ())
        if group and group not in self._found:
            self._found.append(group)
        for place in group:
            others = " and ".join(str(other + 1) for other in group if other != place)
            self._tell(place, f"the same as pair {others}: {self.pairs[place].turned}", True)
        if not group:
            self._tell(number - 1, NOT_YET, False)
        self.gallery.status = f"Pair {number}: {self.gallery.told[number - 1]}. {self._counted()}"

    def _clicked(self, _gallery: object, content: object, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("place") in range(len(self.pairs)):
            self.mark(content["place"] + 1)

    def _tell(self, place: int, words: str, pressed: bool) -> None:
        gallery = self.gallery
        gallery.told = [*gallery.told[:place], words, *gallery.told[place + 1 :]]
        gallery.pressed = [*gallery.pressed[:place], pressed, *gallery.pressed[place + 1 :]]

    def _counted(self) -> str:
        return f"Still to be found: {self.missing}." if self.missing else "All duplicates are found."

    def _stands(self) -> str:
        """Return the gallery as it stands, without buttons."""
        figures = markup.row(map(_figure, self.gallery.names, self.gallery.pictures, self.gallery.told))
        return f"{figures}<p>{self._counted()}</p>"


def find_duplicates(frame: np.ndarray, render: np.ndarray, size: int = 96, seed: int = 0) -> Search:
    """Return the pairs that the report made of one frame, in an order of `seed`: which of them are there twice?

    `frame`, `render`: uint8, height x width x 3, the frame on the render's pixels; `size`: edge of a square, pixels.
    Raises HdrkitError for pictures of different shapes.
    """
    if frame.shape != render.shape:
        raise HdrkitError(f"the frame is of shape {frame.shape}, its render of {render.shape}; register it first")
    pairs = pairs_of(frame, render, size)
    return Search([pairs[place] for place in np.random.default_rng(seed).permutation(len(pairs))])


def _picture(pair: Pair) -> bytes:
    return jpeg.encode(beside(pair.frame, pair.render, gap=GAP), QUALITY)


def _figure(name: str, picture: bytes, told: str) -> str:
    shown = markup.picture(picture, f"{name}: frame, and render", style="max-width: 100%")
    return markup.figure(shown, f"{name}: {told}" if told else name, "margin: 0; max-width: 196px")
