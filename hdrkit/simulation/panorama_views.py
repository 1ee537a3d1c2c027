"""The views that a camera takes of panoramas, drawn at random: like those of data/views.csv, chosen by eye."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from hdrkit.simulation.panorama_folder import Panorama
from hdrkit.simulation.views import View

VIEWS = 7  # of each panorama, as in the embedded survey
PITCH = (0.6, 6.5, 16)  # degrees: mean, standard deviation, and the most up or down
FOVS, FOV_SHARES = (65, 70, 75, 80, 85), (0.02, 0.1, 0.33, 0.37, 0.18)  # degrees
ROLLS, ROLL_SHARES = (-1, 0, 1), (0.15, 0.7, 0.15)  # degrees
TENTH = 0.1  # of all places are test, another one dev


def views_of(panoramas: Iterable[Panorama], splits: Mapping[str, str], each: int, seed: int) -> list[View]:
    """Return `each` views of every panorama; those of one do not depend on what others there are."""
    return [
        _view(panorama, number, splits[panorama.place], each, seed)
        for panorama in panoramas
        for number in range(1, each + 1)
    ]


def _view(panorama: Panorama, number: int, split: str, each: int, seed: int) -> View:
    """Draw a view: in its own part of the circle, no nearer than half such a part to the views beside it."""
    scene = f"{panorama.title} ({number:0{len(str(each))}})"  # so many digits that no two scenes differ in spaces alone
    rng = np.random.default_rng([seed, zlib.crc32(scene.encode()), 2])
    part = 360 / each
    start = np.random.default_rng([seed, zlib.crc32(panorama.title.encode()), 3]).uniform(0, part)
    yaw = start + part * (number - 1) + rng.uniform(-part / 4, part / 4)
    mean, deviation, most = PITCH
    return View(
        scene=scene,
        place=panorama.place,
        number=number,
        panorama=panorama.path.name,
        kelvin=panorama.kelvin,
        split=split,
        yaw=round((yaw + 180) % 360 - 180, 1),
        pitch=round(float(np.clip(rng.normal(mean, deviation), -most, most)), 1),
        fov=float(rng.choice(FOVS, p=FOV_SHARES)),
        roll=float(rng.choice(ROLLS, p=ROLL_SHARES)),
        folder=panorama.path.parent,
    )


def split_places(places: Iterable[str], kept: Mapping[str, str]) -> dict[str, str]:
    """Return the split of each place: as it was `kept`, or else by chance, one in ten test and one in ten dev.

    Chance is a digest of the place's name, so that a place has the same split in whatever company. Only where a split
    would stay empty, a new place is moved into it: the one whose digest is the smallest, of a split that has others.
    """
    chance = {place: int(hashlib.sha256(place.encode()).hexdigest()[:8], 16) / 16**8 for place in sorted(set(places))}
    splits = {place: kept.get(place) or _split(share) for place, share in chance.items()}
    new = sorted((place for place in splits if place not in kept), key=lambda place: chance[place])
    for empty in ("train", "test", "dev"):  # in the order in which a survey needs them
        counts = Counter(splits.values())
        if not counts[empty] and (movable := [place for place in new if counts[splits[place]] > 1]):
            splits[movable[0]] = empty
    return splits


def _split(chance: float) -> str:
    return "test" if chance < TENTH else "dev" if chance < 2 * TENTH else "train"
