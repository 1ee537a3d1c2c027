"""Figures are saved with their captions; the diagram shows every layer and skip of the model."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

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


def test_the_diagram_has_a_box_for_each_layer_and_an_arc_for_each_skip():
    model = report_net.build(32, weights=None, width=1 / 16)
    (axis,) = network_diagram.draw(model).axes
    assert len(axis.patches) == sum(bool(layer.weights) for layer in model.layers)
    arcs = [text for text in axis.texts if getattr(text, "arrow_patch", None)]
    assert len(arcs) == 6


def test_intervals_of_differences_lie_along_their_axis():
    table = pd.DataFrame({"setting": ["first", "other"], "mean": [15.0, 16.0], "difference": [0.0, 1.0]})
    table = table.assign(ci_low=[0.0, 0.5], ci_high=[0.0, 2.0])
    (axis,) = figures.differences({"PSNR (dB)": table}).axes
    (bar,) = axis.containers
    (segment,) = bar.lines[2][0].get_segments()
    np.testing.assert_allclose(segment, [[0.5, 0], [2, 0]])
    assert [label.get_text() for label in axis.get_yticklabels()] == ["first", "other"]
