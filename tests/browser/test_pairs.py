"""The search for duplicates, in a browser: buttons with names, pressed when they are found."""

import pytest
from playwright.sync_api import expect

CELL = """import pickle
from hdrkit.widgets.pairs import find_duplicates
with open("scene.pickle", "rb") as file:
    scene = pickle.load(file)
find_duplicates(scene.frames[4], scene.render, 24)"""


@pytest.fixture(scope="module")
def page(run_cell):
    return run_cell("pairs", CELL)


def test_duplicates_are_pressed_and_others_told_not_yet(page, console_errors):
    buttons = page.locator(".hdrkit-pairs").get_by_role("button")
    expect(buttons).to_have_count(14)
    status = page.locator(".hdrkit-pairs").get_by_role("status")
    expect(status).to_have_text("Still to be found: 2.")
    for number in range(1, 15):
        button = page.get_by_role("button", name=f"Pair {number}", exact=True)
        button.press("Enter") if number % 2 else button.click()
        expect(status).to_contain_text(f"Pair {number}: ")
    expect(status).to_contain_text("All duplicates are found.")
    pressed = [button for button in buttons.all() if button.get_attribute("aria-pressed") == "true"]
    assert len(pressed) == 4
    expect(page.locator("small", has_text="not yet: no other pair is the same")).to_have_count(10)
    assert console_errors == []
