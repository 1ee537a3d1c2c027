import nbformat
import pytest

from hdrkit.jupyter.course import course_notebooks, minutes_to_run


def test_each_notebook_says_how_long_it_runs():
    """The runner tells from it how long a run takes."""
    assert all(minutes_to_run(notebook) in range(1, 31) for notebook in course_notebooks())


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("about 1 minute to run.", 1), ("about 12 minutes to run, once", 12), ("It runs at once.", None)],
)
def test_minutes_to_run(text, minutes, tmp_path):
    path = tmp_path / "01_a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]), path)
    assert minutes_to_run(path) == minutes
