"""The results in README.md and in the model card, generated from the tables of a run that results/ keeps."""

import argparse
import re
import shutil
from pathlib import Path

import pandas as pd
from PIL import Image

from hdrkit.ablations import analysis
from hdrkit.core.files import DATA, RESULTS, written_whole
from hdrkit.core.vocabulary import ARITHMETICS, FRAMES, METHODS, REGISTRATIONS, SPLITS
from hdrkit.display.notation import bounds, bounds_of_difference, ev, markdown, number, quantity, signed
from hdrkit.enhancement.api import WEIGHTS
from hdrkit.reproduction.store import TABLES, read_tables

README = DATA.parent / "README.md"
PICTURE, PICTURE_WIDTH = DATA.parent / "docs" / "figure_8.jpg", 1100  # pixels
MODEL_CARD = WEIGHTS.with_name("MODEL_CARD.md")
KEPT = RESULTS / "quick"
NONE = float("nan")
SECTION = re.compile(r"(<!-- results: (\w+) -->\n).*?(<!-- end -->)", re.S)


def with_tables(text: str, results: Path) -> str:
    """Return a text with the part between each pair of markers made anew from the tables in `results`."""
    tables = read_tables(results)
    return SECTION.sub(lambda found: f"{found[1]}\n{_section(found[2], tables)}\n{found[3]}", text)


def _section(name: str, tables: dict[str, pd.DataFrame]) -> str:
    needed = "table2" if name == "own_network" else name
    return "Not run yet.\n" if tables[needed].empty else SECTIONS[name](tables)


def _comparison(tables: dict[str, pd.DataFrame]) -> str:
    table = tables["comparison"].fillna({"unit": "", "survey": ""})
    shown = pd.DataFrame(
        {
            "": table["quantity"],
            "report": [f"{quantity(row.reported)} {row.unit}".strip() for row in table.itertuples()],
            "regenerated": [_with_interval(row) for row in table.itertuples()],
            "survey": table["survey"],
            "what explains the difference": table["explanation"],
        }
    )
    return markdown(shown)


def _with_interval(row) -> str:
    if pd.isna(row.regenerated):
        return "not in this run"
    interval = bounds(row.ci_low, row.ci_high)
    return f"{quantity(row.regenerated)} {row.unit}".strip() + (f" ({interval})" if interval else "")


def _table2(tables: dict[str, pd.DataFrame]) -> str:
    table = tables["table2"].set_index(["method", "frames", "arithmetic", "profile", "split"])
    psnr, ssim = table["psnr_db"].to_dict(), table["ssim"].to_dict()
    rows = []
    for key in table.index.droplevel("split").unique():
        method, frames, arithmetic, profile = key
        row = {"method": METHODS[method], "frames": FRAMES[frames], "arithmetic": ARITHMETICS[arithmetic]}
        row |= {f"{split}, dB": number(psnr.get((*key, split), NONE)) for split in SPLITS}
        rows.append(row | {"test, SSIM": number(ssim.get((*key, "test"), NONE), 3), "made with": profile})
    return f"{markdown(pd.DataFrame(rows))}\n{analysis.how_made('systems')}\n"


def _findings(tables: dict[str, pd.DataFrame]) -> str:
    rows = []
    for row in tables["findings"].fillna({"unit": ""}).itertuples():
        interval = bounds_of_difference(row.ci_low, row.ci_high)
        difference = f"{signed(row.difference, 2)} {row.unit}".strip() if pd.notna(row.difference) else "not yet"
        difference += f" ({interval})" if interval else ""
        numbers = {"as published": quantity(row.published), "repaired": quantity(row.repaired)}
        words = {"difference": difference, "what the numbers are": row.explanation, "made with": row.profile}
        rows.append({"": str(row.number), "finding": row.finding} | numbers | words)
    return markdown(pd.DataFrame(rows))


def _registration(tables: dict[str, pd.DataFrame]) -> str:
    found = tables["registration"].set_index(["method", "ev"])
    rows = []
    for at in sorted(found.index.unique("ev")):
        row = {"exposure": ev(at)}
        for method in found.index.unique("method"):
            scored = found.loc[(method, at)].to_dict() if (method, at) in found.index else {}
            name = REGISTRATIONS[method]
            row[f"{name}: median, px"] = number(scored.get("median_px", NONE))
            row[f"{name}: 95th percentile, px"] = number(scored.get("p95_px", NONE))
            row[f"{name}: failed"] = "{failed_frames:.0f} of {frames:.0f}".format_map(scored) if scored else ""
        rows.append(row)
    return markdown(pd.DataFrame(rows))


def _own_network(tables: dict[str, pd.DataFrame]) -> str:
    by_split = tables["table2"].query("method == 'hdrkit'")
    by_ev = tables["by_ev"].query("method == 'hdrkit' and split == 'test'")
    rows = {}
    for row in [*by_split.itertuples(), *by_ev.itertuples()]:
        name = f"test, {ev(row.ev)}" if hasattr(row, "ev") else row.split
        score = f"{number(row.psnr_db)} ({bounds(row.ci_low_db, row.ci_high_db)})"
        rows.setdefault(name, {"scenes": name})[f"{FRAMES[row.frames]}: PSNR, dB"] = score
    return markdown(pd.DataFrame(rows.values()).fillna(""))


SECTIONS = {
    "comparison": _comparison,
    "table2": _table2,
    "findings": _findings,
    "registration": _registration,
    "own_network": _own_network,
}


def _keep_picture(figure: Path) -> None:
    """Show the run's own figure 8 on top of README.md."""
    picture = Image.open(figure).convert("RGB")
    picture.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH))
    with written_whole(PICTURE) as path:
        picture.save(path, quality=90)


def main() -> None:
    """Keep a run's tables in results/ and write them into README.md and the model card."""
    parser = argparse.ArgumentParser(prog="tools/keep_results.py", description=main.__doc__)
    parser.add_argument("out", type=Path, help="the run's folder, build/quick")
    out = parser.parse_args().out
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        if (out / "tables" / f"{name}.csv").is_file():
            shutil.copy(out / "tables" / f"{name}.csv", KEPT)
    _keep_picture(out / "figures" / "07_figure_8.png")
    for text in (README, MODEL_CARD):
        with written_whole(text) as path:
            path.write_text(with_tables(text.read_text(encoding="utf-8"), KEPT), encoding="utf-8")


if __name__ == "__main__":
    main()
