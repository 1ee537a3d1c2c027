"""The figures of notebook 4 show the numbers they are given, each where it belongs."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from hdrkit.display import baseline_figures

EXPECTED = 27.9  # dB
REPORTED = pd.Series([27.5, 27.9, 27.9, 29.0])


@pytest.fixture(autouse=True)
def close_figures():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def by_scene():
    return pd.DataFrame(
        {
            "frames": ["libraw_default", "radiometric", "libraw_default"],
            "psnr_correct_db": [10.0, 20.0, 11.0],
            "psnr_wrapping_db": [27.8, 31.0, 27.6],
            "predicted_db": [27.7, 28.9, 27.5],
        }
    )


def points(axis):
    """Return what is scattered on an axis, by its name in the legend."""
    return {drawn.get_label(): drawn.get_offsets().tolist() for drawn in axis.collections}


def heights(axis):
    return [sum(bar.get_height() for bar in container) for container in axis.containers]


def test_a_response_without_error_lies_on_the_truth():
    truth = np.linspace(0, 1, 256)
    (axis,) = baseline_figures.response(np.stack([truth / truth[128]] * 3, axis=1), truth).axes
    *channels, dotted = (line.get_xydata() for line in axis.lines)
    assert len(channels) == 3
    for channel in channels:
        np.testing.assert_allclose(channel[1:], dotted)


def test_squared_errors_wrap_and_every_score_is_counted():
    left, right = baseline_figures.wraparound(REPORTED, [EXPECTED, 27.91], EXPECTED).axes
    wrapped, true = (dict(zip(*line.get_data(), strict=True)) for line in left.lines)
    assert (wrapped[15], wrapped[16], wrapped[-20]) == (225, 0, 144) and true[-20] == 400
    assert heights(right)[0] == len(REPORTED)
    (noise,) = (patch for patch in right.patches if patch.get_label().startswith("as many"))
    assert noise.get_xy()[:, 1].max() == 2  # what noise scores lies within one bin


def test_each_decoding_has_its_own_points(by_scene):
    (axis,) = baseline_figures.two_scores(by_scene, EXPECTED).axes
    assert points(axis) == {
        "LibRaw's defaults": [[10.0, 27.8], [11.0, 27.6]],
        "radiometric, registered": [[20.0, 31.0]],
    }
    assert axis.lines[0].get_ydata()[0] == EXPECTED


def test_predictions_and_reported_scores_share_the_axis_of_scores(by_scene):
    band_db = np.linspace(27, 29, 16)
    left, middle, right = baseline_figures.bands(band_db, by_scene, REPORTED).axes
    assert left.patches[0].get_data().values.tolist() == band_db.tolist()
    assert points(middle)["radiometric, registered"] == [[28.9, 31.0]]
    assert left.get_ylim() == middle.get_ylim() == right.get_ylim() and right.get_ylim()[1] > 31
    assert sum(bar.get_width() for bar in right.containers[0]) == len(REPORTED)


def test_controls_are_curves_and_the_other_two_scores_are_lines():
    by_ev = pd.DataFrame({"input": [8.0, 15.0], "best_constant": [14.0, 14.0]}, index=[-4.0, 0.0])
    (axis,) = baseline_figures.controls(by_ev, 17.5, 15.05).axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in axis.lines}
    assert drawn == {
        "input, untouched (control)": [8, 15],
        "best flat colour (control, oracle)": [14, 14],
        "Debevec + Reinhard, all frames": [17.5, 17.5],
        "the report's network, on its own survey": [15.05, 15.05],
    }
