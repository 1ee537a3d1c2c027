"""The result tables of README.md, generated from the tables of a run that data/results/ keeps."""

import argparse
import re
import shutil
from pathlib import Path

import pandas as pd

from hdrkit.files import DATA, written_whole
from hdrkit.results import FRAMES, METHODS, SPLITS, TABLES, markdown, read_tables, readable

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
    table = tables["comparison"].fillna({"unit": "", "survey": ""})
    shown = pd.DataFrame(
        {
            "": table["quantity"],
            "report": [f"{readable(row.reported)} {row.unit}".strip() for row in table.itertuples()],
            "regenerated": [_with_interval(row) for row in table.itertuples()],
            "survey": table["survey"],
            "what explains the difference": table["explanation"],
        }
    )
    return markdown(shown)


def _with_interval(row) -> str:
    if pd.isna(row.regenerated):
        return "not in this run"
    interval = f" ({row.ci_low:.2f} to {row.ci_high:.2f})" if pd.notna(row.ci_low) else ""
    return f"{readable(row.regenerated)} {row.unit}".strip() + interval


def _table2(tables: dict[str, pd.DataFrame]) -> str:
    table = tables["table2"].set_index(["method", "frames", "arithmetic", "split"])
    psnr, ssim = table["psnr_db"].to_dict(), table["ssim"].to_dict()
    rows = []
    for key in table.index.droplevel("split").unique():
        row = {"method": METHODS[key[0]], "frames": FRAMES[key[1]], "arithmetic": key[2]}
        row |= {f"{split}, dB": _decimals(psnr.get((*key, split)), 2) for split in SPLITS}
        rows.append(row | {"test, SSIM": _decimals(ssim.get((*key, "test")), 3)})
    return markdown(pd.DataFrame(rows))


def _findings(tables: dict[str, pd.DataFrame]) -> str:
    rows = []
    for row in tables["findings"].fillna({"unit": ""}).itertuples():
        interval = f" ({row.ci_low:+.2f} to {row.ci_high:+.2f})" if pd.notna(row.ci_low) else ""
        difference = f"{row.difference:+.2f} {row.unit}".strip() + interval if pd.notna(row.difference) else "not yet"
        numbers = {"as published": readable(row.published), "repaired": readable(row.repaired)}
        words = {"difference": difference, "what the numbers are": row.explanation, "made with": row.profile}
        rows.append({"": row.number, "finding": row.finding} | numbers | words)
    return markdown(pd.DataFrame(rows))


def _registration(tables: dict[str, pd.DataFrame]) -> str:
    found = tables["registration"].set_index(["method", "ev"])
    rows = []
    for ev in sorted(found.index.unique("ev")):
        row = {"EV": f"{ev:+g}"}
        for method in found.index.unique("method"):
            scored = found.loc[(method, ev)].to_dict() if (method, ev) in found.index else {}
            row[f"{method}: median, px"] = _decimals(scored.get("median_px"), 2)
            row[f"{method}: 95th percentile, px"] = _decimals(scored.get("p95_px"), 2)
            row[f"{method}: failed"] = "{failed_frames:.0f} of {frames:.0f}".format_map(scored) if scored else ""
        rows.append(row)
    return markdown(pd.DataFrame(rows))


def _decimals(value: float | None, number: int) -> str:
    return "" if value is None or pd.isna(value) else f"{value:.{number}f}"


SECTIONS = {"comparison": _comparison, "table2": _table2, "findings": _findings, "registration": _registration}


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
