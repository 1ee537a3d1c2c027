"""The light table without a mouse and without sight: keys, names, values, and axe's audit."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.light_tables import make_pictures
from playwright.sync_api import expect

from hdrkit.widgets import compare

STATE = ("mode", "left", "right", "view", "position", "push", "overlay", "rectangle", "error_range", "histogram_scale")
# What help lists, the keys that do it, and what they change; what they do beside the state is tested elsewhere.
LISTED = {
    "S": (["s"], "mode"),
    "D": (["d"], "mode"),
    "B": (["b"], "mode"),
    "I": (["i"], "mode"),
    "E": (["e"], "mode"),
    "M": (["m"], "mode"),
    "Space": ([], None),
    "1 … 9": (["2", "1", "Shift+Digit1", "Shift+Digit3"], ["left", "left", "right", "right"]),
    ", and .": ([",", ".", "Shift+Comma", "Shift+Period"], ["left", "left", "right", "right"]),
    "+ and −": (["+", "-"], "view"),
    "F": (["f"], "view"),
    "Z": (["z", "Shift+KeyZ"], "view"),
    "Arrows": (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Shift+ArrowLeft"], ["view"] * 4 + ["position"]),
    "O": (["o"] * 5, "overlay"),
    "Page Up and Page Down": (["PageUp", "PageDown"], "push"),
    "P": (["p"], "push"),
    "R": (["r", "r"], "rectangle"),
    "G": (["g"] * 3, "error_range"),
    "H": (["h"] * 2, "histogram_scale"),
    "C": ([], None),
    "W": ([], None),
    "Home": (["Home"], "mode"),
    "?": ([], None),
}
START = {"mode": "side_by_side", "left": "dark", "right": "render", "view": [0, 0, 0], "push": 0, "overlay": "off"}
START |= {"rectangle": [], "position": 0.5, "blink_seconds": 5}
ALWAYS = {
    "button": ["Side by side", "Divider", "Blink", "Difference", "Error", "Zoom out", "Zoom in", "Fit", "100 %"]
    + ["Push to match", "Draw a rectangle", "No rectangle: the whole picture", "Copy the view as a picture", "Reset"]
    + ["Whole screen", "Help"]
    + [f"{name} on the {side}" for name in ("dark", "metered", "render") for side in ("left", "right")],
    "combobox": ["Lost"],
    "slider": ["Push"],
    "application": ["Pictures: dark, render. Press ? for help."],
    "region": ["Light table"],
    "table": ["Pixel 140, 60, in the middle", "Against render"],
    "img": ["dark: median red", "render: median red"],
}


@pytest.fixture(scope="module")
def table():
    return compare(make_pictures(), "render")


@pytest.fixture(scope="module")
def opened(open_table, table):
    return open_table(table)


@pytest.fixture
def shown(opened):
    opened.set(**START)
    opened.stage.focus()
    return opened


def test_all_that_help_lists_is_done_by_its_keys(shown):
    listed = shown.page.locator(".hdrkit-lt-help kbd").all_text_contents()
    assert listed == list(LISTED)
    shown.set(right="metered", mode="error", view=[140, 60, 8])
    for keys, changed in LISTED.values():
        for i, key in enumerate(keys):
            name = changed[i] if isinstance(changed, list) else changed
            prepare(shown, key)
            before = state(shown)
            shown.page.keyboard.press(key)
            after = state(shown)
            assert before[name] != after[name], (key, name)


def state(shown):
    return shown.run("Object.fromEntries(given.map((name) => [name, table.get(name)]))", STATE)


def prepare(shown, key):
    """Let there be something for a key to change."""
    if key == "p":
        shown.set(push=0, left="dark", right="metered")
    elif key == "Home":
        shown.set(mode="error")
    elif key.startswith("Arrow"):
        shown.set(view=[140, 60, 8])


def test_the_question_mark_opens_help_and_escape_brings_focus_back(shown):
    page = shown.page
    dialog = page.get_by_role("dialog", name="Help")
    for origin in (shown.stage, page.get_by_role("button", name="Help", exact=True)):
        origin.focus()
        page.keyboard.press("?" if origin is shown.stage else "Enter")
        expect(dialog).to_be_visible()
        page.keyboard.press("e")  # belongs to the dialog now
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(origin).to_be_focused()
        assert shown.get("mode") == "side_by_side"


def test_tab_reaches_every_control_and_leaves(shown):
    page = shown.page
    page.get_by_role("heading", name="A light table").click()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.parentElement.innerText.trim()"
        )
        if page.evaluate("!document.activeElement.closest('.hdrkit-light-table')"):
            break
        reached.append(name)
    else:
        pytest.fail("Tab does not leave the table")
    disabled = {"No rectangle: the whole picture", "Push to match"}
    wanted = {name for role in ("button", "application") for name in ALWAYS[role]} - disabled
    assert wanted <= set(reached)
    assert any(name.startswith("Lost") for name in reached) and any(name.startswith("Push") for name in reached)


def test_everything_has_a_role_and_a_name(shown):
    for role, names in ALWAYS.items():
        for name in names:
            expect(shown.page.get_by_role(role, name=name, exact=role != "img")).to_have_count(1)


def test_values_are_told(shown):
    page = shown.page
    shown.set(push=1.5, mode="divider", position=0.25)
    expect(page.get_by_role("slider", name="Push")).to_have_attribute("aria-valuetext", "+1.5 stops")
    expect(page.get_by_role("slider", name="Divider")).to_have_attribute("aria-valuetext", "25 % left")
    expect(page.get_by_role("button", name="Divider", exact=True)).to_have_attribute("aria-pressed", "true")
    shown.set(mode="blink")
    expect(page.get_by_role("slider", name="Seconds per picture")).to_have_value("3")
    expect(page.get_by_role("slider", name="Divider")).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "said"), [("d", "Divider"), ("o", "What is lost: Any channel"), ("2", "left: metered")]
)
def test_what_a_key_did_is_said(shown, key, said):
    shown.page.keyboard.press(key)
    expect(shown.page.locator(".hdrkit-lt-status")).to_have_text(said)


def test_who_wants_less_motion_is_spared_the_blinking(open_table, table):
    still = open_table(table, reduced_motion="reduce")
    still.set(mode="blink", blink_seconds=0.1)
    still.page.wait_for_timeout(400)
    assert not still.run("table.flipped")
    still.stage.focus()
    still.page.keyboard.down(" ")
    assert still.run("table.held")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(shown, scheme):
    shown.page.emulate_media(color_scheme=scheme)
    audit = Axe()
    for mode in ("divider", "difference"):  # each shows something of its own
        shown.set(mode=mode, rectangle=[1, 2, 30, 30])
        results = audit.run(shown.page)
        assert results.violations_count == 0, results.generate_report()
    shown.page.keyboard.press("?")
    results = audit.run(shown.page)
    shown.page.keyboard.press("Escape")
    assert results.violations_count == 0, results.generate_report()


def test_no_error_was_logged(shown, console_errors):
    assert console_errors == []
