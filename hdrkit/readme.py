"""The result tables of README.md, generated from the tables of a run that data/results/ keeps."""

import argparse
import re
import shutil
from pathlib import Path

import pandas as pd

from hdrkit.files import DATA, written_whole
from hdrkit.results import METHODS, SPLITS, TABLES, markdown, read_tables, readable

README = DATA.parent / "README.md"
RESULTS = DATA / "results" / "quick"
SECTION = re.compile(r"(<!-- results: (\w+) -->\n).*?(<!-- end -->)", re.S)


def with_tables(text: str, results: Path) -> str:
    """Return README's text with the part between each pair of markers made anew from the tables in `results`."""
    tables = read_tables(results)
    return SECTION.sub(lambda found: f"{found[1]}\n{_section(found[2], tables)}\n{found[3]}", text)


def _section(name: str, tables: dict[str, pd.DataFrame]) -> str:
    return "Not run yet.\n" if tables[name].empty else SECTIONS[name](tables)


def _comparison(tables: dict[str, pd.DataFrame]) -> str:
    table = tables["comparison"].fillna({"survey": ""})
    shown = pd.DataFrame(
        {
            "": table["quantity"],
            "report": [readable(value) for value in table["reported"]],
            "regenerated": [_with_interval(row) for row in table.itertuples()],
            "survey": table["survey"],
            "what explains the difference": table["explanation"],
        }
    )
    return markdown(shown)


def _with_interval(row) -> str:
    interval = f" ({row.ci_low:.2f} to {row.ci_high:.2f})" if pd.notna(row.ci_low) else ""
    return readable(row.regenerated) + interval if pd.notna(row.regenerated) else "-"


def _table2(tables: dict[str, pd.DataFrame]) -> str:
    table = tables["table2"].assign(psnr_db=lambda t: t["psnr_db"].map("{:.2f}".format))
    keys = ["method", "arithmetic"]
    wide = table.pivot(index=keys, columns="split", values="psnr_db").reindex(columns=SPLITS)
    ssim = table[table["split"] == "test"].set_index(keys)["ssim"]
    wide = wide.reindex(table[keys].drop_duplicates().itertuples(index=False, name=None)).reset_index()
    wide["ssim, test"] = [f"{ssim.get(key):.3f}" for key in wide[keys].itertuples(index=False, name=None)]
    wide["method"] = wide["method"].map(METHODS)
    return markdown(wide.rename(columns={split: f"{split}, dB" for split in SPLITS}))


def _registration(tables: dict[str, pd.DataFrame]) -> str:
    return markdown(tables["registration"].drop(columns="survey"))


SECTIONS = {"comparison": _comparison, "table2": _table2, "registration": _registration}


def main() -> None:
    """Keep a run's tables in data/results/ and write them into README.md."""
    parser = argparse.ArgumentParser(prog="python -m hdrkit.readme", description=main.__doc__)
    parser.add_argument("out", type=Path, help="the run's folder, build/quick")
    out = parser.parse_args().out
    RESULTS.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        if (out / "tables" / f"{name}.csv").is_file():
            shutil.copy(out / "tables" / f"{name}.csv", RESULTS)
    with written_whole(README) as path:
        path.write_text(with_tables(README.read_text(encoding="utf-8"), RESULTS), encoding="utf-8")


if __name__ == "__main__":
    main()
