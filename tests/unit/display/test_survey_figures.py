"""The figures of a survey show the numbers that they are given."""

import numpy as np
import pandas as pd

from hdrkit.display import survey_figures

EVS = pd.Index([-2.0, 0.0, 2.0], name="ev")


def test_lost_pixels_are_stacked_up_to_all():
    shares = pd.DataFrame({"under": [0.6, 0.2, 0.0], "well": [0.4, 0.7, 0.5], "clipped": [0.0, 0.1, 0.5]}, EVS)
    (axis,) = survey_figures.lost_pixels(shares).axes
    tops = []
    for area in axis.collections:
        corners = area.get_paths()[0].vertices
        tops.append([corners[corners[:, 0] == ev, 1].max() for ev in EVS])
    np.testing.assert_allclose(tops, shares.cumsum(axis=1).T)
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["under-exposed", "well exposed", "clipped"]


def test_the_median_is_drawn_beside_its_doubling():
    light = pd.DataFrame({"libraw_default": [0.2, 0.2, 0.3], "radiometric": [0.01, 0.05, 0.1]}, EVS)
    (axis,) = survey_figures.median_light(light).axes
    drawn = {line.get_label(): line.get_ydata() for line in axis.lines}
    np.testing.assert_allclose(drawn["LibRaw's defaults"], light.libraw_default)
    np.testing.assert_allclose(drawn["radiometric"], light.radiometric)
    np.testing.assert_allclose(drawn["twice the light per stop"], [0.01, 0.04, 0.16])
    assert axis.get_xlabel() == "exposure value (stops)"
