"""A folder of panoramas, for instance of `hdrkit download polyhaven`: which can be photographed, and why others cannot.

What shows a place of the embedded survey is left out, so that nothing learns from a place that the kit tests with.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import sha256
from hdrkit.core.long_lists import some
from hdrkit.core.progress_bar import bar
from hdrkit.core.scene_names import plain
from hdrkit.downloads.checksums import Checksums
from hdrkit.downloads.places import asset_of, stem
from hdrkit.images.srgb import luminance
from hdrkit.simulation import embedded_views, same_place
from hdrkit.simulation.panorama import COPY, is_panorama, load_panorama

MANIFEST = "manifest.csv"
COLUMNS = ("id", "place", "light_kelvin", "author", "licence", "page")  # of it, as far as they are used here
DAYLIGHT = 5500  # K, of light of which nothing is known
KELVIN = (2000, 15_000)  # beyond these, a channel of the camera sees next to nothing
DIRECTIONS = 12  # narrower than any view, so that each view has light if each of them has
FAINTEST = 1e-20  # below it numbers lose digits
LONGEST = 60  # letters of what scenes are called
NAMED = 3  # of the files that a line names


@dataclass(frozen=True)
class Panorama:
    """A panorama that can be photographed.

    title: what its scenes are called, with a number. place: the same for panoramas of one place. kelvin: of its light.
    author, licence, page: as the manifest says, "" where it says nothing.
    """

    path: Path
    sha256: str
    title: str
    place: str
    kelvin: float = DAYLIGHT
    author: str = ""
    licence: str = ""
    page: str = ""


class Found(NamedTuple):
    """What a folder holds: panoramas by name, and a line for each file that is not wanted, and for each at fault."""

    panoramas: list[Panorama]
    left_out: list[str]
    faults: list[str]


class KnownError(Exception):
    """A panorama shows what is known already, or no place at all."""


def find(folder: str | Path) -> Found:
    """Look at all panoramas of a folder, .hdr and .exr.

    Raises HdrkitError where there is no such folder, or a manifest that cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise HdrkitError(f"{folder}: no such folder; name one that holds panoramas, .hdr or .exr")
    rows = Checksums(folder / MANIFEST, COLUMNS).rows
    there = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != MANIFEST)
    paths = [path for path in there if is_panorama(path)]
    found, looking = Found([], [], []), _Looking()
    for path in bar(paths, "looking at the panoramas", unit="panorama", leave=False):
        try:
            found.panoramas.append(looking.at(path, rows.get(path.name, {})))
        except KnownError as known:
            found.left_out.append(f"{path}: {known}; left out")
        except HdrkitError as error:
            found.faults.append(str(error))
        except OSError as error:
            found.faults.append(f"{path}: cannot be read ({error.strerror}); {COPY}")
    if others := [path.name for path in there if path not in paths]:
        found.left_out.append(f"{folder}: no panoramas: {some(others, NAMED)}; left out")
    return found


class _Looking:
    """Looks at one panorama after the other, and knows the kit's own and those that it has seen."""

    def __init__(self) -> None:
        places = embedded_views.read_places()
        self.own = {stem(row["poly_haven"]): place for place, row in places.items()}
        self.names = [f"{place} of the embedded survey" for place in places]
        self.signatures = [same_place.signature(embedded_views.load(row["panorama"])) for row in places.values()]
        self.called: dict[str, str] = {}

    def at(self, path: Path, row: Mapping[str, str]) -> Panorama:
        """Return a panorama, given its row of the manifest. Raises KnownError, and HdrkitError where it is at fault."""
        asset = row.get("id") or asset_of(path.stem)
        if asset.endswith("_puresky"):
            raise KnownError("a sky, which shows no place")
        if own := self.own.get(stem(asset)):
            raise KnownError(f"called as {own} of the embedded survey; rename it if it is of another place")
        digest = sha256(path)
        if row and digest != row["sha256"]:
            mend = "delete it and fetch it again, or delete its row there if the change was meant"
            raise HdrkitError(f"{path}: not what {MANIFEST} says that was fetched; {mend}")
        self._look(path)
        title = self._title(path, asset)
        place = row.get("place") or (stem(asset) if asset != path.stem else asset)
        about = {name: row.get(name, "") for name in ("author", "licence", "page")}
        kelvin = _kelvin(row.get("light_kelvin", ""))
        return Panorama(path.absolute(), digest, title, in_words(place) or title, kelvin, **about)

    def _look(self, path: Path) -> None:
        light = load_panorama(path)
        height = len(light)
        horizon = luminance(light[height * 15 // 32 : height * 17 // 32 + 1])
        parts = np.array_split(horizon, DIRECTIONS, axis=1)
        if min(part.max() for part in parts if part.size) < FAINTEST:
            raise HdrkitError(f"{path}: no light along its horizon, or in a part of it; leave it out")
        signature = same_place.signature(light)
        if (known := same_place.find(signature, self.signatures)) is not None:
            raise KnownError(f"shows the same as {self.names[known]}")
        self.names.append(path.name)
        self.signatures.append(signature)

    def _title(self, path: Path, asset: str) -> str:
        """Return what scenes are called, different from all others as surveys compare names."""
        title = in_words(asset)
        if not plain(title):
            raise HdrkitError(f"{path}: no letter from a to z and no digit in its name; rename it")
        if (other := self.called.setdefault(plain(title), path.name)) != path.name:
            raise HdrkitError(f"{path}: called as {other} is; rename one of them")
        return title


def in_words(name: str) -> str:
    """Return a file's name as words.

    >>> in_words("kloofendal_48d_partly-cloudy")
    'Kloofendal 48d Partly Cloudy'
    """
    words = re.findall(r"[^\W_]+", name)
    return " ".join(word[0].upper() + word[1:] for word in words)[:LONGEST].strip()


def _kelvin(stated: str) -> float:
    try:
        return float(min(max(int(stated), KELVIN[0]), KELVIN[1]))
    except ValueError:
        return DAYLIGHT
