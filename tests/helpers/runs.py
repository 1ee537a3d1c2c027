"""A run in small, as its notebooks leave it."""

from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from hdrkit.core.files import write_json
from hdrkit.core.vocabulary import FRAMES
from hdrkit.jupyter.course import course_notebooks, neighbours, title
from hdrkit.jupyter.glossary import write_glossary
from hdrkit.jupyter.page import to_html
from hdrkit.reproduction import all_tables, report_page, store
from hdrkit.widgets import compare, standalone

FACTS = {
    "profile": "tiny",
    "survey": "embedded",
    "parameters": {"seed": 1, "name": "<script>alert(1)</script>"},
    "git": {"commit": "abc", "dirty": True},
    "versions": {"python": "3.11"},
    "machine": {"system": "Linux", "processor": "x", "cores": 2, "memory_gb": 8, "cpu_flags": []},
    "sha256": {"survey": "0" * 64},
    "vgg16_weights": None,
    "seconds": {"survey": 1.5},
    "peak_memory_mb": 900,
}


def write_results(out: Path) -> None:
    """Write scores of one method, one number, and one figure with its caption."""
    rows = np.arange(6)
    frame = pd.DataFrame({"scene": rows, "place": rows, "psnr_db": 10.0 + rows, "ssim": 0.5, "ev": rows - 2, "crop": 0})
    keys = {"survey": FACTS["survey"], "profile": FACTS["profile"], "method": "input", "frames": next(iter(FRAMES))}
    store.write_scores(out, "04_input", frame.assign(**keys, arithmetic="correct", split="test"))
    store.write_numbers(out, "05_model", {"parameters_total": 22467992, "gain_over_input_db": [3, 2.12345, 4]})
    (out / "figures").mkdir(parents=True)
    Image.new("RGB", (3000, 300), "teal").save(out / "figures" / "01_figure_1.png", dpi=(150, 150))
    caption = 'Errors < 1 px & "more". With `code`, and <script>alert(2)</script>.'
    (out / "figures" / "01_figure_1.txt").write_text(caption + "\n", encoding="utf-8")


def write_pages(out: Path) -> None:
    """Write the glossary, and a notebook for each of the course as if it had been executed, with its page."""
    (out / "notebooks").mkdir(parents=True, exist_ok=True)
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    drawn = [new_output("display_data", {"image/png": png}), new_output("display_data", {"text/markdown": "*A dot.*"})]
    wide = pd.DataFrame([range(60)]).to_html()
    write_glossary(out / "notebooks")
    for source, around in neighbours(course_notebooks()).items():
        cells = [
            new_markdown_cell(f"# {title(source)}\n\n[Glossary](../docs/glossary.md)"),
            new_code_cell("seed = 1  # declared", metadata={"tags": ["parameters"]}),
            new_code_cell("seed = 2", metadata={"tags": ["injected-parameters"]}),
            new_code_cell("draw(" + "1234, " * 60 + ")", outputs=drawn),
            new_code_cell("table", outputs=[new_output("display_data", {"text/html": wide})]),
        ]
        notebook = out / "notebooks" / source.name
        nbformat.write(new_notebook(cells=cells), notebook)
        to_html(notebook, notebook.with_suffix(".html"), around)


def write_run(out: Path) -> Path:
    """Write results, notebooks and their pages, tables, run.json and the report, whose path is returned."""
    write_results(out)
    write_pages(out)
    write_light_table(out)
    write_json(out / "run.json", FACTS)
    return write_report(out)


def write_light_table(out: Path) -> None:
    """Write the light table that notebook 11 leaves, of two grey pictures."""
    pictures = {name: np.full((20, 30, 3), level, np.uint8) for name, level in (("frame", 20), ("<render>", 120))}
    standalone.keep(compare(pictures), out, report_page.LIGHT_TABLE.removesuffix(".html"))


def write_report(out: Path) -> Path:
    """Write the tables and the report of a run's folder, and return the report's path."""
    all_tables.write(out, FACTS, 100, 1)
    return report_page.write(out, FACTS)


def scores(psnr, method="published", arithmetic="correct", **columns):
    """Scores of six scenes of two exposures each, all in the test split."""
    psnr = np.broadcast_to(psnr, 12)
    frame = pd.DataFrame({"psnr_db": psnr, "scene": np.arange(12) // 2, "ev": np.tile([-1, 1], 6), "ssim": 0.5})
    frame = frame.assign(survey="embedded", profile="tiny", method=method, arithmetic=arithmetic, split="test")
    frame["frames"] = "libraw_default" if method == "published" or "wrap" in arithmetic else "radiometric"
    return frame.assign(place=frame["scene"], crop=0, **columns)


def table1():
    """Table 1 of the Fairchild survey, as the report has it."""
    reported = {"train": (82, 737, 10318), "dev": (10, 90, 1260), "test": (10, 90, 1260)}
    rows = [("fairchild", split, *counts, counts[2]) for split, counts in reported.items()]
    return pd.DataFrame(rows, columns=store.TABLES["table1"])
