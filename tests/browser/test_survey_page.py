"""The page of a survey in a real browser: readable in wide and narrow windows, light and dark, and by all readers."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import cameras

from hdrkit.dataset import inspection, survey_page
from hdrkit.dataset.scene_folders import find

STOPS = [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
LONG = "a_name_of_a_folder_that_is_much_too_long_for_the_window_of_a_phone_" * 2
MEASURE = """() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    outside: [...document.querySelectorAll('h1, h2, h3, li, .scenes td, .scenes th, figure, summary, dd')]
        .map(each => [each.getBoundingClientRect(), each.textContent.trim().slice(0, 40)])
        .filter(([box]) => box.width && (box.left < 0 || box.right > innerWidth + 0.5)).map(([, text]) => text),
    undrawn: [...document.images].filter(each => !each.naturalWidth || !each.alt.trim()).length,
    pictures: document.images.length,
    paper: getComputedStyle(document.body).backgroundColor,
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Two good brackets, one with a long name, and one that cannot be used."""
    folder = tmp_path_factory.mktemp("survey")
    frames = cameras.simulate("S-shaped", STOPS, "city").frames
    cameras.write(folder / "in" / "hill", frames, STOPS)
    cameras.write(folder / "in" / LONG, frames[:6])
    cameras.write(folder / "in" / "single", np.array(frames[:1]))
    scenes = inspection.inspect_all(find(folder / "in").scenes)
    lost = [f"{folder}/empty: no picture that is read here; left out"]
    survey_page.write(folder / "page.html", "in", "3 scenes, 15 of 16 frames", scenes, lost)
    return (folder / "page.html").as_uri()


@pytest.fixture(params=[(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def shown(open_page, page, request):
    width, scheme = request.param
    window = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    window.goto(page)
    window.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    yield window, width, scheme
    window.context.close()


def test_all_of_it_is_within_the_window_drawn_and_in_the_readers_colours(shown):
    window, _, scheme = shown
    found = window.evaluate(MEASURE)
    assert found["overflow"] == 0 and found["outside"] == []
    assert found["pictures"] == 15 and found["undrawn"] == 0
    assert found["paper"] == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 30)"}[scheme]


def test_readers_who_do_not_see_or_use_a_mouse_have_all_of_it(shown):
    window, _, _ = shown
    found = Axe().run(window)
    assert found.response["violations"] == [], found.generate_report()


def test_cards_say_their_headings_and_a_table_has_them_on_top(shown):
    window, width, _ = shown
    heading = window.locator(".scenes thead")
    label = window.locator(".scenes td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert heading.is_visible() == (width == 1280)
    assert label == ("none" if width == 1280 else '"Frames"')


def test_a_name_leads_to_its_scene_and_nothing_is_logged(shown, console_errors):
    window, _, _ = shown
    window.get_by_role("link", name="hill").click()
    assert window.url.endswith("#scene-1")
    assert window.locator("#scene-1 h3").inner_text() == "hill"
    assert console_errors == []
