"""Averages of scores with intervals over scenes: Table 2, and the same by exposure value and by region."""

import zlib

import numpy as np
import pandas as pd

from hdrkit.core.files import DATA
from hdrkit.core.progress_bar import brief
from hdrkit.core.vocabulary import ARITHMETICS, FRAMES, METHODS, POOLED, POOLINGS, REGIONS, SPLITS
from hdrkit.evaluation import pooling
from hdrkit.evaluation.decibels import decibel
from hdrkit.evaluation.intervals import Estimate, bootstrap_interval
from hdrkit.reproduction.store import INTERVAL, TABLES


def table2(scores: pd.DataFrame, resamples: int, seed: int) -> pd.DataFrame:
    """Return mean PSNR and SSIM by method, decoding of its frames, arithmetic and split, with intervals over scenes.

    The report's networks have two rows more. `batches_of_32` pools as the report's code did, see `evaluation.pooling`,
    and has the report's number beside it. `batch_pooled` is one logarithm of the mean squared error of all pictures. By
    Jensen's inequality the first lies between the second and the mean of the pictures' PSNR.
    """
    keys = ["survey", "profile", "method", "frames", "arithmetic", "split"]
    of_networks = scores[scores["method"].isin(POOLED) & (scores["arithmetic"] == "correct")]
    pooled = [of_networks.assign(arithmetic=name) for name in POOLINGS]
    table = _means(pd.concat([scores, *pooled]), keys, resamples, seed)
    reported = pd.read_csv(DATA / "reported" / "table2.csv").rename(columns={"psnr_db": "reported_psnr_db"})
    return table.merge(reported, how="left", on=["method", "arithmetic", "split"])[TABLES["table2"]]


def by_ev(scores: pd.DataFrame, resamples: int, seed: int) -> pd.DataFrame:
    """Return mean PSNR by method, split and exposure value (whole stops), for methods that see one frame."""
    one_frame = scores[(scores["arithmetic"] == "correct") & scores["ev"].notna()]
    one_frame = one_frame.assign(ev=one_frame["ev"].round().astype(int))
    keys = ["survey", "profile", "method", "frames", "split", "ev"]
    return _means(one_frame, keys, resamples, seed)[TABLES["by_ev"]]


def by_region(scores: pd.DataFrame, resamples: int, seed: int) -> pd.DataFrame:
    """Return mean PSNR by method, split and region of the input frame: under-exposed, well-exposed, clipped."""
    correct = scores[scores["arithmetic"] == "correct"]
    long = pd.concat(
        correct.assign(
            region=region,
            psnr_db=correct.get(f"psnr_{region}_db", np.nan),
            ssim=correct.get(f"ssim_{region}", np.nan),
        )
        for region in REGIONS
    )
    keys = ["survey", "profile", "method", "frames", "split", "region"]
    return _means(long, keys, resamples, seed)[TABLES["by_region"]]


def _means(scores: pd.DataFrame, keys: list[str], resamples: int, seed: int) -> pd.DataFrame:
    """Return the mean PSNR and its interval, and the mean SSIM, for each group of rows without NaN."""
    rows = []
    groups = scores.dropna(subset=["psnr_db"]).groupby(keys, observed=True)
    for values, group in brief(groups, "computing intervals", unit="row"):
        rng = np.random.default_rng([seed, zlib.crc32("|".join(map(str, values)).encode())])
        key = dict(zip(keys, values, strict=True))
        arithmetic = key.get("arithmetic", "correct")
        estimate = _estimate(group["psnr_db"].to_numpy(), group["scene"].to_numpy(), arithmetic, resamples, rng)
        row = dict(zip(INTERVAL, estimate, strict=True)) | {"ssim": group["ssim"].mean()}
        rows.append(key | row)
    table = pd.DataFrame(rows, columns=[*keys, *INTERVAL, "ssim"])
    return table.round(3).sort_values(keys, key=_in_stated_order, ignore_index=True)


def _estimate(
    psnr_db: np.ndarray, scenes: np.ndarray, arithmetic: str, resamples: int, rng: np.random.Generator
) -> Estimate:
    if arithmetic == "batches_of_32":
        return pooling.estimate_in_random_batches(psnr_db, scenes, resamples, rng)
    if arithmetic == "batch_pooled":  # of squared errors, whose largest makes the lowest PSNR
        low, high = bootstrap_interval(pooling.errors(psnr_db), scenes, resamples, rng)
        return Estimate(pooling.at_once(psnr_db), *decibel([high, low], data_range=1))
    return Estimate(psnr_db.mean(), *bootstrap_interval(psnr_db, scenes, resamples, rng))


def _in_stated_order(column: pd.Series) -> pd.Series:
    orders = {"method": METHODS, "frames": FRAMES, "arithmetic": ARITHMETICS, "split": SPLITS, "region": REGIONS}
    return column.map(list(orders[column.name]).index) if column.name in orders else column
