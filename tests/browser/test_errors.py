"""The gallery of errors, in a browser: sorted, filtered, walked through by keys, and what a choice shows below."""

import pickle
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from hdrkit.dataset.crops import cut
from hdrkit.display import notation
from hdrkit.evaluation import scoring
from hdrkit.widgets.errors import SSIM, Wish, measures, select

START = 120_000  # milliseconds until a kernel on a busy machine is up
CELL = """import pickle
from hdrkit.widgets.errors import browse_errors
with open("errors.pickle", "rb") as file:
    browse = browse_errors(*pickle.load(file))
browse"""


@pytest.fixture(scope="module")
def scored(scene):
    crops = cut([scene], 24)
    outputs = np.minimum(crops.x.astype(int) + 20, 255).astype(np.uint8)
    return crops, outputs, scoring.score(outputs, crops, "brighter")


@pytest.fixture(scope="module")
def page(run_cell, folder, scored):
    (folder / "errors.pickle").write_bytes(pickle.dumps(scored))
    page = run_cell("errors", CELL)
    expect(page.get_by_role("listbox", name="Pictures: frame, and output")).to_be_visible()
    return page


def test_a_student_finds_a_picture_by_keys_alone(page, scored, console_errors):
    crops, _, scores = scored
    names = [f"{of.scene}, crop {of.crop}: {of.ssim:.2f}, {notation.ev(of.ev)}" for of in scores.itertuples()]
    page.get_by_role("combobox", name="Sort by").select_option(SSIM)
    page.get_by_role("combobox", name="Order").select_option("highest first")
    options = page.get_by_role("listbox", name="Pictures").get_by_role("option")
    order = select(measures(crops, scores), crops.ev, Wish(SSIM, highest_first=True))
    expect(options.first).to_have_accessible_name(names[order[0]])
    shown = options.evaluate_all("options => options.map(option => option.getAttribute('aria-label'))")
    assert shown == [names[place] for place in order]

    options.first.click()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.nth(1)).to_be_focused()
    second = scores.iloc[order[1]]
    said = page.get_by_role("status").filter(has_text=f"{len(order)} of {len(order)} pictures")
    expect(said).to_contain_text(f"PSNR {second.psnr_db:.1f} dB, SSIM {second.ssim:.2f}")
    expect(page.locator(".hdrkit-light-table")).to_contain_text(re.compile(f"{second.psnr_db:.2f}"))

    page.get_by_role("combobox", name="Exposure").select_option("EV +4")
    expect(options).to_have_count(int((crops.ev == 4).sum()))
    assert console_errors == []
