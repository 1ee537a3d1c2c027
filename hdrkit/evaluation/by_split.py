"""Mean scores of each method, split by split: the small table that a notebook shows."""

import pandas as pd

from hdrkit.core.vocabulary import SPLITS

MEASURES = {"psnr_db": "PSNR (dB)", "ssim": "SSIM"}


def means_by_split(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over pictures, one row per method: `PSNR (dB), test` and so on, for the splits that there are.

    `scores`: one row per method and crop, see `scoring.score`. Methods keep their order, and each its key as its label.
    """
    means = scores.pivot_table(list(MEASURES), "method", "split", sort=False).reindex(columns=SPLITS, level=1)
    means.columns = [f"{MEASURES[measure]}, {split}" for measure, split in means]
    return means.rename_axis(None)
