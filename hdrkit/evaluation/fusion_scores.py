"""Scores of the multi-exposure baselines: whole pictures in both arithmetics, and crops, as networks are scored."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hdrkit.core.progress_bar import bar
from hdrkit.dataset.alignment import AlignedScene
from hdrkit.dataset.crops import Crops, squares
from hdrkit.evaluation import metrics, scoring
from hdrkit.fusion import baselines

Fused = Mapping[str, np.ndarray]  # the fused pictures of one scene by name
BASELINE = "debevec_reinhard"  # the one in the report's table
# How the frames of the baseline were decoded, and the name of the picture that was fused from them.
FUSED_FROM = {"libraw_default": "as_published", "radiometric": BASELINE}
COLUMNS = {"correct": "psnr_correct_db", "uint8_wraparound": "psnr_wrapping_db"}  # by arithmetic


def score_whole(scenes: Sequence[AlignedScene], fused: Sequence[Fused]) -> pd.DataFrame:
    """Score the report's baseline on whole pictures, from either decoding and in either arithmetic.

    fused: for each scene two pictures at least, uint8 and of its render's shape: `as_published`, as
    `baselines.as_published` makes it from LibRaw's frames, and `debevec_reinhard` from radiometric ones.
    Returns one row per scene and decoding: `frames`, `split`, `scene`, `place`, both pictures as `picture` and
    `render`, and PSNR in dB as `psnr_correct_db` and `psnr_wrapping_db`.
    """
    rows = []
    for scene, pictures in zip(scenes, fused, strict=True):
        for decoding, name in FUSED_FROM.items():
            picture, render = pictures[name], scene.render
            where = {"frames": decoding, "split": scene.split, "scene": scene.name, "place": scene.place}
            scores = {
                "psnr_correct_db": metrics.psnr(picture, render, data_range=255),
                "psnr_wrapping_db": metrics.psnr_wrapping_uint8(picture, render),
            }
            rows.append(where | {"picture": picture, "render": render} | scores)
    return pd.DataFrame(rows)


def published_rows(by_scene: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """Return the baseline as the report made it, one row per scene and arithmetic, as `store.write_scores` takes it.

    by_scene: from `score_whole`. columns: survey and profile, which go into each row.
    A whole picture counts as crop 0; it has no exposure value, and no SSIM.
    """
    made = by_scene[by_scene.frames == "libraw_default"]
    same = columns | {"method": BASELINE, "crop": 0, "ssim": np.nan, "ev": np.nan}
    tables = [made.assign(**same, arithmetic=key, psnr_db=made[column]) for key, column in COLUMNS.items()]
    return pd.concat(tables, ignore_index=True).drop(columns=["picture", "render", *COLUMNS.values()])


def score_crops(fused: Sequence[Fused], crops: Crops, **columns: str) -> pd.DataFrame:
    """Score each of `baselines.METHODS` on crops, with the columns of `scoring.score`.

    fused: for each scene the pictures of all methods, as `baselines.fuse_all` makes them. crops: those of one frame
    per scene, in the order of the scenes, as `Crops.metered` picks them. `ev` is NaN: a picture is made of all frames.
    """
    size = crops.x.shape[1]
    tables = []
    for method in bar(baselines.METHODS, "scoring fusions", unit="method"):
        cut = np.concatenate([squares(pictures[method], size) for pictures in fused])
        tables.append(scoring.score(cut, crops, method, metrics.psnr, None, **columns))
    return pd.concat(tables, ignore_index=True).assign(ev=np.nan)
