"""Figures are saved with their captions; the diagram shows every layer and skip of the model."""

from collections import Counter
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from hdrkit.core import references
from hdrkit.display import figures, network_diagram
from hdrkit.models import report_net


@pytest.fixture(autouse=True)
def close_figures():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_a_figure_and_its_caption_are_saved(tmp_path):
    figure = figures.picture_grid([np.zeros((4, 6, 3))] * 4, ["a", "b", "c", "d"], columns=3)
    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "c", "d", "", ""]
    figures.save(figure, tmp_path, "01_grid", "What\n   to see.")
    assert (tmp_path / "figures" / "01_grid.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "figures" / "01_grid.txt").read_text(encoding="utf-8") == "What to see.\n"


def test_a_large_picture_is_averaged_before_it_is_drawn():
    stripes = np.tile([0.0, 1.0], (500, 1280))  # of one pixel: sampling would draw all black or all white
    (drawn,) = figures.picture_grid([stripes]).axes[0].images
    assert drawn.get_array().shape == (250, 1280) and np.allclose(drawn.get_array(), 0.5)


def test_a_caption_says_that_references_were_made(tmp_path):
    references.keep(tmp_path, "mine", made=3, scenes=3)
    figures.save(figures.picture_grid([np.zeros((4, 6, 3))]), tmp_path, "01_grid", "What to see.")
    caption = (tmp_path / "figures" / "01_grid.txt").read_text(encoding="utf-8")
    assert caption == f"What to see. {references.note(tmp_path)}\n"


def test_a_checkerboard_takes_half_of_either_picture():
    mixed = figures.checkerboard(np.zeros((12, 18, 3)), np.ones((12, 18, 3)))
    assert mixed.mean() == 0.5
    np.testing.assert_array_equal(mixed[:3, :3, 0], [[0, 0, 1], [0, 0, 1], [1, 1, 0]])


def test_the_window_of_lines_holds_the_stripes_and_not_the_stronger_noise():
    picture = np.full((140, 210, 3), 128, np.uint8)
    picture[:60, :90] = np.random.default_rng(0).integers(0, 256, (60, 90, 1))
    picture[70:130, 100:190] += (np.arange(60) // 6 % 2 * 60).astype(np.uint8)[:, None, None]
    strength, (rows, columns) = figures.window_of_lines(picture)
    assert (rows.stop - rows.start, columns.stop - columns.start) == (60, 90)
    assert abs(rows.start - 70) < 8 and abs(columns.start - 100) < 8
    assert strength > 5 * figures.window_of_lines(picture[:60, :90])[0]


def test_the_diagram_has_a_box_for_each_layer_and_pooling_and_an_arc_for_each_skip():
    model = report_net.build(32, weights=None, width=1 / 16)
    (axis,) = network_diagram.draw(model).axes
    colours = Counter(to_hex(patch.get_facecolor()).upper() for patch in axis.patches)
    boxes = {figures.SKY: 8, figures.BLUE: 5, to_hex("0.6"): 5, figures.ORANGE: 13}  # VGG-16 has 13 convolutions
    assert colours == boxes
    arcs = [text for text in axis.texts if getattr(text, "arrow_patch", None)]
    assert len(arcs) == 6


def test_the_diagram_says_what_figure_2_of_the_report_says():
    model = report_net.build(32, weights=None, width=1 / 16, design=report_net.Design(leaky_slope=0.3))
    title = network_diagram.draw(model).axes[0].get_title()
    assert f"{model.count_params():,} parameters" in title and title.endswith("slope 0.3")


def test_intervals_of_differences_lie_along_their_axis():
    table = pd.DataFrame({"setting": ["first", "other"], "mean": [15.0, 16.0], "difference": [0.0, 1.0]})
    table = table.assign(ci_low=[0.0, 0.5], ci_high=[0.0, 2.0])
    (axis,) = figures.differences({"PSNR (dB)": table}).axes
    (bar,) = axis.containers
    (segment,) = bar.lines[2][0].get_segments()
    np.testing.assert_allclose(segment, [[0.5, 0], [2, 0]])
    assert [label.get_text() for label in axis.get_yticklabels()] == ["first", "other"]


def test_small_differences_have_labels_that_can_be_read_and_markers_that_are_whole():
    figures.use_style()
    table = pd.DataFrame({"setting": list("abc"), "mean": 0.646, "difference": [0.0, -0.0002, -0.0086]})
    table = table.assign(ci_low=[0.0, -0.0013, -0.0117], ci_high=[0.0, 0.0007, -0.0061])
    figure = figures.differences({"PSNR": table, "SSIM": table, "sharpness": table})
    figure.canvas.draw()
    for axis in figure.axes:
        seen = [
            label.get_window_extent()
            for label in axis.get_xticklabels()
            if axis.viewLim.containsx(label.get_position()[0])
        ]
        assert len(seen) > 1 and all(left.x1 < right.x0 for left, right in pairwise(seen))
        assert axis.get_ylim() == (-0.5, 2.5)


def test_psnr_by_ev_has_a_line_for_each_method_at_the_exposures_it_was_scored_at():
    rows = {"psnr_db": [20.0, 22.0], "ci_low_db": [19.0, 21.5], "ci_high_db": [21.0, 22.5]}
    parts = {"one": pd.DataFrame({"ev": [-2, 0]} | rows), "other": pd.DataFrame({"ev": [0, 2]} | rows)}
    axis = figures.psnr_by_ev(parts).axes[0]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one", "other"]
    assert list(axis.get_xticks()) == [-2, 0, 2]
    lines = [container.lines[0] for container in axis.containers]
    assert [list(line.get_xdata()) for line in lines] == [[-2, 0], [0, 2]]
    assert [list(line.get_ydata()) for line in lines] == [[20, 22], [20, 22]]


def test_bars_stand_in_their_region_side_by_side_and_one_without_score_is_left_out():
    rows = {"psnr_db": [20.0, 10.0], "ci_low_db": [19.0, 9.0], "ci_high_db": [21.0, 11.0], "ssim": [0.9, 0.5]}
    part = pd.DataFrame({"region": ["well", "clipped"]} | rows)
    left, right = figures.bars_by_region({"one": part, "other": part}).axes
    one, other = (container for container in left.containers if hasattr(container, "patches"))
    assert [bar.get_height() for bar in one][1:] == [20, 10] and np.isnan(one[0].get_height())
    assert [bar.get_height() for bar in right.containers[0]][1:] == [0.9, 0.5]
    for first, second, region in zip(one, other, range(3), strict=True):
        assert first.get_x() + first.get_width() < region + 1e-9 < second.get_x() + 0.03
