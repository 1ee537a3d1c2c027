"""The tables of a run, the comparison with the report, and the page that opens with it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from hdrkit.ablations import analysis
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA, written_whole
from hdrkit.reproduction import claims, report_page
from hdrkit.reproduction.averages import by_ev, by_region, table2
from hdrkit.reproduction.sources import Run, explained, read_sources
from hdrkit.reproduction.store import INTERVAL, TABLES, read_numbers, read_scores, read_tables, write_table

# Networks of the study `systems`, which trains them on equal terms; the profile `quick` has no time for all of them.
SYSTEMS = {"report_net": "published", "expandnet": "expandnet", "hdrcnn": "hdrcnn"}


def of_study(folder: str | Path = analysis.KEPT) -> pd.DataFrame:
    """Return rows of Table 2 from the kept study `systems`, marked as of the study; none where it is not finished.

    Networks that the study trained alike, with far less effort than the run trained its own. Intervals over seeds
    and scenes.
    """
    try:
        table, facts = analysis.read("systems", folder)
    except HdrkitError:
        return pd.DataFrame(columns=TABLES["table2"])
    rows = []
    for setting, method in SYSTEMS.items():
        key = {"method": method, "frames": "libraw_default", "arithmetic": "correct", "split": "test"}
        psnr = dict(zip(INTERVAL, analysis.mean(table, setting, "psnr_db"), strict=True))
        rows.append(analysis.made_with(facts) | key | psnr | {"ssim": analysis.mean(table, setting, "ssim")[0]})
    return pd.DataFrame(rows).reindex(columns=TABLES["table2"]).round(3)


def comparison(run: Run) -> pd.DataFrame:
    """Return each number of the report beside the regenerated one, with interval, survey, profile and explanation.

    A number that this run did not make stays in the list, with NaN.
    """
    found, sources, rows = _regenerated(run.tables, run.numbers), read_sources(), []
    for row in pd.read_csv(DATA / "reported" / "numbers.csv", keep_default_na=False).to_dict("records"):
        made = {"regenerated": np.nan} | found.get(row.pop("id"), {})
        rows.append(row | made | {"explanation": explained(row["explanation"], sources, run)})
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
    run = Run(read_tables(out / "tables"), read_numbers(out), facts)
    write_table(out, "comparison", comparison(run))
    write_table(out, "claims", claims.ledger(run))
    write_table(out, "findings", claims.findings(run))
    with written_whole(out / "report.html") as path:
        path.write_text(report_page.html(out, read_tables(out / "tables"), facts), encoding="utf-8")
    return out / "report.html"
