"""Views of a panorama, each a scene of a simulated survey: where the camera stands and looks, how pictures lie."""

import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.core.files import DATA
from hdrkit.core.scene_names import RENDER_ENDING

FRAME_SIZE = (480, 320)  # width, height, pixels
RENDER_SIZE = (420, 280)
EVS = range(-4, 5)
JITTER = 0.3  # pixels, standard deviation of the tripod between frames
MARGIN = 3.0  # pixels that a render stays away from the frames' edges


@dataclass(frozen=True)
class View:
    """One scene: what it is called, where it is, where the camera looks, and what is known of its place."""

    scene: str
    place: str
    number: int
    panorama: str
    kelvin: float  # colour temperature of the light, as the camera's white balance sees it
    split: str
    yaw: float
    pitch: float
    fov: float
    roll: float
    folder: Path | None = field(default=None, repr=False)  # of the panorama; a scene is the same wherever that lies

    @property
    def render_name(self) -> str:
        return self.scene.replace(" ", "") + RENDER_ENDING

    @property
    def path(self) -> Path:
        """The panorama's file; without a folder it is one of the kit's own, which each machine finds in its own kit."""
        return self.folder / self.panorama if self.folder else panorama_path(self.panorama)


def panorama_path(name: str) -> Path:
    """Return the file of a panorama of the kit's own."""
    return DATA / "panoramas" / f"{name}.exr"


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
