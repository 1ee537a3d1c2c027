"""What students get, and what becomes of it when the course changes."""

import json

import nbformat
import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.jupyter.copies import RECORD, hand_out

NAME = "05_model.ipynb"


def write(path, *sources, output=None):
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    if output:
        node.cells[0].update(execution_count=1, outputs=[nbformat.v4.new_output("stream", text=output)])
    nbformat.write(node, path)


def sources(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


@pytest.fixture
def course(tmp_path):
    """Version 1 of the course: two notebooks."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write(folder / NAME, "version 1")
    write(folder / "06_training.ipynb", "train")
    return folder


@pytest.fixture
def work(course):
    """The student's folder, into which version 1 was handed out."""
    folder = course.parent / "work"
    assert hand_out(course, folder) == []
    return folder


def names(work):
    return sorted(path.name for path in work.glob("*.ipynb"))


def test_all_notebooks_are_handed_out_but_no_copies_beside_them(course):
    write(course / "05_model-Copy1.ipynb", "a copy")
    assert hand_out(course, course.parent / "new") == []
    assert names(course.parent / "new") == [NAME, "06_training.ipynb"]
    assert (course.parent / "new" / NAME).read_bytes() == (course / NAME).read_bytes()


def test_one_that_the_student_has_run_is_renewed(course, work):
    write(work / NAME, "version 1", output="what it printed")
    write(course / NAME, "version 2")
    assert hand_out(course, work) == []
    assert sources(work / NAME) == ["version 2"] and names(work) == [NAME, "06_training.ipynb"]


def test_outputs_stay_while_the_course_stays(course, work):
    write(work / NAME, "version 1", output="what it printed")
    before = (work / NAME).read_bytes()
    assert hand_out(course, work) == []
    assert (work / NAME).read_bytes() == before


def test_one_that_the_student_has_changed_stays_and_the_new_one_is_put_beside_it_once(course, work):
    write(work / NAME, "version 1", "hers")
    assert hand_out(course, work) == [] and names(work) == [NAME, "06_training.ipynb"]

    write(course / NAME, "version 2")
    (line,) = hand_out(course, work)
    assert NAME in line and "05_model-updated.ipynb" in line
    assert sources(work / NAME) == ["version 1", "hers"]
    assert sources(work / "05_model-updated.ipynb") == ["version 2"]

    (work / "05_model-updated.ipynb").unlink()  # she has seen it
    assert hand_out(course, work) == [] and names(work) == [NAME, "06_training.ipynb"]


def test_the_next_version_replaces_the_one_beside_unless_she_writes_there(course, work):
    write(work / NAME, "hers")
    for version in ("version 2", "version 3"):
        write(course / NAME, version)
        hand_out(course, work)
    assert sources(work / "05_model-updated.ipynb") == ["version 3"]

    write(work / "05_model-updated.ipynb", "version 3", "hers, too")
    write(course / NAME, "version 4")
    (line,) = hand_out(course, work)
    assert "05_model-updated-2.ipynb" in line
    assert sources(work / "05_model-updated.ipynb") == ["version 3", "hers, too"]
    assert sources(work / "05_model-updated-2.ipynb") == ["version 4"]


def test_a_student_who_takes_the_new_version_is_kept_up_to_date(course, work):
    write(work / NAME, "hers")
    write(course / NAME, "version 2")
    hand_out(course, work)
    (work / "05_model-updated.ipynb").replace(work / NAME)
    write(course / NAME, "version 3")
    assert hand_out(course, work) == []
    assert sources(work / NAME) == ["version 3"]


def test_one_that_the_student_has_deleted_is_handed_out_again(course, work):
    (work / NAME).unlink()
    assert hand_out(course, work) == []
    assert sources(work / NAME) == ["version 1"]


@pytest.mark.parametrize("record", ["{", "[1]", "", '{"05_model.ipynb": 7}', None, "\x80"])
def test_with_a_damaged_record_no_work_is_lost(course, work, record):
    write(work / NAME, "version 1", "hers")
    if record is None:
        (work / RECORD).unlink()
    else:
        (work / RECORD).write_bytes(record.encode("latin-1"))
    (line,) = hand_out(course, work)
    assert "05_model-updated.ipynb" in line
    assert sources(work / NAME) == ["version 1", "hers"]
    assert set(json.loads((work / RECORD).read_text(encoding="utf-8"))) == {NAME, "06_training.ipynb"}
    assert hand_out(course, work) == []


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"cells": [1]}'])
def test_a_notebook_that_is_none_any_more_counts_as_changed(course, work, content):
    (work / NAME).write_bytes(content)
    write(course / NAME, "version 2")
    assert len(hand_out(course, work)) == 1
    assert (work / NAME).read_bytes() == content


def test_without_notebooks_it_says_where_they_come_from(tmp_path):
    with pytest.raises(HdrkitError, match="no notebooks there; clone the repository"):
        hand_out(tmp_path, tmp_path / "work")
