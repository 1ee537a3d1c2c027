import re

import keep_results
import pandas as pd
import pytest

from hdrkit.core.files import DATA
from hdrkit.jupyter.course import course_notebooks
from hdrkit.reproduction import store

TEXT = keep_results.README.read_text(encoding="utf-8")
PAGE = keep_results.RESULTS_PAGE.read_text(encoding="utf-8")
CARD = keep_results.MODEL_CARD.read_text(encoding="utf-8")


def test_tables_are_the_generated_ones():
    for text in (TEXT, PAGE, CARD):
        assert keep_results.with_tables(text, keep_results.KEPT) == text, "run tools/keep_results.py build/quick"


def test_every_section_of_results_is_there():
    assert re.findall(r"<!-- results: (\w+) -->", TEXT + PAGE + CARD) == list(keep_results.SECTIONS)


@pytest.mark.parametrize("path", course_notebooks(), ids=lambda path: path.stem)
def test_every_notebook_is_listed(path):
    assert f"[{path.stem}](notebooks/{path.name})" in TEXT


def test_the_pictures_of_the_first_page_are_there():
    """Sphinx and the test of links look at those in Markdown only."""
    named = re.findall(r' (?:src|srcset)="([^"]+)"', TEXT)
    assert named and [name for name in named if not (DATA.parent / name).is_file()] == []


def test_changed_results_change_the_text(tmp_path):
    score = ["embedded", "quick", "published", "correct", "test", 16.343, 15.9, 16.8, 0.5, None, "libraw_default"]
    pd.DataFrame([score], columns=store.TABLES["table2"]).to_csv(tmp_path / "table2.csv", index=False)
    number = ["Table 2", "Network, test set", "dB", 15.05, 16.343, 15.9, 16.8, "embedded", "quick", "Why|not."]
    pd.DataFrame([number], columns=store.TABLES["comparison"]).to_csv(tmp_path / "comparison.csv", index=False)
    text = keep_results.with_tables(PAGE, tmp_path)
    assert "| the report's network, as published | LibRaw's defaults | correct |  |  | 16.34 | 0.500 | quick |" in text
    assert "| Network, test set | 15.05 dB | 16.34 dB (15.90 to 16.80) | embedded | Why\\|not. |" in text
    assert keep_results.with_tables(text, tmp_path) == text
    first = keep_results.with_tables(TEXT, tmp_path).replace(keep_results.NO_BREAK, " ")
    assert "| test frames, dB; profile quick, survey embedded |" in first
    assert "| the report's network, as published |  |  | 16.34 (15.90 to 16.80) |" in first
