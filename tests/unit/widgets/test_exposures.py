"""The widgets' pictures say what they should, also without a browser."""

import base64
import html
import re
from dataclasses import replace

import cv2
import numpy as np

from hdrkit.widgets import exposure_slider
from hdrkit.widgets.exposures import CLIPPED_COLOUR, GAP, UNDER_COLOUR, beside_render, mark_lost


def shown(widget):
    base64_png = re.search('base64,([^"]+)', widget.children[1].value)[1]
    png = np.frombuffer(base64.b64decode(base64_png), np.uint8)
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
    assert slider.label == "EV 0"
    for index in range(9):
        slider.value = index
        for lost.value in (False, True):
            np.testing.assert_array_equal(shown(widget), beside_render(scene, index, lost.value))


def test_a_screen_reader_hears_what_is_moved_and_shown(scene):
    widget = exposure_slider(scene)
    slider = widget.children[0].children[0]
    assert slider.description == "Exposure"
    slider.value = 8
    assert slider.label == "EV +4"
    assert 'alt="barn at EV +4, beside its render"' in widget.children[1].value


def test_the_sentence_names_the_limits_always_and_the_colours_where_they_are_painted(scene):
    widget = exposure_slider(scene)
    for painted in (True, False):
        widget.children[0].children[1].value = painted
        sentence = widget.children[1].value
        assert "channel 250 or more of 255" in sentence and "(25 or less" in sentence
        assert ("orange" in sentence) == ("blue" in sentence) == painted


def test_a_scene_named_like_markup_is_shown_as_it_is_named(scene):
    shown = exposure_slider(replace(scene, name='"><i>barn')).children[1].value
    assert "<i>" not in shown
    assert html.unescape(shown).count('"><i>barn') == 2
