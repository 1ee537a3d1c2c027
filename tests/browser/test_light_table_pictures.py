"""What the light table draws, read back from its canvas, against NumPy's own picture of the same."""

import pytest
from helpers.light_tables import KINDS, MODES, assert_alike, make_pictures, painted

from hdrkit.widgets import compare

WEBGL, CANVAS = "WebGLRenderer", "CanvasRenderer"
USUAL = {"mode": "side_by_side", "left": "dark", "right": "render", "push": 0, "overlay": "off", "position": 0.5}
USUAL |= {"error_range": 64, "blink_seconds": 5, "rectangle": []}
# Beside each mode as it is: pushed, with what is lost painted in, and elsewhere in the picture, across two tiles.
CASES = {mode: {"mode": mode} for mode in MODES} | {
    "pushed up": {"push": 2},
    "pushed into a difference": {"mode": "difference", "push": 2, "right": "metered"},
    "errors at full scale": {"mode": "error", "error_range": 255},
    "lost": {"overlay": "any", "left": "metered"},
    "lost in green": {"overlay": "green"},
    "lost by a push": {"overlay": "any", "push": 3},
    "across tiles": {"corner": (220, 40)},
    "large": {"corner": (100, 40), "zoom": 16},
    "100 %": {"zoom": 1},
}


@pytest.fixture(scope="module", params=KINDS)
def pictures(request):
    return make_pictures(request.param)


@pytest.fixture(scope="module", params=[WEBGL, CANVAS])
def shown(request, open_table, pictures):
    shown = open_table(compare(pictures, "render"), request.param == WEBGL, viewport={"width": 640, "height": 400})
    assert shown.run("stage.renderer.constructor.name") == request.param
    return shown


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_pixel_is_what_it_should_be(shown, pictures, case):
    shown.show(**USUAL | case)
    assert_alike(shown.canvas(), painted(shown, pictures))


def test_no_error_was_logged(shown, console_errors):
    assert console_errors == []
