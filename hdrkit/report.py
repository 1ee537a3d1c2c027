"""From scores to tables with intervals, to the comparison with the report, and to the page that opens with it."""

import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from hdrkit import ablations, claims, page
from hdrkit.bootstrap import bootstrap_interval
from hdrkit.errors import HdrkitError
from hdrkit.files import DATA, written_whole
from hdrkit.results import INTERVAL, TABLES, read_numbers, read_scores, read_tables, write_table
from hdrkit.vocabulary import ARITHMETICS, FRAMES, METHODS, POOLED, REGIONS, SPLITS

# Networks of the study `systems`, which trains them on equal terms; the profile `quick` has no time for all of them.
SYSTEMS = {"the report's network": "published", "ExpandNet": "expandnet", "HDRCNN": "hdrcnn"}


def table2(scores: pd.DataFrame, resamples: int, seed: int) -> pd.DataFrame:
    """Return mean PSNR and SSIM by method, decoding of its frames, arithmetic and split, with intervals over scenes.

    `batch_pooled` is one logarithm of the mean squared error of all pictures. The report pooled its network's errors
    by batches of 32 and took the mean: by Jensen's inequality its number lies between this one and the mean of the
    pictures' PSNR.
    """
    keys = ["survey", "profile", "method", "frames", "arithmetic", "split"]
    pooled = scores[scores["method"].isin(POOLED) & (scores["arithmetic"] == "correct")].assign(
        arithmetic="batch_pooled"
    )
    table = _means(pd.concat([scores, pooled]), keys, resamples, seed)
    reported = pd.read_csv(DATA / "reported" / "table2.csv").rename(columns={"psnr_db": "reported_psnr_db"})
    return table.merge(reported, how="left", on=["method", "arithmetic", "split"])[TABLES["table2"]]


def of_study(folder: str | Path = ablations.KEPT) -> pd.DataFrame:
    """Return rows of Table 2 from the kept study `systems`, marked as of the study; none where it is not finished.

    Networks that the study trained alike, with far less effort than the run trained its own. Intervals over seeds
    and scenes.
    """
    try:
        table, facts = ablations.read("systems", folder)
    except HdrkitError:
        return pd.DataFrame(columns=TABLES["table2"])
    rows = []
    for setting, method in SYSTEMS.items():
        key = {"method": method, "frames": "published", "arithmetic": "correct", "split": "test"}
        psnr = dict(zip(INTERVAL, ablations.mean(table, setting, "psnr_db"), strict=True))
        rows.append(ablations.made_with(facts) | key | psnr | {"ssim": ablations.mean(table, setting, "ssim")[0]})
    return pd.DataFrame(rows).reindex(columns=TABLES["table2"]).round(3)


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
    for values, group in scores.dropna(subset=["psnr_db"]).groupby(keys, observed=True):
        rng = np.random.default_rng([seed, zlib.crc32("|".join(map(str, values)).encode())])
        pooled = "batch_pooled" in values
        pictures = 10 ** (-group["psnr_db"].to_numpy() / 10) if pooled else group["psnr_db"].to_numpy()
        mean, (low, high) = pictures.mean(), bootstrap_interval(pictures, group["scene"].to_numpy(), resamples, rng)
        if pooled:  # of squared errors, whose largest makes the lowest PSNR
            mean, low, high = -10 * np.log10([mean, high, low])
        row = dict(zip(INTERVAL, (mean, low, high), strict=True)) | {"ssim": group["ssim"].mean()}
        rows.append(dict(zip(keys, values, strict=True)) | row)
    table = pd.DataFrame(rows, columns=[*keys, *INTERVAL, "ssim"])
    return table.round(3).sort_values(keys, key=_in_stated_order, ignore_index=True)


def _in_stated_order(column: pd.Series) -> pd.Series:
    orders = {"method": METHODS, "frames": FRAMES, "arithmetic": ARITHMETICS, "split": SPLITS, "region": REGIONS}
    return column.map(list(orders[column.name]).index) if column.name in orders else column


def comparison(tables: Mapping[str, pd.DataFrame], numbers: Mapping[str, tuple], facts: Mapping) -> pd.DataFrame:
    """Return each number of the report beside the regenerated one, with interval, survey, profile and explanation.

    A number that this run did not make stays in the list, with NaN.
    """
    found = _regenerated(tables, numbers)
    words = claims.score_words(tables["table2"], facts)
    rows = []
    for row in pd.read_csv(DATA / "reported" / "numbers.csv", keep_default_na=False).to_dict("records"):
        made = {"regenerated": np.nan} | found.get(row.pop("id"), {})
        rows.append(row | made | {"explanation": row["explanation"].format_map(words)})
    return pd.DataFrame(rows, columns=TABLES["comparison"])


def _regenerated(tables: Mapping[str, pd.DataFrame], numbers: Mapping[str, tuple]) -> dict[str, dict]:
    counted = {"survey": "any", "profile": "any"}
    found = {name: {"regenerated": value} | counted for name, (value, *_) in numbers.items()}
    fairchild = tables["table1"][tables["table1"]["survey"] == "fairchild"]
    if len(fairchild):
        sums = fairchild[["scenes", "frames", "pairs"]].sum()
        counts = {"scenes": sums["scenes"], "frames": sums["frames"], "pairs_per_frame": sums["pairs"] / sums["frames"]}
        counts |= {f"table1_{row.split}": row.pairs for row in fairchild.itertuples()}
        listed = {"survey": "fairchild", "profile": "any"}
        found |= {name: {"regenerated": count} | listed for name, count in counts.items()}
    for row in tables["table2"].dropna(subset=["reported_psnr_db"]).itertuples():
        interval = {"ci_low": row.ci_low_db, "ci_high": row.ci_high_db}
        source = {"survey": row.survey, "profile": row.profile}
        found[f"table2_{row.method}_{row.split}"] = {"regenerated": row.psnr_db} | interval | source
    return found


def write(out: str | Path, facts: Mapping, resamples: int, seed: int) -> Path:
    """Write a run's tables and report.html from what its notebooks left in `out`, and return the page's path.

    `facts` is what run.json holds; `facts["survey"]` names the survey.
    """
    out = Path(out)
    scores = read_scores(out)
    write_table(out, "table2", pd.concat([table2(scores, resamples, seed), of_study()]))
    for name, function in {"by_ev": by_ev, "by_region": by_region}.items():
        write_table(out, name, function(scores, resamples, seed))
    tables, numbers = read_tables(out / "tables"), read_numbers(out)
    write_table(out, "comparison", comparison(tables, numbers, facts))
    write_table(out, "claims", claims.ledger(tables, numbers, facts))
    write_table(out, "findings", claims.findings(tables, numbers, facts))
    with written_whole(out / "report.html") as path:
        path.write_text(page.html(out, read_tables(out / "tables"), facts), encoding="utf-8")
    return out / "report.html"
