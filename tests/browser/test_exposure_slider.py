"""The exposure slider, moved in a browser as a student moves it."""

import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from hdrkit.display import notation
from hdrkit.widgets.exposures import beside_render, lost_share

# The picture as the browser decoded it, against the one wanted; two levels apart is the same.
SHOWS = """([selector, wanted]) => {
    const image = document.querySelector(selector);
    const context = new OffscreenCanvas(image.naturalWidth || 1, image.naturalHeight || 1).getContext("2d");
    context.drawImage(image, 0, 0);
    const shown = context.getImageData(0, 0, context.canvas.width, context.canvas.height).data;
    const rgb = shown.filter((_, i) => i % 4 < 3);
    return rgb.length === wanted.length && rgb.every((value, i) => Math.abs(value - wanted[i]) <= 2);
}"""
IMAGE = ".jp-OutputArea img"


@pytest.fixture(scope="module")
def page(run_notebook):
    page = run_notebook("slider")
    expect(page.locator(IMAGE)).to_be_visible()
    return page


@pytest.fixture
def slider(page):
    return page.get_by_role("slider", name="Exposure", exact=True)


@pytest.fixture
def lost(page):
    return page.get_by_role("checkbox", name="Show what is lost", exact=True)


@pytest.fixture
def narrow(page):
    usual = page.viewport_size
    page.set_viewport_size({"width": 600, "height": 800})
    yield
    page.set_viewport_size(usual)


@pytest.fixture
def assert_shown(page, slider, lost, scene):
    """Return a function that waits until slider, picture and text are those of one exposure."""

    def assert_shown(index):
        wanted = beside_render(scene, index, lost.is_checked())
        try:
            page.wait_for_function(SHOWS, arg=[IMAGE, wanted.ravel().tolist()])
        except TooLate:
            pytest.fail(f"the picture is not that of frame {index}, with what is lost: {lost.is_checked()}")
        expect(slider).to_have_value(str(index))
        expect(slider).to_have_attribute("aria-valuetext", notation.ev(scene.evs[index]))
        name = f"ramp at {notation.ev(scene.evs[index])}, beside its render"
        expect(page.get_by_role("img", name=name)).to_be_visible()
        sentence = lost_share(scene.frames[index], lost.is_checked())
        expect(page.get_by_text("the render is on the right")).to_contain_text(sentence)

    return assert_shown


def test_keys_move_through_the_exposures(slider, assert_shown):
    slider.focus()
    for key, index in [("Home", 0), ("ArrowRight", 1), ("ArrowUp", 2), ("ArrowLeft", 1), ("ArrowDown", 0), ("End", 8)]:
        slider.press(key)
        assert_shown(index)


def test_the_picture_follows_the_mouse_and_not_only_its_release(page, slider, assert_shown):
    slider.press("Home")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=8)
    assert_shown(4)
    page.mouse.move(box["x"] + box["width"], y, steps=8)
    page.mouse.up()
    assert_shown(8)


@pytest.mark.parametrize(("key", "index"), [("Home", 0), ("End", 8)])
def test_the_checkbox_paints_what_is_lost(slider, lost, assert_shown, key, index):
    slider.press(key)
    for paint in (False, True):
        lost.set_checked(paint)
        assert_shown(index)


def test_a_narrow_window_cuts_nothing(narrow, page, slider, lost):
    text = page.get_by_text("the render is on the right")
    for element in (slider, lost, page.locator(IMAGE), text):
        expect(element).to_be_in_viewport(ratio=1)
    assert text.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_the_browser_logs_no_error(slider, assert_shown, console_errors):
    slider.press("Home")
    slider.press("ArrowRight")
    assert_shown(1)
    assert console_errors == []
