"""Registration scored: how far each frame's map is from the true one, frame by frame and by exposure."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from hdrkit.brackets.registration import displacement
from hdrkit.dataset.survey import Scene
from hdrkit.display import notation

Maps = Mapping[str, Mapping[str, ArrayLike]]  # 2 x 3, from render pixel to frame pixel: by scene, then by file name


def frame_errors(
    method: str, scenes: Sequence[Scene], found: Maps, true: Maps, sizes: Mapping[str, tuple[int, int]]
) -> pd.DataFrame:
    """Score the maps that a method found: one row per frame, with `method`, `scene`, `ev`, `failed` and `error_px`.

    `found`: a frame that has no map there has failed. `true`: scenes and frames may be missing.
    `sizes`: (width, height) of each scene's render.
    `error_px`: the mean `displacement`, in pixels of the frame; NaN where one of the two maps is not known.
    """
    rows = []
    for scene in scenes:
        found_here, true_here = found[scene.name], true.get(scene.name, {})
        for frame in scene.frames:
            file, error = frame.path.name, np.nan
            if file in found_here and file in true_here:
                maps = np.asarray(found_here[file]), np.asarray(true_here[file])
                error = displacement(*maps, sizes[scene.name]).mean()
            ev = round(3 * frame.ev) / 3  # cameras set exposures in thirds of a stop
            row = {"method": method, "scene": scene.name, "ev": ev}
            rows.append(row | {"failed": file not in found_here, "error_px": error})
    return pd.DataFrame(rows)


def by_exposure(errors: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Return a table to show: one row per exposure, and for each method three columns.

    They are the median error, the largest, and how many frames lie closer than one pixel. `errors`: rows of
    `frame_errors`.
    """
    table = pd.concat({method: _summary(errors[errors.method == method]) for method in methods}, axis=1)
    return table.set_axis(table.index.map(notation.ev)).rename_axis("exposure")


def _summary(errors: pd.DataFrame) -> pd.DataFrame:
    by_ev = errors.groupby("ev").error_px
    close = by_ev.agg(lambda px: f"{(px < 1).sum()} of {len(px)}")
    return pd.DataFrame({"median, px": by_ev.median(), "largest, px": by_ev.max(), "below 1 px": close})


def registration_table(errors: pd.DataFrame, survey: str) -> pd.DataFrame:
    """Summarise registration errors by method and exposure value, as tables/registration.csv has them.

    `errors`: rows of `frame_errors`. A failed frame is counted, and its error left out of the percentiles.
    """
    rows = []
    for (method, ev), group in errors.groupby(["method", "ev"]):
        error = group.error_px[~group.failed]
        row = {"survey": survey, "method": method, "ev": ev}
        row |= {"median_px": error.quantile(0.5), "p95_px": error.quantile(0.95)}
        rows.append(row | {"failed_frames": int(group.failed.sum()), "frames": len(group)})
    table = pd.DataFrame(rows).round(4)
    return table.assign(ev=pd.to_numeric(table.ev, downcast="integer"))  # whole stops as whole numbers
