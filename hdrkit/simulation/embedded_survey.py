"""Make the embedded survey: a simulated camera photographs every view of `embedded_views`.

The survey has the folders, names and shape of the HDR Photographic Survey (M. D. Fairchild, Color and Imaging
Conference 2007): nine raw frames per scene, one stop apart, and a render that is cropped, scaled and
slightly turned against them.
"""

from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.folder_lock import only_run_in
from hdrkit.core.interruption import resumable
from hdrkit.core.progress_bar import waiting
from hdrkit.core.workers import DEFAULT
from hdrkit.simulation import simulated_survey
from hdrkit.simulation.embedded_views import load, read_views


@resumable("the finished scenes are kept")
def capture(
    out: str | Path,
    seed: int = 0,
    scenes: Iterable[str] | None = None,
    workers: int = DEFAULT,
    executor: Executor | None = None,
) -> Path:
    """Write the embedded survey, or the named scenes of it, into the folder `out` and return the folder.

    Scenes that are there already, whole and made from the same code, data and seed, are kept: a killed capture
    resumes, and a second one takes a second. Scenes made from others are removed, so that none is mistaken for
    these. `survey.csv` and `truth.json` list what is there.
    An `executor`, or the one of `executors.chosen`, takes the scenes in the place of `workers` processes. Its processes
    must see `out` under the same path.

    Raises HdrkitError for an unknown scene, a bad panorama, or a folder that cannot be written or that another fills.
    """
    out = Path(out)
    views = {view.scene: view for view in read_views()}
    wanted = list(views) if scenes is None else list(scenes)
    if unknown := [scene for scene in wanted if scene not in views]:
        raise HdrkitError(f"{unknown[0]}: no such scene; data/views.csv lists the places and views")
    with waiting("looking at the embedded survey"):
        plan = simulated_survey.look(views.values(), seed, out)
        for name in {view.panorama for view in plan.missing}:
            load(name)  # raises where it is missing or damaged, before anything is removed
    changes = plan.stale or any(view.scene in wanted for view in plan.missing)
    with only_run_in(out) if changes else nullcontext():  # a whole survey may be read-only
        simulated_survey.complete(plan, wanted, workers, executor)
    return out
