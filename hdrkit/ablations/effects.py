"""A study as readers see it: its figure, its table, and in words what a difference between two settings says."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from IPython.display import display

from hdrkit.ablations import analysis
from hdrkit.ablations.analysis import LABELS, Study
from hdrkit.core.errors import HdrkitError
from hdrkit.display import figures
from hdrkit.display.notation import signed, table

DECIMALS = {"ssim": 3, "edge_sharpness": 3, "white": 3}  # by measure; two for all others


def all_studies(folder: Path = analysis.KEPT) -> dict[str, Study]:
    """Return the studies in a folder that are finished, by name."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            found[path.stem] = Study(*analysis.read(path.stem, folder))
        except HdrkitError:
            continue  # one that is being made anew; `show` says so
    return found


def show(
    name: str, measures: Sequence[str], caption: str, out: str | Path, folder: Path = analysis.KEPT
) -> Study | None:
    """Show a kept study: measures of `analysis.LABELS` in a figure, saved with its caption, and in a table.

    Of a study that is missing or unfinished, show which command makes it, and return None.
    """
    try:
        study = Study(*analysis.read(name, folder))
    except HdrkitError as error:
        print(error)
        return None
    facts = study.facts
    made = f"{facts['seeds']} seeds, {study.steps} steps with {facts['batch']} pairs of {facts['size']} pixels each"
    labelled = study.table.assign(setting=study.table.setting.map(study.labels))
    summaries = {LABELS[measure]: analysis.summary(labelled, measure) for measure in measures}
    figures.save(figures.differences(summaries), out, f"09_{name}", f"{caption} ({made}, {facts['survey']} survey.)")
    display(table(listed(study, measures)))
    return study


def listed(study: Study, measures: Sequence[str]) -> pd.DataFrame:
    """Return the differences as text, in rows by measure and setting: mean, difference, interval, seeds, words."""
    rows = {}
    for measure in measures:
        decimals = DECIMALS.get(measure, 2)
        for setting in study.settings:
            row = {"mean": f"{study.mean(setting, measure):.{decimals}f}"}
            if setting != study.settings[0]:
                effect = study.effect(setting, measure)
                row |= {"difference (95 % interval)": effect.shown(decimals)}
                row |= {f"seed {i}": signed(value, decimals) for i, value in enumerate(effect.seeds, 1)}
                row |= {"": effect.words}
            rows[LABELS[measure], study.labels[setting]] = row
    return pd.DataFrame.from_dict(rows, orient="index").fillna("")
