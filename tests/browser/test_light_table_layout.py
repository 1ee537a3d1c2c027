"""The light table on phones, desks and projectors, light and dark: nothing is cut, nothing is out of reach."""

import pytest
from helpers.light_tables import ROOT, make_pictures
from playwright.sync_api import expect

from hdrkit.widgets import Picture, compare

WIDTHS = {"phone": 390, "desk": 1280, "projector": 2560}
# What is out of its box; what scrolls in a box of its own is within reach.
OUT = """root => [...root.querySelectorAll("*")].filter((each) => {
    if (each.closest("dialog, [role=status]") || each.ownerSVGElement || !each.checkVisibility()) return false;
    for (let box = each.parentElement; box !== root; box = box.parentElement)
        if (getComputedStyle(box).overflowX == "auto") return false;
    const [outer, inner] = [root.getBoundingClientRect(), each.getBoundingClientRect()];
    return inner.left < outer.left || inner.right > outer.right + 0.5 || inner.bottom > outer.bottom + 0.5;
}).map(each => each.outerHTML.slice(0, 120))"""
# How many controls there are, and those of which something else lies on top.
COVERED = """all => [all.length, all.filter((control) => {
    control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = control.getBoundingClientRect();
    return !control.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
}).map(each => each.outerHTML.slice(0, 120))]"""
CUT = """all => all.filter(each => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight)
    .map(each => each.outerHTML)"""
BOXES = """all => all.map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
})"""
CONTROLS = ":is(button, select, input, .hdrkit-lt-stage)"
CAPTIONS = ".hdrkit-lt-captions > span, .hdrkit-lt-foot > span"
LONG = "a network's output with a rather long name, trained for a night"


@pytest.fixture(scope="module")
def table():
    pictures = make_pictures()
    more = {f"EV −{i}": Picture(pictures["dark"].array, -i, 2.0**-i / 60) for i in range(1, 9)}
    table = compare(pictures | more | {LONG: pictures["metered"]}, "render")
    table.left, table.rectangle = LONG, [60, 30, 40, 20]
    return table


@pytest.fixture(scope="module", params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(scope="module", params=WIDTHS.values(), ids=WIDTHS)
def shown(request, open_table, table, scheme):
    size = {"width": request.param, "height": 844 if request.param < 600 else 1000}
    return open_table(table, viewport=size, color_scheme=scheme, has_touch=request.param < 600)


@pytest.mark.parametrize("mode", ["side_by_side", "divider", "blink", "error"])
def test_nothing_leaves_its_box(shown, mode):
    shown.set(mode=mode, blink_seconds=5)
    page = shown.page
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator(ROOT).evaluate(OUT) == []
    assert shown.visible(f"{ROOT} button", CUT) == []


def test_every_control_is_within_reach(shown):
    shown.set(mode="side_by_side")
    count, covered = shown.visible(f"{ROOT} {CONTROLS}", COVERED)
    assert count > 35 and covered == []


def test_the_pictures_have_room(shown):
    shown.set(mode="side_by_side")
    box, window = shown.stage.bounding_box(), shown.page.viewport_size
    assert box["width"] > 0.9 * window["width"] - 40
    assert 200 <= box["height"] <= 0.75 * window["height"]


def test_the_buttons_need_one_line_at_a_desk(shown):
    height = shown.page.locator(".hdrkit-lt-toolbar").bounding_box()["height"]
    assert height < 40 or shown.page.viewport_size["width"] < 1280


@pytest.mark.parametrize("mode", ["difference", "error"])
def test_what_colours_mean_is_seen_with_them(shown, mode):
    shown.set(mode=mode)
    (left, top, across, down), (x, y, width, height) = shown.visible(".hdrkit-lt-stage, .hdrkit-lt-scale", BOXES)
    assert left <= x and x + width <= left + across
    assert top < y and y + height <= top + down


def test_no_number_lies_under_a_caption(shown):
    shown.set(mode="side_by_side", rectangle=[], view=[140, 60, 48])
    (x, y, _, _), *captions = shown.visible(f".hdrkit-lt-stage, {CAPTIONS}", BOXES)
    assert len(captions) >= 2
    marks = shown.canvas("over")[..., 3] > 0
    assert marks.mean() > 0.01  # there are numbers
    for left, top, width, height in captions:
        assert not marks[top - y : top - y + height, left - x : left - x + width].any()
    shown.set(rectangle=[60, 30, 40, 20], view=[0, 0, 0])


def test_the_help_fits(shown):
    shown.stage.focus()
    shown.page.keyboard.press("?")
    dialog = shown.page.get_by_role("dialog", name="Help")
    expect(dialog).to_be_in_viewport(ratio=1)
    assert dialog.evaluate("each => each.scrollWidth <= each.clientWidth")
    expect(dialog.get_by_role("heading")).to_be_in_viewport(ratio=1)  # it begins with its beginning
    dialog.get_by_role("button", name="Close help").click()
    expect(dialog).to_be_hidden()


def test_colours_are_those_of_the_scheme(shown, scheme):
    paper, ink = shown.page.locator(ROOT).evaluate(
        "each => ['backgroundColor', 'color'].map(name => getComputedStyle(each)[name].match(/\\d+/g).map(Number)[1])"
    )
    assert (paper > 200 and ink < 60) if scheme == "light" else (paper < 60 and ink > 200)


def test_no_error_was_logged(shown, console_errors):
    assert console_errors == []
