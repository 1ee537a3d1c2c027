"""The results in README.md, docs/results.md and the model card, generated from the tables of a run that is kept."""

import argparse
import shutil
from pathlib import Path

import pandas as pd
from marked_parts import renewed
from PIL import Image

from hdrkit.ablations import analysis
from hdrkit.core.files import DATA, RESULTS, written_whole
from hdrkit.core.vocabulary import ARITHMETICS, METHODS, SPLITS
from hdrkit.enhancement.api import WEIGHTS
from hdrkit.jupyter.course import course_notebooks
from hdrkit.reproduction import reported_figures
from hdrkit.reproduction.run_tables import INTERVAL, display_table, markdown
from hdrkit.reproduction.store import TABLES, tables_in

README = DATA.parent / "README.md"
RESULTS_PAGE = DATA.parent / "docs" / "results.md"
PICTURE, PICTURE_WIDTH = DATA.parent / "docs" / "figure_8.jpg", 1100  # pixels
MODEL_CARD = WEIGHTS.with_name("MODEL_CARD.md")
KEPT = RESULTS / "quick"
# The rows of README, all of one task: the test frames as LibRaw decodes them, which the report's network was given.
FIRST_ROWS = ("debevec_reinhard", "published", "best_constant", "best_gamma", "hdrkit")
NO_BREAK = "\u00a0"
SOURCES = {"summary": "table2", "own_network": "table2"}  # the tables of sections that are not named after theirs


def with_tables(text: str, results: Path) -> str:
    """Return a text with the part between each pair of markers made anew from the tables in `results`."""
    tables = tables_in(results) | {"figures": reported_figures.display_table()}
    return renewed(text, "results", lambda name: _section(name, tables))


def _section(name: str, tables: dict[str, pd.DataFrame]) -> str:
    return "Not run yet.\n" if tables[SOURCES.get(name, name)].empty else SECTIONS[name](tables)


def _summary(tables: dict[str, pd.DataFrame]) -> str:
    """Return one row per method, with its PSNR in the report, as the report computed it, and correctly."""
    scored = tables["table2"].query("split == 'test' and frames == 'libraw_default' and profile == 'quick'")
    shown = display_table("table2", scored)
    shown["PSNR"] = _with_interval(shown, "PSNR, dB")
    rows = []
    for method in (METHODS[key] for key in FIRST_ROWS):
        of_method = shown[shown["method"] == method]
        correct = of_method[of_method["arithmetic of PSNR"] == ARITHMETICS["correct"]]
        theirs = of_method[of_method["PSNR in the report, dB"] != ""]  # the arithmetic that the report's number has
        rows.append(
            {
                "": method,
                "the report": _first(theirs["PSNR in the report, dB"]),
                "hdrkit, the report's arithmetic": _first(theirs["PSNR"]),
                "hdrkit, correct arithmetic": _first(correct["PSNR"]),
            }
        )
    made_with = _first("profile " + shown["made with"] + ", survey " + shown["survey"])
    one_line = pd.DataFrame(rows).map(lambda text: text.replace(" ", NO_BREAK))
    return markdown(one_line.rename(columns={"": f"test frames, dB; {made_with}"}))


def _first(texts: pd.Series) -> str:
    return next(iter(texts), "")


def _comparison(tables: dict[str, pd.DataFrame]) -> str:
    shown = display_table("comparison", tables["comparison"])
    shown["regenerated"] = _with_interval(shown, "regenerated")
    columns = ["what", "report", "regenerated", "survey", "what explains the difference"]
    return markdown(shown[columns].rename(columns={"what": ""}))


def _with_interval(shown: pd.DataFrame, column: str) -> list[str]:
    pairs = zip(shown[column], shown[INTERVAL], strict=True)
    return [f"{value} ({interval})" if interval else value for value, interval in pairs]


def _figures(tables: dict[str, pd.DataFrame]) -> str:
    """Return the report's figures, each with a link to the notebook that draws its counterpart."""
    shown, notebooks = tables["figures"], {path.name.partition("_")[0]: path.name for path in course_notebooks()}
    shown["here"] = [f"[{name}](../notebooks/{notebooks[name.partition('_')[0]]})" for name in shown["here"]]
    return markdown(shown)


def _table2(tables: dict[str, pd.DataFrame]) -> str:
    """Return one row per method and way of scoring, with a column per split."""
    rows: dict[tuple, dict[str, str]] = {}
    for row in display_table("table2", tables["table2"]).to_dict("records"):
        key = {"method": row["method"], "frames": row["frames"], "arithmetic": row["arithmetic of PSNR"]}
        empty = dict.fromkeys([*(f"{split}, dB" for split in SPLITS), "test, SSIM"], "")
        made_with = {"made with": row["made with"]}
        scored = rows.setdefault(tuple((key | made_with).values()), key | empty | made_with)
        scored[f"{row['split']}, dB"] = row["PSNR, dB"]
        if row["split"] == "test":
            scored["test, SSIM"] = row["SSIM"]
    return f"{markdown(pd.DataFrame(rows.values()))}\n{analysis.how_made('systems')}\n"


def _findings(tables: dict[str, pd.DataFrame]) -> str:
    shown = display_table("findings", tables["findings"])
    shown["difference"] = _with_interval(shown, "difference")
    columns = ["no.", "finding", "as published", "repaired", "difference", "what the numbers are", "made with"]
    return markdown(shown[columns].rename(columns={"no.": ""}))


def _registration(tables: dict[str, pd.DataFrame]) -> str:
    """Return one row per exposure, with three columns per method."""
    rows: dict[str, dict[str, str]] = {}
    by_exposure = tables["registration"].sort_values("ev", kind="stable")
    for row in display_table("registration", by_exposure).to_dict("records"):
        measures = {
            "median, px": row["median error, px"],
            "95th percentile, px": row["95th percentile of errors, px"],
            "failed": f"{row['failed frames']} of {row['frames']}",
        }
        scored = rows.setdefault(row["exposure"], {"exposure": row["exposure"]})
        scored |= {f"{row['method']}: {measure}": value for measure, value in measures.items()}
    return markdown(pd.DataFrame(rows.values()).fillna(""))


def _own_network(tables: dict[str, pd.DataFrame]) -> str:
    by_split = display_table("table2", tables["table2"].query("method == 'hdrkit'"))
    by_ev = display_table("by_ev", tables["by_ev"].query("method == 'hdrkit' and split == 'test'"))
    rows: dict[str, dict[str, str]] = {}
    for shown, names in ((by_split, by_split["split"]), (by_ev, "test, " + by_ev["exposure"])):
        for name, frames, score in zip(names, shown["frames"], _with_interval(shown, "PSNR, dB"), strict=True):
            rows.setdefault(name, {"scenes": name})[f"{frames}: PSNR, dB"] = score
    return markdown(pd.DataFrame(rows.values()).fillna(""))


SECTIONS = {
    "summary": _summary,
    "comparison": _comparison,
    "figures": _figures,
    "table2": _table2,
    "findings": _findings,
    "registration": _registration,
    "own_network": _own_network,
}


def _keep_picture(figure: Path) -> None:
    """Show the run's own figure 8 on docs/results.md."""
    picture = Image.open(figure).convert("RGB")
    picture.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH))
    with written_whole(PICTURE) as path:
        picture.save(path, quality=90)


def main() -> None:
    """Keep a run's tables in results/ and write them into README.md, docs/results.md and the model card."""
    parser = argparse.ArgumentParser(prog="tools/keep_results.py", description=main.__doc__)
    parser.add_argument("out", type=Path, help="the run's folder, build/quick")
    out = parser.parse_args().out
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        if (out / "tables" / f"{name}.csv").is_file():
            shutil.copy(out / "tables" / f"{name}.csv", KEPT)
    _keep_picture(out / "figures" / "08_figure_8.png")
    for text in (README, RESULTS_PAGE, MODEL_CARD):
        with written_whole(text) as path:
            path.write_text(with_tables(text.read_text(encoding="utf-8"), KEPT), encoding="utf-8")


if __name__ == "__main__":
    main()
