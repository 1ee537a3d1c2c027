"""The camera with sliders, in a browser: keys on a slider change histogram, numbers and picture."""

import re

import numpy as np
import pytest
from helpers.light_tables import HELD
from playwright.sync_api import expect

from hdrkit.widgets.camera import Settings, photograph, subject

CELL = """from hdrkit.widgets.camera import simulated_camera
simulated_camera()"""


@pytest.fixture(scope="module")
def page(run_cell):
    page = run_cell("camera", CELL)
    expect(page.get_by_role("region", name="Light table")).to_be_visible()
    return page


def test_a_slider_moves_histogram_numbers_and_picture(page, console_errors):
    exposure = page.get_by_role("slider", name="Exposure", exact=True)
    for key, label, settings in [("End", "EV +4", Settings(exposure=4.0)), ("Home", "EV −4", Settings(exposure=-4.0))]:
        exposure.press(key)
        expect(exposure).to_have_attribute("aria-valuetext", label)
        picture = photograph(subject(), settings)[1]
        clipped = (picture.max(axis=-1) >= 250).mean()
        expect(page.get_by_text(f"In the picture, {clipped:.1%} of the pixels are clipped")).to_be_visible()
        expect(page.get_by_role("img", name=re.compile("Raw histogram, stops below the limit"))).to_be_visible()
        mean = float(np.mean(picture[:256, :256]))
        page.wait_for_function(f"mean => Math.abs(({HELD})() - mean) < 0.01", arg=mean)
    assert console_errors == []
