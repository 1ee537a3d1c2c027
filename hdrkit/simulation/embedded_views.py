"""The scenes of the embedded survey: places and views by data/places.csv and data/views.csv, and where pictures lie."""

import csv
from functools import cache

import numpy as np

from hdrkit.core import registry
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.simulation import panorama
from hdrkit.simulation.views import View, panorama_path


def split_places(kinds: dict[str, str]) -> dict[str, str]:
    """Return the split of each place, given its kind: of each kind, the first by name is test, the last dev."""
    splits = dict.fromkeys(kinds, "train")
    for kind in set(kinds.values()):
        places = sorted(place for place in kinds if kinds[place] == kind)
        splits[places[-1]], splits[places[0]] = "dev", "test"
    return splits


def read_places() -> dict[str, dict[str, str]]:
    """Return the rows of data/places.csv by place."""
    with open(DATA / "places.csv", newline="", encoding="utf-8") as stream:
        return {row["place"]: row for row in csv.DictReader(stream)}


def read_views() -> list[View]:
    """Return the 105 scenes of data/places.csv and data/views.csv."""
    places = read_places()
    splits = split_places({place: row["kind"] for place, row in places.items()})
    with open(DATA / "views.csv", newline="", encoding="utf-8") as stream:
        return [
            View(
                scene=f"{row['place']} ({row['view']})",
                place=row["place"],
                number=int(row["view"]),
                panorama=places[row["place"]]["panorama"],
                kelvin=float(places[row["place"]]["light_kelvin"]),
                split=splits[row["place"]],
                yaw=float(row["yaw_deg"]),
                pitch=float(row["pitch_deg"]),
                fov=float(row["fov_deg"]),
                roll=float(row["roll_deg"]),
            )
            for row in csv.DictReader(stream)
        ]


@cache
def load(name: str) -> np.ndarray:
    """Return a panorama; raises HdrkitError if it is missing or its bytes are not those that were imported."""
    path = panorama_path(name)
    if path.is_file() and not registry.is_intact(f"panoramas/{path.name}", path):
        raise HdrkitError(f"{path}: this panorama is damaged; {panorama.mend(path)}")
    return panorama.load_panorama(path)
