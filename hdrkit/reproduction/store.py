"""What a run leaves behind: scores, single numbers and tables, in fixed columns, written and read here only."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from hdrkit.core import learned_places, references, tables
from hdrkit.core.errors import HdrkitError, in_one_line
from hdrkit.core.files import write_json, written_whole
from hdrkit.core.vocabulary import ARITHMETICS, FRAMES, METHODS, POOLINGS, REGIONS, SPLITS
from hdrkit.evaluation.intervals import Estimate
from hdrkit.reproduction.run_tables import display_table, markdown

SCORED = tuple(name for name in ARITHMETICS if name not in POOLINGS)  # pooling is what the tables make of them
SCORES = [
    *("survey", "profile", "method", "frames", "arithmetic", "split"),
    *("scene", "place", "ev", "crop", "psnr_db", "ssim"),
]
AGAIN = "remove it, then run the same command again"
INTERVAL = ["psnr_db", "ci_low_db", "ci_high_db"]
HOLM = ["holm_low", "holm_high"]  # an interval that allows for many comparisons
TABLES = {
    "table1": ["survey", "split", "scenes", "frames", "pairs", "reported_pairs"],
    "table2": ["survey", "profile", "method", "arithmetic", "split", *INTERVAL, "ssim", "reported_psnr_db", "frames"],
    "by_ev": ["survey", "profile", "method", "split", "ev", *INTERVAL, "frames"],
    "by_region": ["survey", "profile", "method", "split", "region", *INTERVAL, "frames", "ssim"],
    "registration": ["survey", "method", "ev", "median_px", "p95_px", "failed_frames", "frames"],
    "baseline": ["survey", "profile", "frames", "split", "psnr_correct_db", "psnr_wrapping_db"],
    "claims": [
        *("id", "section", "claim", "reported", "regenerated", "ci_low", "ci_high", "verdict", "evidence"),
        *("reason", "how", "survey", "profile", *HOLM),
    ],
    "findings": [
        *("number", "finding", "published", "repaired", "difference", "ci_low", "ci_high", "unit"),
        *("explanation", "evidence", "survey", "profile"),
    ],
    "comparison": [
        *("place", "quantity", "unit", "reported", "regenerated", "ci_low", "ci_high"),
        *("survey", "profile", "explanation"),
    ],
}


def write_scores(out: str | Path, name: str, frame: pd.DataFrame) -> None:
    """Write one row per picture to <out>/scores/<name>.csv: columns of `SCORES`, `psnr_<region>_db`, `ssim_<region>`.

    `ev` is NaN for a picture made of all frames. Raises HdrkitError for a missing column or an unknown key;
    `POOLINGS` are refused, as pooling is what the tables make of correct scores.
    """
    if missing := [column for column in SCORES if column not in frame]:
        raise HdrkitError(f"scores {name}: column `{missing[0]}` is missing")
    keys = {"method": METHODS, "frames": FRAMES, "arithmetic": SCORED, "split": SPLITS}
    for column, known in keys.items():
        if unknown := sorted(set(frame[column]) - set(known)):
            raise HdrkitError(f"scores {name}: unknown {column} `{unknown[0]}`; known are {', '.join(known)}")
    regions = [name for region in REGIONS for name in (f"psnr_{region}_db", f"ssim_{region}")]
    frame = frame.reindex(columns=SCORES + regions).round({column: 4 for column in ["psnr_db", "ssim", *regions]})
    frame = learned_places.mark(out, references.mark(out, frame))
    with written_whole(Path(out) / "scores" / f"{name}.csv") as path:
        frame.to_csv(path, index=False, lineterminator="\n")


def write_numbers(out: str | Path, name: str, values: Mapping[str, float | Sequence[float]]) -> None:
    """Write single numbers, for instance {"parameters_total": 22467992}, to <out>/scores/<name>.json.

    A number may come with its interval: (value, low, high). Those that data/reported/numbers.csv or sources.csv know
    by the same name appear in the comparison and decide the claims.
    """
    write_json(Path(out) / "scores" / f"{name}.json", dict(values))


def write_table(out: str | Path, name: str, frame: pd.DataFrame) -> None:
    """Write one of the fixed tables to <out>/tables/<name>.csv and, in words, .md.

    Where the kit made references of the run's survey, a further column `reference` says so (`hdrkit.core.references`);
    where its own network has learned from places of that survey, `learned` does (`hdrkit.core.learned_places`).
    Raises HdrkitError for other columns than those of `TABLES`.
    """
    if list(frame.columns) != TABLES[name]:
        raise HdrkitError(f"table {name}: columns must be {', '.join(TABLES[name])}; not {', '.join(frame.columns)}")
    frame, folder = learned_places.mark(out, references.mark(out, frame)), Path(out) / "tables"
    with written_whole(folder / f"{name}.csv") as path:
        frame.to_csv(path, index=False, lineterminator="\n")
    with written_whole(folder / f"{name}.md") as path:
        path.write_text(markdown(display_table(name, frame)), encoding="utf-8")


def read_scores(out: str | Path) -> pd.DataFrame:
    """Return all scores of a run, one row per picture; an empty table when there are none.

    Raises HdrkitError for a damaged file.
    """
    paths = sorted((Path(out) / "scores").glob("*.csv"))
    frames = [tables.read(path, AGAIN, SCORES, ["psnr_db", "ssim"]) for path in paths]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=SCORES)


def read_numbers(out: str | Path) -> dict[str, Estimate]:
    """Return all single numbers of a run by name. Raises HdrkitError for a damaged file."""
    numbers: dict[str, float | list[float]] = {}
    for path in sorted((Path(out) / "scores").glob("*.json")):
        numbers |= _numbers(path)
    return {name: Estimate(*value) if isinstance(value, list) else Estimate(value) for name, value in numbers.items()}


def _numbers(path: Path) -> dict[str, float | list[float]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        for value in found.values():
            Estimate(*map(float, value if isinstance(value, list) else [value]))
        return found
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise HdrkitError(f"{path}: damaged ({in_one_line(error)}); {AGAIN}") from error


def read_tables(out: str | Path) -> dict[str, pd.DataFrame]:
    """Return the fixed tables of a run; one that was not written is empty."""
    return tables_in(Path(out) / "tables")


def tables_in(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Return the fixed tables in a folder, for instance a kept one; one that is not there is empty.

    Raises HdrkitError for a damaged one.
    """
    paths = {name: Path(folder) / f"{name}.csv" for name in TABLES}
    empty = {name: pd.DataFrame(columns=columns) for name, columns in TABLES.items()}
    return empty | {name: tables.read(path, AGAIN, TABLES[name]) for name, path in paths.items() if path.is_file()}
