"""The light table on a page of its own: without a network, and without scripts."""

import pytest
from helpers.light_tables import ROOT, ShownTable, assert_alike, make_pictures, painted, write_page
from playwright.sync_api import expect

from hdrkit.widgets import compare


@pytest.fixture(scope="module")
def pictures():
    return make_pictures()


@pytest.fixture(scope="module")
def address(pictures, tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("table") / "table.html", compare(pictures, "render"))


def test_the_page_asks_nothing_of_a_network(open_page, address, pictures):
    page = open_page()
    page.context.set_offline(True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    shown = ShownTable(page)
    shown.stage.focus()
    for key in "sdbie?":
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    for mode in ("divider", "error"):
        shown.show((40, 20), mode=mode)
        assert_alike(shown.canvas(), painted(shown, pictures))
    expect(page.get_by_text("64 levels of 255 apart")).to_be_visible()
    expect(page.get_by_role("table", name="Against render")).to_contain_text("dB")
    assert {url.split(":")[0] for url in asked} <= {"file", "data", "blob"} and address in asked


def test_without_scripts_a_picture_says_what_there_is(open_page, address):
    page = open_page(java_script_enabled=False)
    page.goto(address)
    still = page.get_by_role("img", name="On the left dark (1/250 s, ")
    expect(still).to_be_visible()
    assert "on the right render" in still.get_attribute("alt") and "PSNR" in still.get_attribute("alt")
    assert still.bounding_box()["width"] > 200
    assert page.locator(ROOT).count() == 0


def test_two_tables_on_one_page_are_two(open_page, pictures, tmp_path):
    both = [compare(pictures, "render"), compare(dict(reversed(pictures.items())), "dark")]
    page = open_page()
    page.goto(write_page(tmp_path / "both.html", *both))
    stages = page.get_by_role("application")
    expect(stages).to_have_count(2)
    stages.last.focus()
    page.keyboard.press("e")
    modes = page.locator(ROOT).evaluate_all("all => all.map(each => each.lightTable.table.get('mode'))")
    assert modes == ["side_by_side", "error"]


def test_no_error_was_logged(console_errors):
    assert console_errors == []
