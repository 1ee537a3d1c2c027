"""Scoring: what each method reaches, picture by picture.

A score table has one row per method and crop; `hdrkit.reproduction.averages` averages it by split, exposure
value and region.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from hdrkit.core import executors
from hdrkit.core.progress_bar import brief
from hdrkit.core.vocabulary import REGIONS
from hdrkit.dataset.crops import Crops
from hdrkit.evaluation import metrics
from hdrkit.images import srgb

# Regions are decided by the input frame, in 8-bit values. A channel at 250 or more may have been anything brighter;
# below 25 (1 % of the range in linear light) a 12-bit sensor has some 40 levels left, most of them noise.
CLIPPED, UNDER = 250, 25
PART = 256  # crops that go to a process of an executor at once
SMALLEST_REGION = 0.01  # share of a crop's pixels; a handful of pixels makes no PSNR

# What PSNR has no word for, by the names that people read; each measures a picture against its reference.
ARTEFACTS: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "sharpness of edges": metrics.edge_sharpness,
    "checkerboard": lambda picture, _reference: metrics.checkerboard(picture),
    "CIEDE2000": metrics.ciede2000,
}


def region_masks(frames: np.ndarray) -> dict[str, np.ndarray]:
    """Tell under-exposed, well-exposed and clipped pixels apart.

    `frames`: uint8, ... x 3, encoded. Returns boolean arrays (...) under the keys of `REGIONS`; each pixel is in one.
    """
    brightest = srgb.brightest(frames)
    clipped, under = brightest >= CLIPPED, brightest <= UNDER
    return {"under": under, "well": ~(clipped | under), "clipped": clipped}


def score(
    predictions: np.ndarray,
    crops: Crops,
    method: str,
    psnr: Callable = metrics.psnr,
    executor: Executor | None = None,
    **columns: str,
) -> pd.DataFrame:
    """Score one prediction for each crop against its render: PSNR and SSIM, of the whole crop and by region.

    `predictions`: crops x size x size x 3, uint8, or floating point in [0, 1], which is rounded to 8 bits first:
    every method is judged as the picture it would be saved as. `columns` (survey, profile, arithmetic) go into
    each row.
    An `executor`, or the one of `executors.chosen`, scores parts of them in other processes.
    PSNR in dB; NaN for a region that covers less than 1 % of the crop.
    """
    executor = executor or executors.chosen(__name__)
    if executor is None:
        return _scored(predictions, crops, method, psnr, columns)
    parts = np.array_split(np.arange(len(crops.x)), -(-len(crops.x) // PART))
    job = executors.elsewhere(__name__, partial(_scored, method=method, psnr=psnr, columns=columns))
    done = executor.map(job, [predictions[part] for part in parts], [_alone(crops, part) for part in parts])
    return pd.concat(brief(done, f"scoring {method}", len(parts), unit="part"), ignore_index=True)


def _alone(crops: Crops, part: np.ndarray) -> Crops:
    """Return the crops of these indices, with no other renders than theirs."""
    chosen = crops.where(part)
    kept, target = np.unique(chosen.target, return_inverse=True)
    return replace(chosen, y=chosen.y[kept], target=target)


def _scored(
    predictions: np.ndarray, crops: Crops, method: str, psnr: Callable, columns: Mapping[str, str]
) -> pd.DataFrame:
    if predictions.dtype != np.uint8:
        predictions = np.round(np.clip(predictions, 0, 1) * 255).astype(np.uint8)
    masks = region_masks(crops.x)
    rows = []
    for i, prediction in enumerate(brief(predictions, f"scoring {method}", unit="crop")):
        reference = crops.y[crops.target[i]]
        row = {"scene": crops.scene[i], "place": crops.place[i], "split": crops.split[i], "ev": crops.ev[i]}
        row |= {"crop": crops.crop[i], "psnr_db": psnr(prediction, reference, data_range=255)}
        row["ssim"], similarity = metrics.ssim_with_map(prediction, reference, data_range=255)
        for region in REGIONS:
            mask = masks[region][i]
            large = mask.mean() >= SMALLEST_REGION
            row[f"psnr_{region}_db"] = metrics.psnr(prediction[mask], reference[mask], 255) if large else np.nan
            row[f"ssim_{region}"] = similarity[mask].mean() if large else np.nan
        rows.append({**columns, "method": method} | row)
    return pd.DataFrame(rows)


def artefacts(pictures: np.ndarray, references: np.ndarray) -> pd.DataFrame:
    """Measure the artefacts of pictures: one row per picture, one column for each of `ARTEFACTS`.

    pictures, references: uint8 (n, h, w, 3).
    """
    pairs = brief(zip(pictures, references, strict=True), "measuring artefacts", len(pictures), unit="picture")
    return pd.DataFrame([{name: measure(*pair) for name, measure in ARTEFACTS.items()} for pair in pairs])
