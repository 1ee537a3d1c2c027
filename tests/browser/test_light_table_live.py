"""The light table in JupyterLab, with a kernel: state goes both ways, numbers and tiles come when needed."""

import numpy as np
import pytest
from helpers.light_tables import ShownTable, assert_alike
from playwright.sync_api import expect

from hdrkit.evaluation import metrics

PLACE = (1500, 1000)  # the middle of the pictures, where four tiles of the finest level are near
LEVEL_0 = "[...store.held.keys()].filter((name) => name.split('/')[1] === '0').length"

PICTURES = """import numpy as np
y, x = np.mgrid[:2000, :3000]
ramps = np.stack([x % 251, y % 241, (x + y) // 20 % 256], -1).astype(np.uint8)
pictures = {"ramps": ramps, "turned": ramps[::-1].copy(), "softer": (ramps / 2 + 40).astype(np.uint8)}"""
# Beside the table, what Python knows of it, and a button by which Python changes it.
TABLE = f"""{PICTURES}
import ipywidgets
from hdrkit.widgets import compare
table = compare(pictures, "turned")
said = ipywidgets.Label()
NAMES = ["mode", "left", "right", "push", "rectangle", "position"]
table.observe(lambda _: setattr(said, "value", repr([getattr(table, name) for name in NAMES])), NAMES)
def choose(_):
    table.mode, table.left, table.push, table.rectangle = "divider", "softer", 0.5, [1400, 900, 200, 100]
button = ipywidgets.Button(description="Let Python choose")
button.on_click(choose)
ipywidgets.VBox([table, button, said])"""


@pytest.fixture(scope="module")
def pictures():
    y, x = np.mgrid[:2000, :3000]
    ramps = np.stack([x % 251, y % 241, (x + y) // 20 % 256], -1).astype(np.uint8)
    return {"ramps": ramps, "turned": ramps[::-1], "softer": (ramps / 2 + 40).astype(np.uint8)}


@pytest.fixture(scope="module")
def shown(run_cell):
    return ShownTable(run_cell("table", TABLE))


def numbers(shown, what):
    return shown.page.get_by_role("table", name="Against turned").get_by_role("row", name=what)


def test_what_python_measures_arrives(shown, pictures):
    psnr = metrics.psnr(pictures["ramps"], pictures["turned"], 255)
    expect(numbers(shown, "ramps: whole")).to_contain_text(f"{psnr:.2f} dB")
    expect(numbers(shown, "ramps: whole")).not_to_contain_text("…")  # SSIM takes longer


def test_tiles_come_when_the_view_needs_them(shown, pictures):
    assert shown.run(LEVEL_0) <= 2  # those under the loupe
    shown.show(PLACE, 4)
    shown.page.wait_for_function(
        "stage => stage.parentElement.lightTable.store.asked.size === 0", arg=shown.stage.element_handle()
    )
    shown.settle()
    assert 2 <= shown.run(LEVEL_0) < 20
    canvas = shown.canvas()
    for name, (left, top, width, height) in zip(
        ("ramps", "turned"), shown.run("stage.panes().map(({ clip }) => clip)"), strict=True
    ):
        rows, columns = (
            start + np.arange(length) // 4 for start, length in zip(PLACE[::-1], (height, width), strict=True)
        )
        assert_alike(canvas[top : top + height, left : left + width], pictures[name][np.ix_(rows, columns)], 0, 0)


def test_what_the_reader_does_reaches_python(shown):
    shown.stage.focus()
    for key in ("e", "3", "PageUp", "Shift+ArrowLeft"):
        shown.page.keyboard.press(key)
    expect(shown.page.get_by_text("['error', 'softer', 'turned', 0.333, [], 0.48]")).to_be_visible()
    shown.page.keyboard.press("r")
    rectangle = shown.get("rectangle")
    expect(shown.page.get_by_text(f"0.333, {rectangle}, 0.48]")).to_be_visible()


def test_what_python_sets_reaches_the_reader(shown, pictures):
    shown.page.get_by_role("button", name="Let Python choose").click()
    expect(shown.page.get_by_role("button", name="Divider", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(shown.page.get_by_role("slider", name="Push")).to_have_attribute("aria-valuetext", "+0.5 stops")
    assert [shown.get(name) for name in ("left", "rectangle")] == ["softer", [1400, 900, 200, 100]]
    expect(numbers(shown, "softer, pushed +0.5 EV: rectangle")).to_contain_text("dB")
    part = (slice(900, 1000), slice(1400, 1600))
    control = metrics.psnr(pictures["ramps"][part], pictures["turned"][part], 255)
    expect(numbers(shown, "ramps, untouched: rectangle")).to_contain_text(f"{control:.2f} dB")


def test_jupyterlab_leaves_the_tables_keys_alone(shown):
    shown.stage.focus()
    for keys in ("b", "a", "dd", "x", "m", "00", "h"):  # by which JupyterLab changes cells, or restarts the kernel
        for key in keys:
            shown.page.keyboard.press(key)
        shown.settle()
        assert [shown.page.locator(one).count() for one in (".jp-Cell", ".jp-CodeCell", "dialog:visible")] == [
            1,
            1,
            0,
        ], keys
    shown.page.keyboard.press("s")
    assert shown.get("mode") == "side_by_side"


def test_keys_typed_elsewhere_are_not_the_tables(shown):
    shown.page.locator(".jp-Cell .cm-content").click()
    shown.page.keyboard.press("e")
    assert shown.get("mode") == "side_by_side"


def test_the_browser_logs_no_error(shown, console_errors):
    assert console_errors == []
