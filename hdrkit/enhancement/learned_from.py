"""Which places of a survey the kit's own network has learned from, told by the files and names of the panoramas.

The embedded survey's places are known by name; `hdrkit capture --panoramas` leaves them out of other surveys.
"""

import json
from pathlib import Path

from hdrkit.core import learned_places, tables
from hdrkit.core.files import PACKAGE
from hdrkit.core.scene_names import plain
from hdrkit.dataset.loading import scored_scenes
from hdrkit.dataset.survey import Survey
from hdrkit.downloads.places import asset_of, stem
from hdrkit.simulation import embedded_views, simulated_survey

NOTE = PACKAGE / "enhancement" / "weights" / "hdrkit.json"


def places(survey: str | Path) -> set[str]:
    """Return the places in the folder of a survey that the weights have learned from.

    Only a survey of one's own panoramas can say; any other has none. Raises HdrkitError for a damaged list of them.
    """
    listed = Path(survey) / simulated_survey.PANORAMAS
    try:
        learned = json.loads(NOTE.read_text(encoding="utf-8"))["panoramas"]
    except (OSError, ValueError, KeyError):  # `hdrkit doctor` tells of weights
        return set()
    if not listed.is_file():
        return set()
    mend = "run `hdrkit capture --panoramas` again"
    table = tables.read(listed, mend, ("place", "panorama", "sha256"), dtype=str, keep_default_na=False)
    own = {row["panorama"] for row in embedded_views.read_places().values()}
    assets = {asset_of(name) for name in learned if name not in own}
    names = {plain(name) for asset in assets for name in (asset, stem(asset))}
    rows = zip(table["place"], table["panorama"], table["sha256"], strict=True)
    return {
        place
        for place, file, digest in rows
        if digest in learned.values() or {plain(place), plain(asset_of(Path(file).stem))} & names
    }


def keep(out: str | Path, survey: Survey, scenes: int = 0) -> None:
    """Keep for a run, which has `scenes` scenes per split (0: all), how many scored places the weights learned from.

    Of a survey in which none is known, nothing is kept: the train places of the embedded one need no mark.
    """
    if not (learned := places(survey.folder)):
        return learned_places.keep(out, survey.name, learned, [])
    asked = survey.sample(scenes)
    scored = scored_scenes([scene.name for scene in asked], [scene.split for scene in asked])
    pairs = [(scene.split, scene.place) for scene in asked if scene.name in scored]
    learned_places.keep(out, survey.name, learned, pairs)
