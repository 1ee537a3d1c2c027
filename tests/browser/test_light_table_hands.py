"""The light table in the hands of a reader: by mouse, by keyboard and by touch."""

import base64

import pytest
from helpers.light_tables import MODES, assert_alike, decoded, make_pictures, painted
from playwright.sync_api import expect

from hdrkit.widgets import compare

NAMES = dict(zip(MODES, ("Side by side", "Divider", "Blink", "Difference", "Error"), strict=True))
KEYS = dict(zip(MODES, "sdbie", strict=True))
START = {"mode": "side_by_side", "left": "dark", "right": "render", "push": 0, "overlay": "off", "position": 0.5}
START |= {"error_range": 64, "blink_seconds": 5, "rectangle": [], "histogram_scale": "linear"}

CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const bytes = new Uint8Array(await (await item.getType("image/png")).arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}"""
FLIPPED = "turn => document.querySelector('.hdrkit-light-table').lightTable.table.flipped === turn"


@pytest.fixture(scope="module")
def pictures():
    return make_pictures()


@pytest.fixture(scope="module")
def opened(open_table, pictures):
    return open_table(compare(pictures, "render"), has_touch=True)


@pytest.fixture
def shown(opened):
    """Return the table as it was, at 400 %, with nothing under the pointer."""
    opened.page.mouse.move(0, 0)
    opened.show((40, 20), **START)
    opened.stage.focus()
    return opened


@pytest.fixture
def button(opened):
    return lambda name: opened.page.get_by_role("button", name=name, exact=True)


@pytest.fixture
def touch(opened):
    """Return a function that moves fingers over the page: each is a list of as many places, (x, y)."""
    session = opened.page.context.new_cdp_session(opened.page)

    def send(kind, points):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def touch(*fingers):
        first, *others = zip(*fingers, strict=True)
        send("touchStart", first)
        for points in others:
            send("touchMove", points)
        send("touchEnd", [])
        opened.settle()

    yield touch
    session.detach()


def line(start, end, steps=4):
    return [tuple(a + (b - a) * i / steps for a, b in zip(start, end, strict=True)) for i in range(steps + 1)]


def drag(shown, start, end):
    shown.page.mouse.move(*start)
    shown.page.mouse.down()
    shown.page.mouse.move(*end, steps=4)
    shown.page.mouse.up()
    shown.settle()


def assert_drawn(shown, pictures):
    shown.settle()
    assert_alike(shown.canvas(), painted(shown, pictures))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("means", ["mouse", "keyboard", "touch"])
def test_every_way_to_look_is_chosen(shown, pictures, button, means, mode):
    shown.set(mode="divider" if mode == "side_by_side" else "side_by_side")
    if means == "keyboard":
        shown.page.keyboard.press(KEYS[mode])
    else:
        getattr(button(NAMES[mode]), "click" if means == "mouse" else "tap")()
    expect(button(NAMES[mode])).to_have_attribute("aria-pressed", "true")
    assert shown.get("mode") == mode
    shown.page.mouse.move(0, 0)
    shown.show((40, 20))
    assert_drawn(shown, pictures)


def test_blink_takes_turns(shown, pictures):
    for turn in (True, False):
        shown.set(mode="blink", blink_seconds=0.1)
        shown.page.wait_for_function(FLIPPED, arg=turn)
        shown.set(blink_seconds=5)
        assert_drawn(shown, pictures)


@pytest.mark.parametrize("mode", MODES)
def test_space_held_shows_the_right_picture(shown, pictures, mode):
    shown.set(mode=mode)
    before = shown.canvas()
    shown.page.keyboard.down(" ")
    shown.settle()
    assert shown.run("table.held")
    assert_drawn(shown, pictures)
    shown.page.keyboard.up(" ")
    shown.settle()
    assert_alike(shown.canvas(), before, 0, 0)


def test_a_drag_takes_the_picture_with_it(shown, pictures):
    x, y = shown.middle()
    before = shown.picture_at((x, y))
    drag(shown, (x, y), (x - 42, y + 18))
    assert shown.picture_at((x - 42, y + 18)) == pytest.approx(before)
    assert_drawn(shown, pictures)


def test_a_finger_takes_the_picture_with_it(shown, pictures, touch):
    x, y = shown.middle(1)
    before = shown.get("view")
    touch(line((x, y), (x + 40, y - 20)))
    assert shown.get("view") == pytest.approx([before[0] - 10, before[1] + 5, 4])
    assert_drawn(shown, pictures)


def test_arrows_move_the_picture(shown, pictures):
    x, y, _ = shown.get("view")
    for key, by in {"ArrowRight": (15, 0), "ArrowDown": (0, 15), "ArrowLeft": (-15, 0), "ArrowUp": (0, -15)}.items():
        shown.page.keyboard.press(key)
        x, y = x + by[0], y + by[1]
        assert shown.get("view") == pytest.approx([x, y, 4])
    assert_drawn(shown, pictures)


def test_the_wheel_zooms_where_the_pointer_is_once_the_table_was_clicked(shown):
    x, y = shown.middle()
    place = (x + 50, y - 30)
    shown.page.mouse.click(*place)
    before = shown.picture_at(place)
    shown.page.mouse.wheel(0, -240)
    shown.settle()
    assert shown.get("view")[2] == pytest.approx(4 * 1.0015**240)
    assert shown.picture_at(place) == pytest.approx(before, abs=0.6 / 4)


def test_the_wheel_moves_the_page_while_the_table_was_not_clicked(shown):
    shown.stage.blur()
    shown.page.mouse.move(*shown.middle())
    shown.page.mouse.wheel(0, 40)
    shown.page.wait_for_function("scrollY > 0")
    assert shown.get("view")[2] == 4
    shown.page.evaluate("scrollTo(0, 0)")


def test_two_fingers_zoom(shown, touch):
    x, y = shown.middle()
    before = shown.picture_at((x, y))
    touch(line((x - 40, y), (x - 80, y)), line((x + 40, y), (x + 80, y)))
    assert shown.get("view")[2] == pytest.approx(8, rel=0.02)
    assert shown.picture_at((x, y)) == pytest.approx(before, abs=0.6 / 4)
    touch(line((x - 80, y), (x - 40, y)), line((x + 80, y), (x + 40, y)))
    assert shown.get("view")[2] == pytest.approx(4, rel=0.02)


def test_two_fingers_zoom_a_picture_that_fits(shown, touch):
    shown.page.keyboard.press("f")
    fit = shown.run("table.view()[2]")
    x, y = shown.middle()
    touch(line((x, y - 30), (x, y - 90)), line((x, y + 30), (x, y + 90)))
    assert shown.get("view")[2] == pytest.approx(3 * fit, rel=0.02)


def test_keys_and_buttons_zoom(shown, button):
    for way in (shown.page.keyboard.press, lambda sign: button({"+": "Zoom in", "-": "Zoom out"}[sign]).click()):
        way("+")
        assert shown.get("view")[2] == pytest.approx(5)
        way("-")
        assert shown.get("view")[2] == pytest.approx(4)
    shown.stage.focus()
    for key, zoom in {"z": 1, "Shift+KeyZ": 8, "f": 0}.items():
        shown.page.keyboard.press(key)
        assert shown.get("view")[2] == zoom
    button("100 %").click()
    assert shown.get("view")[2] == 1
    button("Fit").tap()
    assert shown.get("view") == [0, 0, 0]


@pytest.mark.parametrize("means", ["mouse", "keyboard", "touch", "slider"])
def test_the_divider_is_moved(shown, pictures, touch, means):
    shown.show((40, 20), mode="divider")
    box = shown.stage.bounding_box()
    y, half, end = box["y"] + 60, box["x"] + box["width"] / 2, box["x"] + box["width"] / 4
    if means == "mouse":
        drag(shown, (half + 3, y), (end, y))
    elif means == "touch":
        touch(line((half - 5, y), (end, y)))
    elif means == "keyboard":
        for _ in range(5):
            shown.page.keyboard.press("Shift+ArrowLeft")
    else:
        shown.page.get_by_role("slider", name="Divider").press("Home")
    wanted = {"keyboard": 0.4, "slider": 0}.get(means, 0.25)
    assert shown.get("position") == pytest.approx(wanted, abs=0.002)
    assert_drawn(shown, pictures)


def test_a_push_by_slider_and_by_keys(shown, pictures):
    slider = shown.page.get_by_role("slider", name="Push")
    slider.press("End")
    assert shown.get("push") == 8
    box = slider.bounding_box()
    shown.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert shown.get("push") == pytest.approx(0, abs=0.11)
    shown.set(push=0)
    shown.stage.focus()
    for key, push in [("PageUp", 1 / 3), ("PageUp", 2 / 3), ("PageDown", 1 / 3)]:
        shown.page.keyboard.press(key)
        assert shown.get("push") == pytest.approx(push, abs=0.001)
    assert_drawn(shown, pictures)


@pytest.mark.parametrize("means", ["button", "key"])
def test_push_to_match_is_one_gesture(shown, pictures, button, means):
    shown.set(right="metered")
    if means == "button":
        button("Push to match").tap()
    else:
        shown.page.keyboard.press("p")
    assert shown.get("push") == 2
    shown.page.mouse.move(0, 0)
    assert_drawn(shown, pictures)


def test_pictures_are_chosen_from_the_filmstrip_and_by_keys(shown, pictures, button):
    strip = shown.page.get_by_role("list", name="Pictures")
    strip.get_by_text("metered", exact=True).click()
    assert shown.get("left") == "metered"
    strip.get_by_text("dark", exact=True).click(modifiers=["Shift"])
    assert shown.get("right") == "dark"
    button("render on the left").tap()
    expect(button("render on the left")).to_have_attribute("aria-pressed", "true")
    expect(button("metered on the left")).to_have_attribute("aria-pressed", "false")
    shown.stage.focus()
    steps = {"2": "metered", ".": "render", ",": "metered"}
    for key, name in steps.items():
        shown.page.keyboard.press(key)
        assert shown.get("left") == name
    for key, name in {"Shift+Digit3": "render", "Shift+Comma": "metered", "Shift+Period": "render"}.items():
        shown.page.keyboard.press(key)
        assert shown.get("right") == name
    shown.page.mouse.move(0, 0)
    assert_drawn(shown, pictures)


@pytest.mark.parametrize("means", ["shift and mouse", "button and mouse", "button and touch"])
def test_a_region_is_drawn(shown, touch, button, means):
    box = shown.stage.bounding_box()
    start, end = (box["x"] + 80, box["y"] + 40), (box["x"] + 240, box["y"] + 120)
    corners = [round(value) for place in (start, end) for value in shown.picture_at(place)]
    if means == "shift and mouse":
        shown.page.keyboard.down("Shift")
        drag(shown, start, end)
        shown.page.keyboard.up("Shift")
    else:
        button("Draw a rectangle").click()
        (touch(line(start, end)) if means == "button and touch" else drag(shown, start, end))
        button("Draw a rectangle").click()
    left, top, right, bottom = corners
    assert shown.get("rectangle") == [left, top, right - left, bottom - top] == [60, 30, 40, 20]
    edge = shown.canvas("over")[40:120, 80]
    assert (edge == 255).all()
    button("No rectangle: the whole picture").click()
    assert shown.get("rectangle") == []


def test_what_is_lost_by_list_and_by_key(shown, pictures):
    shown.page.get_by_role("combobox", name="Lost").select_option("Red")
    assert shown.get("overlay") == "red"
    assert_drawn(shown, pictures)
    shown.stage.focus()
    for overlay in ("green", "blue", "off", "any"):
        shown.page.keyboard.press("o")
        assert shown.get("overlay") == overlay
    assert_drawn(shown, pictures)


def test_reset_brings_all_back(shown, button):
    for way in (lambda: shown.page.keyboard.press("Home"), lambda: button("Reset").click()):
        shown.set(mode="error", push=2, overlay="any", rectangle=[1, 2, 3, 4])
        shown.stage.focus()
        way()
        state = {name: shown.get(name) for name in ("mode", "push", "overlay", "rectangle", "view")}
        assert state == {"mode": "side_by_side", "push": 0, "overlay": "off", "rectangle": [], "view": [0, 0, 0]}


def test_pixels_carry_numbers_where_they_have_room_and_a_lens_does_from_800_percent(shown):
    """Written over the pictures, in white and black, is more than the mark of one pixel."""
    lens = 2 * (5 * 44) ** 2  # squares of 5 x 5 pixels in each pane
    for zoom, hovered, least, most in [(4, True, 0, 200), (8, False, 0, 200), (8, True, lens, 1.1 * lens)]:
        shown.page.mouse.move(0, 0)
        shown.show((40, 20), zoom)
        shown.page.mouse.move(*(shown.middle() if hovered else (0, 0)))
        shown.settle()
        assert least <= (shown.canvas("over")[..., 3] == 255).sum() <= most, (zoom, hovered)
    shown.show((40, 20), 44)
    assert (shown.canvas("over")[..., 3] == 255).sum() > 2000


def test_the_view_is_copied_as_a_picture(shown, button):
    shown.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button("Copy the view as a picture").click()
    expect(shown.page.locator(".hdrkit-lt-status")).to_have_text("The view is in the clipboard.")
    assert_alike(decoded(shown.page.evaluate(CLIPBOARD)), shown.canvas(), 0, 0)


def test_a_view_that_cannot_be_copied_is_saved(shown):
    shown.page.evaluate("void (navigator.clipboard.write = () => Promise.reject())")
    with shown.page.expect_download() as saved:
        shown.page.keyboard.press("c")
    assert saved.value.suggested_filename == "light_table.png"
    assert_alike(decoded(base64.b64encode(saved.value.path().read_bytes())), shown.canvas(), share=0.01)  # and a mark


def test_no_error_was_logged(shown, console_errors):
    assert console_errors == []
