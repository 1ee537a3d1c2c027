"""Make a survey of one's own panoramas, as the embedded survey is made of the kit's.

    <survey>/panoramas.csv    place, file, SHA-256, author, licence and page of each panorama

Beside it stands what `simulated_survey` writes.
"""

import csv
import io
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from hdrkit.core import tables
from hdrkit.core.errors import HdrkitError
from hdrkit.core.folder_lock import only_run_in
from hdrkit.core.interruption import resumable
from hdrkit.core.progress_bar import waiting
from hdrkit.core.vocabulary import SPLITS
from hdrkit.core.workers import DEFAULT
from hdrkit.downloads.disk_room import check_room
from hdrkit.simulation import simulated_survey
from hdrkit.simulation.panorama_folder import Panorama
from hdrkit.simulation.panorama_views import VIEWS, split_places, views_of
from hdrkit.simulation.scenes import STAMP
from hdrkit.simulation.views import View

COLUMNS = ("place", "panorama", "sha256", "author", "licence", "page")
RESERVED = ("embedded", "fairchild")  # names by which other surveys are known


@resumable("the finished scenes are kept")
def capture(
    panoramas: Sequence[Panorama],
    out: str | Path,
    seed: int = 0,
    views: int = VIEWS,
    workers: int = DEFAULT,
    executor: Executor | None = None,
) -> list[View]:
    """Write a survey of `views` scenes of each panorama into the folder `out`, and return what scenes it has.

    panoramas: as `panorama_folder.find` finds them. A place that the folder lists already keeps its split. Scenes that
    are there, `workers` and `executor`: as for `embedded_survey.capture`; panoramas, too, must be under the same path.

    Raises HdrkitError for a folder that cannot be written, that another run uses, that has no room, or that is named as
    another survey or holds one, and where the splits that it lists cannot be read.
    """
    out = Path(out)
    if out.resolve().name in RESERVED:
        raise HdrkitError(f"{out}: a folder of this name is for another survey; choose another --out")
    with only_run_in(out):
        _refuse_another(out)
        splits = split_places({panorama.place for panorama in panoramas}, _kept_splits(out))
        with waiting("looking at what is there"):
            plan = simulated_survey.look(views_of(panoramas, splits, views, seed), seed, out)
        for folder in (out / view.scene for view in plan.missing):
            if folder.exists() and not (folder / STAMP).exists():
                raise HdrkitError(f"{folder}: not made by `hdrkit capture`; move it away or choose another --out")
        check_room(out, len(plan.missing) * simulated_survey.SCENE_BYTES, f"{len(plan.missing)} scenes")
        _write_sources(panoramas, out)
        simulated_survey.complete(plan, list(plan.views), workers, executor)
    return list(plan.views.values())


def _refuse_another(out: Path) -> None:
    """Raise HdrkitError where a folder has a list of scenes that this module did not write: somebody made it."""
    if (out / simulated_survey.LIST).exists() and not (out / simulated_survey.PANORAMAS).exists():
        raise HdrkitError(f"{out}: holds another survey; choose another --out")


def _kept_splits(out: Path) -> dict[str, str]:
    """Return the splits that a survey lists already, by place."""
    listed = out / simulated_survey.LIST
    if not listed.is_file():
        return {}
    mend = "restore it, or delete it to have all places split anew"
    table = tables.read(listed, mend, ("place", "split"), dtype=str, keep_default_na=False)
    return {place: split for place, split in zip(table["place"], table["split"], strict=True) if split in SPLITS}


def _write_sources(panoramas: Sequence[Panorama], out: Path) -> None:
    """Write whose panoramas a survey was made of, and on which terms, so that it can be cited."""
    table = io.StringIO()
    names = [p.path.name.encode(errors="backslashreplace").decode() for p in panoramas]  # they may be of any bytes
    rows = [(p.place, name, p.sha256, p.author, p.licence, p.page) for p, name in zip(panoramas, names, strict=True)]
    csv.writer(table, lineterminator="\n").writerows([COLUMNS, *rows])
    simulated_survey.write_if_changed(out / simulated_survey.PANORAMAS, table.getvalue())
