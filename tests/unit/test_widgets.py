"""The widgets' pictures say what they should, also without a browser."""

import cv2
import numpy as np

from hdrkit.widgets import exposure_slider
from hdrkit.widgets.exposures import CLIPPED_COLOUR, GAP, UNDER_COLOUR, beside_render, mark_lost


def shown(widget):
    png = np.frombuffer(widget.children[1].value, np.uint8)
    return cv2.cvtColor(cv2.imdecode(png, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def test_lost_pixels_are_painted_and_others_kept():
    frame = np.array([[[255, 10, 10], [10, 10, 10], [100, 90, 80]]], np.uint8)
    np.testing.assert_array_equal(mark_lost(frame), [[CLIPPED_COLOUR, UNDER_COLOUR, (100, 90, 80)]])
    np.testing.assert_array_equal(frame[0, 0], [255, 10, 10])


def test_the_render_stands_on_the_right(scene):
    picture = beside_render(scene, 0)
    assert picture.shape == (24, 72 + GAP, 3)
    np.testing.assert_array_equal(picture[:, 36 + GAP :], scene.render)


def test_moving_the_slider_changes_the_picture(scene):
    widget = exposure_slider(scene)
    slider, lost = widget.children[0].children
    assert slider.label == "EV +0"
    for index in range(9):
        slider.value = index
        for lost.value in (False, True):
            np.testing.assert_array_equal(shown(widget), beside_render(scene, index, lost.value))
