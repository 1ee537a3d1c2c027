"""The camera with sliders, in a browser: keys on a slider change histogram, numbers and picture."""

import re

import numpy as np
import pytest
from helpers.light_tables import HELD
from playwright.sync_api import expect

from hdrkit.widgets.camera import Settings, photograph, subject

CELL = """from hdrkit.widgets.camera import simulated_camera
simulated_camera()"""

# Scroll to the first slider, and tell whether sliders, histogram and pictures are above JupyterLab's status bar.
ON_ONE_SCREEN = """() => {
    const [first, ...sliders] = document.querySelectorAll(".hdrkit-slider");
    first.scrollIntoView({ block: "start" });
    const others = ["svg[aria-label^=Raw]", ".hdrkit-lt-stage"].map((name) => document.querySelector(name));
    const boxes = [first, ...sliders, ...others].map((each) => each.getBoundingClientRect());
    return boxes.length === 7 && boxes.every(({ top, bottom }) => top > 0 && bottom < innerHeight - 25);
}"""
HISTOGRAM = re.compile("Raw histogram, stops below the limit")


@pytest.fixture(scope="module")
def page(run_cell):
    page = run_cell("camera", CELL)
    expect(page.get_by_role("region", name="Light table")).to_be_visible()
    return page


@pytest.mark.parametrize("size", [(1400, 900), (1280, 720)])
def test_sliders_histogram_and_pictures_are_on_one_screen(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.wait_for_function(ON_ONE_SCREEN)


def test_a_slider_moves_histogram_numbers_and_picture(page, console_errors):
    exposure = page.get_by_role("slider", name="Exposure", exact=True)
    for key, label, settings in [("End", "EV +4", Settings(exposure=4.0)), ("Home", "EV −4", Settings(exposure=-4.0))]:
        exposure.press(key)
        expect(exposure).to_have_attribute("aria-valuetext", label)
        picture = photograph(subject(), settings)[1]
        clipped = (picture.max(axis=-1) >= 250).mean()
        expect(page.get_by_text(f"In the picture, {clipped:.1%} of the pixels are clipped")).to_be_visible()
        expect(page.get_by_role("img", name=HISTOGRAM)).to_be_visible()
        mean = float(np.mean(picture[:256, :256]))
        page.wait_for_function(f"mean => Math.abs(({HELD})() - mean) < 0.01", arg=mean)
    assert console_errors == []
