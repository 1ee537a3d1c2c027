"""The page that the lab opens on is true, and its links lead somewhere."""

import json
import re

import pytest

from hdrkit.exercises import progress
from hdrkit.jupyter import copies, expected_minutes, start_page
from hdrkit.jupyter.course import NOTEBOOKS, course_notebooks
from hdrkit.models import pretrained
from hdrkit.models.pretrained import KEPT


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Return the folder of what is generated, with a survey of two scenes."""
    monkeypatch.setattr(expected_minutes, "work", lambda: 0.1)
    monkeypatch.setenv("HDRKIT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "build" / "embedded").mkdir(parents=True)
    (tmp_path / "build" / "embedded" / "survey.csv").write_text(
        "scene,place,split\na,a,dev\nb,b,test\n", encoding="utf-8"
    )
    copies.hand_out(NOTEBOOKS, tmp_path / "work")
    return tmp_path / "build"


def page(build):
    return start_page.write(build.parent / "work", build, NOTEBOOKS).read_text(encoding="utf-8")


def row(text, name):
    (line,) = [line for line in text.splitlines() if line.startswith("|") and f"({name}.ipynb)" in line]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_each_notebook_has_its_row_in_order_and_no_cell_is_empty(build):
    text = page(build)
    names = re.findall(r"^\| \[[^]]+\]\((\w+)\.ipynb\)", text, re.M)
    assert names == [notebook.stem for notebook in course_notebooks()]
    assert all(all(row(text, name)) for name in names)
    assert "$" not in text


def test_every_link_leads_to_a_file(build):
    (build / "lab.log").touch()
    (build / "quick").mkdir()
    (build / "quick" / "report.html").touch()
    links = re.findall(r"\]\(([^)]+)\)", page(build))
    assert [link for link in links if not (build.parent / "work" / link).is_file()] == []
    assert {"glossary.md", "instructor.md", "report.html", "lab.log"} <= {link.rpartition("/")[2] for link in links}


def test_what_she_has_run_and_solved_is_counted(build):
    copy = build.parent / "work" / "01_data_survey.ipynb"
    before = row(page(build), "01_data_survey")[-2:]
    notebook = json.loads(copy.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code[0]["execution_count"], code[3]["execution_count"] = 1, 2
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    tried = {
        "01.1": {"tries": 2, "right": True},
        "01.2": {"tries": 5, "right": False},
        "02.1": {"tries": 1, "right": True},
    }
    (copy.parent / progress.FILE).write_text(json.dumps(tried), encoding="utf-8")
    after = row(page(build), "01_data_survey")[-2:]
    assert before == [f"0\xa0of\xa0{len(code)}", "0\xa0of\xa08"]
    assert after == [f"2\xa0of\xa0{len(code)}", "1\xa0of\xa08"]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"cells": [1]}', b"\xff"])
def test_a_copy_that_is_no_notebook_any_more_is_hers(build, content):
    (build.parent / "work" / "02_registration.ipynb").write_bytes(content)
    assert row(page(build), "02_registration")[-2:] == ["", "0\xa0of\xa08"]


def test_it_tells_what_is_here(build):
    def here():
        return page(build).partition("## What is here already")[2].partition("##")[0]

    before = here()
    assert "2 scenes" in before and before.count("not trained yet") == before.count("not made yet") == 1
    for path in (
        build / "quick/training/published/model.keras",
        build / "quick/report.html",
        pretrained.cache() / KEPT,
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert "yet" in before and "yet" not in here()
