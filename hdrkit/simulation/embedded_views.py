"""The scenes of the embedded survey: places and views by data/places.csv and data/views.csv, and where pictures lie."""

import csv
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.core import registry
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.simulation import panorama

FRAME_SIZE = (480, 320)  # width, height, pixels
RENDER_SIZE = (420, 280)
EVS = range(-4, 5)
JITTER = 0.3  # pixels, standard deviation of the tripod between frames
MARGIN = 3.0  # pixels that a render stays away from the frames' edges


@dataclass(frozen=True)
class View:
    """One scene: where it is, where the camera looks, and what the tables say of its place."""

    place: str
    number: int
    panorama: str
    kelvin: float  # colour temperature of the light, as the camera's white balance sees it
    split: str
    yaw: float
    pitch: float
    fov: float
    roll: float

    @property
    def scene(self) -> str:
        return f"{self.place} ({self.number})"

    @property
    def render_name(self) -> str:
        return self.scene.replace(" ", "") + "Rendered.jpg"


def split_places(kinds: dict[str, str]) -> dict[str, str]:
    """Return the split of each place, given its kind: of each kind, the first by name is test, the last dev."""
    splits = dict.fromkeys(kinds, "train")
    for kind in set(kinds.values()):
        places = sorted(place for place in kinds if kinds[place] == kind)
        splits[places[-1]], splits[places[0]] = "dev", "test"
    return splits


def read_views() -> list[View]:
    """Return the 105 scenes of data/places.csv and data/views.csv."""
    with open(DATA / "places.csv", newline="", encoding="utf-8") as stream:
        places = {row["place"]: row for row in csv.DictReader(stream)}
    splits = split_places({place: row["kind"] for place, row in places.items()})
    with open(DATA / "views.csv", newline="", encoding="utf-8") as stream:
        return [
            View(
                place=row["place"],
                number=int(row["view"]),
                panorama=places[row["place"]]["panorama"],
                kelvin=float(places[row["place"]]["light_kelvin"]),
                split=splits[row["place"]],
                **{angle: float(row[f"{angle}_deg"]) for angle in ("yaw", "pitch", "fov", "roll")},
            )
            for row in csv.DictReader(stream)
        ]


def random_crop(rng: np.random.Generator) -> np.ndarray:
    """Return a random 2 x 3 affine map from render to frame pixels; the render lies inside the frame.

    It shows 90 to 95 % of the frame's width, turned by up to 1.2 degrees, a little stretched and sheared.
    """
    angle, coverage = np.radians(rng.uniform(-1.2, 1.2)), rng.uniform(0.90, 0.95)
    stretch, shear = rng.uniform(-0.005, 0.005, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = coverage * FRAME_SIZE[0] / RENDER_SIZE[0] * turn @ [[1 + stretch, shear], [0, 1 - stretch]]
    centre = (np.array(RENDER_SIZE) - 1) / 2
    extent = np.abs(linear) @ centre
    room = (np.array(FRAME_SIZE) - 1) / 2 - MARGIN - extent
    offset = (np.array(FRAME_SIZE) - 1) / 2 + rng.uniform(-room, room) - linear @ centre
    return np.column_stack([linear, offset])


class Geometry(NamedTuple):
    """How a scene is framed: `crop`, 2 x 3, from render to undisturbed frame; `shifts` of the frames, 9 x 2, pixels."""

    crop: np.ndarray
    shifts: np.ndarray


def geometry(view: View, seed: int) -> Geometry:
    """Return how the pictures of a scene lie to each other; the same for the same seed."""
    rng = np.random.default_rng([seed, zlib.crc32(view.scene.encode()), 0])
    return Geometry(random_crop(rng), rng.normal(0, JITTER, (len(EVS), 2)).clip(-2 * JITTER, 2 * JITTER))


def true_maps(view: View, seed: int) -> dict[str, list]:
    """Return the 2 x 3 map from render to frame pixels of every frame, by file name."""
    crop, shifts = geometry(view, seed)
    return {
        frame_name(i): np.column_stack([crop[:, :2], crop[:, 2] + shift]).tolist() for i, shift in enumerate(shifts)
    }


def frame_name(index: int) -> str:
    return f"_MDF{index + 1:04d}.DNG"


def panorama_path(name: str) -> Path:
    return DATA / "panoramas" / f"{name}.exr"


@cache
def load(name: str) -> np.ndarray:
    """Return a panorama; raises HdrkitError if it is missing or its bytes are not those that were imported."""
    path = panorama_path(name)
    if path.is_file() and not registry.is_intact(f"panoramas/{path.name}", path):
        raise HdrkitError(f"{path}: this panorama is damaged; {panorama.RESTORE}")
    return panorama.load_panorama(path)
