"""Registration by hand, in a browser: a slider moved by its keys, then ECC; picture and numbers follow."""

import re

import numpy as np
import pytest
from helpers.brackets import IDENTITY, TO_SCENE, photograph, radiance_of, render_of
from playwright.sync_api import expect

CELL = """import numpy as np
from hdrkit.widgets.registration import register_by_hand
register_by_hand(**np.load("registration.npz"))"""
# What is drawn of the frame's picture, as one number that changes with it.
DRAWN = """() => {
    const { store } = document.querySelector(".hdrkit-light-table").lightTable;
    return [...store.get(0, 0, 0, 0).data].reduce((sum, value, i) => (sum * 31 + value + i) % 1000003, 7);
}"""


@pytest.fixture(scope="module")
def page(folder, run_cell):
    radiance = radiance_of(1)
    linear = photograph(radiance, 0, IDENTITY, np.random.default_rng(5))
    np.savez(folder / "registration.npz", linear=linear, render=render_of(radiance), true=TO_SCENE)
    page = run_cell("registration", CELL)
    expect(page.get_by_role("region", name="Light table")).to_be_visible()
    return page


def test_hands_and_ecc_move_picture_and_numbers(page, console_errors):
    said = page.get_by_text(re.compile("ECC coefficient of .* True error"))
    before, drawn = said.text_content(), page.evaluate(DRAWN)
    right = page.get_by_role("slider", name="Right", exact=True)
    for _ in range(10):
        right.press("ArrowRight")
    expect(right).to_have_attribute("aria-valuetext", "+1.1 px")
    expect(said).not_to_have_text(before)
    page.wait_for_function(f"before => ({DRAWN})() !== before", arg=drawn)
    drawn = page.evaluate(DRAWN)
    page.get_by_role("combobox", name="ECC sees").select_option("structure")
    expect(said).to_contain_text("coefficient of structure")
    page.get_by_role("button", name="Let ECC finish").click()
    expect(said).to_have_text(re.compile(r"structure: 0\.9\d+\. True error: 0\.0\d px"))
    expect(page.get_by_role("img", name=re.compile(r"ECC, \d+ iterations"))).to_be_visible()
    expect(page.get_by_role("slider", name="Width")).to_have_attribute("aria-valuetext", re.compile(r"11[45]\.\d %"))
    page.wait_for_function(f"before => ({DRAWN})() !== before", arg=drawn)
    page.get_by_role("button", name="Start again").click()
    expect(right).to_have_attribute("aria-valuetext", "0.0 px")
    expect(said).to_contain_text(before.partition("True error")[2])
    assert console_errors == []
