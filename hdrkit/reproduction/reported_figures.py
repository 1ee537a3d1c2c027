"""The report's nine figures and their counterparts in a run: data/reported/figures.csv, one row per figure.

`figure` is the name of the counterpart: the number of the notebook that draws it, and that of the report's figure.
`shows` says what the report's figure shows, `same` what its counterpart has in common with it, `different` what not.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hdrkit.core.files import DATA

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLE = DATA / "reported" / "figures.csv"


def read() -> pd.DataFrame:
    """Return the table, all text, by the report's numbers from 1 to 9."""
    return pd.read_csv(TABLE, dtype={"number": int}, index_col="number")


def display_table() -> pd.DataFrame:
    """Return the table as readers see it, one row per figure; the column `here` has the counterpart's name."""
    table = read().reset_index()
    headings = {"shows": "in the report", "figure": "here", "same": "the same", "different": "not the same"}
    return table.assign(number=table["number"].map("Figure {}".format)).rename(columns={"number": "figure"} | headings)


def save(figure: "Figure", out: str | Path, number: int, caption: str) -> None:
    """Save the counterpart of one of the report's figures as `figures.save` does.

    Below the caption stands what it has in common with the report's figure, and what not.
    """
    from hdrkit.display import figures  # heavy; the report page reads the table only

    row = read().loc[number]
    beside = f"The same as in the report's figure {number}: {row.same}. Not the same: {row.different}."
    figures.save(figure, out, row.figure, f"{caption} {beside}")
