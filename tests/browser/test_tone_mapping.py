"""The tone mapper in a browser: a parameter and the method change, and so do picture and scores."""

import numpy as np
import pytest
from helpers.light_tables import HELD
from playwright.sync_api import expect

from hdrkit.widgets.tone_mapping import Fusion, kits_own

CELL = """import pickle
from hdrkit.widgets.tone_mapping import tone_mapper
with open("scene.pickle", "rb") as file:
    scene = pickle.load(file)
tone_mapper(scene)"""


@pytest.fixture(scope="module")
def page(run_cell):
    page = run_cell("tone_mapping", CELL)
    expect(page.get_by_role("region", name="Light table")).to_be_visible()
    return page


def test_parameters_and_methods_change_picture_and_scores(page, scene, console_errors):
    fusion = Fusion(scene)

    def assert_shown(method, **parameters):
        picture = fusion.picture(method, kits_own(method) | parameters)
        correct, wrapping = fusion.scores(picture)
        said = f"{correct:.1f} dB in correct arithmetic, {wrapping:.1f} dB in that of the report's code"
        expect(page.get_by_text(said)).to_be_visible()
        page.wait_for_function(f"mean => Math.abs(({HELD})() - mean) < 0.01", arg=float(np.mean(picture)))

    assert_shown("debevec_reinhard")
    intensity = page.get_by_role("slider", name="Intensity", exact=True)
    intensity.press("End")
    expect(intensity).to_have_attribute("aria-valuetext", "8.0")
    assert_shown("debevec_reinhard", intensity=8)
    page.get_by_role("combobox", name="Method").select_option("Mertens, all frames")
    assert_shown("mertens")
    contrast = page.get_by_role("slider", name="Contrast weight", exact=True)
    contrast.press("Home")
    assert_shown("mertens", contrast_weight=0)
    page.get_by_role("button", name="The kit's parameters").click()
    expect(contrast).to_have_attribute("aria-valuetext", "1.0")
    assert_shown("mertens")
    assert console_errors == []
