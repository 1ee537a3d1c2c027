"""The tables of a run: averages of its scores, the comparison with the report, the claims and the findings."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from hdrkit.ablations import analysis
from hdrkit.core.errors import HdrkitError
from hdrkit.reproduction import averages, claims
from hdrkit.reproduction.comparison import comparison
from hdrkit.reproduction.sources import Run
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


def write(out: str | Path, facts: Mapping, resamples: int, seed: int) -> None:
    """Write the tables that follow from what a run's notebooks left in `out`.

    `facts` is what run.json holds; `facts["survey"]` names the survey.
    """
    scores = read_scores(out)
    write_table(out, "table2", pd.concat([averages.table2(scores, resamples, seed), of_study()]))
    write_table(out, "by_ev", averages.by_ev(scores, resamples, seed))
    write_table(out, "by_region", averages.by_region(scores, resamples, seed))
    run = Run(read_tables(out), read_numbers(out), facts)
    write_table(out, "comparison", comparison(run))
    write_table(out, "claims", claims.ledger(run))
    write_table(out, "findings", claims.findings(run))
