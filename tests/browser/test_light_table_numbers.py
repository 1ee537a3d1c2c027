"""Numbers of the light table, read from the screen, against NumPy's and `hdrkit.evaluation.metrics`'."""

import numpy as np
import pytest
from helpers.light_tables import KINDS, encoded, make_pictures
from playwright.sync_api import expect

from hdrkit.evaluation import metrics
from hdrkit.images import srgb
from hdrkit.widgets import compare

LUMINANCE = (0.2126, 0.7152, 0.0722)
REGION = (60, 30, 40, 20)


@pytest.fixture(scope="module", params=KINDS)
def pictures(request):
    return make_pictures(request.param)


@pytest.fixture(scope="module")
def shown(open_table, pictures):
    """Return a table of metered and render, beside the dark frame as the control."""
    table = compare(pictures, "render", "dark")
    table.left = "metered"
    return open_table(table)


def cells(shown, caption):
    """Return the cells of a table's rows, by the name of the row."""
    rows = shown.page.get_by_role("table", name=caption).locator("tbody tr")
    texts = rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText))")
    return {name: values for name, *values in texts}


@pytest.mark.parametrize("push", [0, 1.5])
def test_the_loupe_reads_the_pixel_under_the_pointer(shown, pictures, push):
    shown.show((40, 20), 8, left="metered", push=push, rectangle=[])
    box = shown.stage.bounding_box()
    for x, y in [(3, 2), (17, 9)]:
        shown.page.mouse.move(box["x"] + 8 * x + 4, box["y"] + 8 * y + 4)
        shown.settle()
        read = cells(shown, f"Pixel {40 + x}, {20 + y}")
        for name, by in [("metered", push), ("render", 0)]:
            assert_reads(read[name], pictures[name].array[20 + y, 40 + x], by)


def assert_reads(words, pixel, push):
    numbers = [np.array(word.split(), float) for word in words[:2]]
    shown, light = encoded(pixel, push), srgb.decode(encoded(pixel)) * 2**push
    if pixel.dtype == np.float32:
        assert numbers[0] == pytest.approx(shown, abs=0.0006)
        light = pixel.astype(np.float16).astype(float) * 2**push
    else:
        assert numbers[0] == pytest.approx(np.round(shown * np.iinfo(pixel.dtype).max), abs=0 if push == 0 else 1)
    assert numbers[1] == pytest.approx(light, rel=0.006)
    stops = np.log2(light @ LUMINANCE / 0.18)
    assert float(words[2].replace("−", "-")) == pytest.approx(stops, abs=0.006)


@pytest.mark.parametrize("push", [0, -1])
def test_psnr_and_ssim_are_those_of_the_kit(shown, pictures, push):
    shown.set(left="metered", push=push, rectangle=[])
    assert_numbers(shown, pictures, push, {"whole": (0, 0, None, None)})


def test_psnr_and_ssim_of_a_region_drawn_with_shift(shown, pictures):
    shown.show((40, 20), 4, left="metered", push=0, rectangle=[])
    box = shown.stage.bounding_box()
    shown.page.keyboard.down("Shift")
    shown.page.mouse.move(box["x"] + 80, box["y"] + 40)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + 240, box["y"] + 120, steps=3)
    shown.page.mouse.up()
    shown.page.keyboard.up("Shift")
    assert shown.get("rectangle") == list(REGION)
    assert_numbers(shown, pictures, 0, {"whole": (0, 0, None, None), "rectangle": REGION})
    expect(shown.page.get_by_text("Histograms of the rectangle")).to_be_visible()


def assert_numbers(shown, pictures, push, places):
    expect(shown.page.get_by_role("table", name="Against render")).to_be_visible()
    read = cells(shown, "Against render")
    pushed = f", pushed {'−' if push < 0 else '+'}{abs(push):.1f} EV" if push else ""
    assert list(read) == [name for what in places for name in (f"metered{pushed}: {what}", f"dark, untouched: {what}")]
    rows = iter(read.values())
    for x, y, width, height in places.values():
        part = (slice(y, height and y + height), slice(x, width and x + width))
        for name, by in [("metered", push), ("dark", 0)]:
            image, target, top = comparable(pictures[name].array[part], pictures["render"].array[part], by)
            psnr, ssim = next(rows)
            assert float(psnr.removesuffix(" dB")) == pytest.approx(metrics.psnr(image, target, top), abs=0.01)
            assert float(ssim) == pytest.approx(metrics.ssim(image, target, top), abs=0.0005)


def comparable(image, target, push):
    """Return both as the contract of the numbers says, the first pushed and rounded as its kind is, and the range."""
    first, second = encoded(image, push), encoded(target)
    if image.dtype == np.float32:
        return first.astype(np.float32), second.astype(np.float32), 1
    top = np.iinfo(image.dtype).max
    whole = np.round(first * top).astype(image.dtype)
    return (whole, target, 255) if top == 255 else ((whole / top).astype(np.float32), second.astype(np.float32), 1)


def test_a_picture_is_identical_with_itself(shown):
    shown.set(left="render", push=0, rectangle=[])
    expect(shown.page.get_by_role("row", name="render: whole identical 1.0000")).to_be_visible()


def test_histograms_are_described_and_change_their_scale(shown, pictures):
    shown.set(left="metered", rectangle=[], push=0)
    light = srgb.decode(encoded(pictures["metered"].array))
    if pictures["metered"].array.dtype == np.float32:
        light = pictures["metered"].array
    medians = np.median(np.log2(np.maximum(light, 1e-9) / 0.18), axis=(0, 1))
    label = shown.page.get_by_role("img", name="metered: median").get_attribute("aria-label")
    said = [float(word.rstrip(",").replace("−", "-")) for word in label.split() if word[0] in "+−0"]
    assert said == pytest.approx(medians, abs=0.13)
    line = shown.page.locator(".hdrkit-lt-details svg polyline").first
    linear = line.get_attribute("points")
    shown.stage.focus()
    shown.page.keyboard.press("h")
    assert shown.get("histogram_scale") == "log"
    assert line.get_attribute("points") != linear
    shown.page.keyboard.press("h")


def test_the_filmstrip_says_how_each_picture_was_exposed_and_what_it_lost(shown, pictures):
    strip = shown.page.get_by_role("list", name="Pictures").get_by_role("listitem")
    for item, (name, picture) in zip(strip.all(), pictures.items(), strict=True):
        brightest = encoded(picture.array).max(axis=-1)
        bright = "above white" if picture.array.dtype == np.float32 else "clipped"  # light is kept, the screen ends
        shares = {bright: (brightest >= 250 / 255).mean(), "under": (brightest <= 25 / 255).mean()}
        expect(item).to_contain_text(name)
        for word, share in shares.items():
            expect(item).to_contain_text(f"{'< 1' if 0 < share < 0.01 else round(100 * share)} % {word}")
        if picture.seconds:
            expect(item).to_contain_text(f"1/{round(1 / picture.seconds)} s")


def test_no_error_was_logged(shown, console_errors):
    assert console_errors == []
