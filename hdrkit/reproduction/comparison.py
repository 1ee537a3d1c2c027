"""The comparison: each number of the report beside the one that this run made."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hdrkit.core import tables
from hdrkit.core.files import DATA
from hdrkit.reproduction.sources import COLUMNS, RESTORE, Run, explained, read_sources
from hdrkit.reproduction.store import TABLES

NUMBERS = DATA / "reported" / "numbers.csv"


def comparison(run: Run) -> pd.DataFrame:
    """Return each number of the report beside the regenerated one, with interval, survey, profile and explanation.

    A number that this run did not make stays in the list, with NaN.
    """
    found, sources, rows = _regenerated(run.tables, run.numbers), read_sources(), []
    for row in tables.read(NUMBERS, RESTORE, COLUMNS["numbers"], keep_default_na=False).to_dict("records"):
        made = {"regenerated": np.nan} | found.get(row.pop("id"), {})
        rows.append(row | made | {"explanation": explained(row["explanation"], sources, run)})
    return pd.DataFrame(rows, columns=TABLES["comparison"])


def _regenerated(made: Mapping[str, pd.DataFrame], numbers: Mapping[str, tuple]) -> dict[str, dict]:
    counted = {"survey": "any", "profile": "any"}
    found = {name: {"regenerated": value} | counted for name, (value, *_) in numbers.items()}
    fairchild = made["table1"][made["table1"]["survey"] == "fairchild"]
    if len(fairchild):
        sums = fairchild[["scenes", "frames", "pairs"]].sum()
        counts = {"scenes": sums["scenes"], "frames": sums["frames"], "pairs_per_frame": sums["pairs"] / sums["frames"]}
        counts |= {f"table1_{row.split}": row.pairs for row in fairchild.itertuples()}
        listed = {"survey": "fairchild", "profile": "any"}
        found |= {name: {"regenerated": count} | listed for name, count in counts.items()}
    for row in made["table2"].dropna(subset=["reported_psnr_db"]).itertuples():
        interval = {"ci_low": row.ci_low_db, "ci_high": row.ci_high_db}
        source = {"survey": row.survey, "profile": row.profile}
        found[f"table2_{row.method}_{row.split}"] = {"regenerated": row.psnr_db} | interval | source
    return found
