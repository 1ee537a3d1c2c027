import matplotlib.pyplot as plt
import pytest

from hdrkit.jupyter.course import cells_of, course_notebooks
from hdrkit.reproduction import reported_figures

TABLE = reported_figures.read()


def test_each_of_the_reports_figures_has_a_counterpart_that_is_named_after_it():
    assert list(TABLE.index) == list(range(1, 10))
    assert [name.split("_")[1:] for name in TABLE.figure] == [["figure", str(number)] for number in TABLE.index]


@pytest.mark.parametrize("number", TABLE.index)
def test_a_figure_is_drawn_by_the_notebook_that_its_name_begins_with(number):
    call = f"out, {number}, "
    drawn_by = [
        path.name.partition("_")[0]
        for path in course_notebooks()
        for kind, source in cells_of(path)
        if kind == "code" and "reported_figures.save(" in source and call in source
    ]
    assert drawn_by == [TABLE.figure[number].partition("_")[0]]


def test_what_is_the_same_and_what_is_not_stands_below_the_caption(tmp_path):
    reported_figures.save(plt.figure(), tmp_path, 6, "Four pictures.")
    caption = (tmp_path / "figures" / "08_figure_6.txt").read_text(encoding="utf-8")
    row = TABLE.loc[6]
    assert caption == (
        f"Four pictures. The same as in the report's figure 6: {row.same}. Not the same: {row.different}.\n"
    )
