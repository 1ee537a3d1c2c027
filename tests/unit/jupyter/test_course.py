import nbformat
import pytest

from hdrkit.jupyter.course import Minutes, course_notebooks, stated_minutes


def test_each_notebook_says_how_long_it_takes():
    """The runner tells from it how long a run takes, the start page how long a student needs."""
    for notebook in course_notebooks():
        minutes = stated_minutes(notebook)
        assert minutes and minutes.to_run in range(1, 31) and minutes.to_read > minutes.to_run


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("**Time:** about 40 minutes to read and try; about 1 minute to run.", Minutes(40, 1)),
        ("# Title\n\n**Time:** about 60 minutes to read and try, and about 12 minutes to run, once", Minutes(60, 12)),
        ("It runs at once.", None),
    ],
)
def test_stated_minutes(text, minutes, tmp_path):
    path = tmp_path / "01_a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]), path)
    assert stated_minutes(path) == minutes
