"""A light table on a page without a kernel: all in it, small enough, no word to another server."""

import base64
import html
import json
import re
import zlib

import numpy as np
import pytest
from helpers.scenes import make_scene

from hdrkit.images import jpeg, srgb
from hdrkit.widgets import compare, pyramid, standalone
from hdrkit.widgets.standalone import standalone_html

SMALL = {name: np.random.default_rng(0).integers(0, 256, (40, 300, 3)).astype(np.uint8) for name in ("one", "two")}


def state_of(page):
    return json.loads(re.search(r'<script type="application/json" data-hdrkit>(.*?)</script>', page, re.S)[1])


@pytest.fixture(scope="module")
def large():
    """A bracket of ten pictures of 4 megapixels with noise, which no compression gets rid of."""
    scene = make_scene(size=(1600, 2400))
    noise = np.random.default_rng(0).integers(0, 9, scene.frames.shape[1:], np.uint8)
    scene.frames[:] = np.minimum(scene.frames, 240) + noise
    table = compare(scene)
    table.rectangle, table.view, table.left = [800, 400, 1600, 1200], [1200.0, 800.0, 2.0], "EV −4"
    return table


@pytest.fixture(scope="module")
def page(large):
    return standalone_html(large)


def test_large_pictures_are_reduced_until_all_fits_but_no_further(page):
    assert 0.85 * standalone.LARGEST < len(page.encode()) <= 1_500_000


def test_small_pictures_stay_as_they_are():
    state = state_of(standalone_html(compare(SMALL)))
    assert (state["size"], state["full_size"], state["scale"]) == ([300, 40], [300, 40], 1)
    tiles = compare(SMALL).tiles
    for key in ("0/0/0/0", "0/0/1/0", "1/0/1/0"):
        assert base64.b64decode(state["tiles"][key]) == tiles[key]


def test_all_tiles_of_all_levels_are_there(page):
    state = state_of(page)
    levels = range(len(pyramid.level_sizes(*state["size"])))
    places = [(level, x, y) for level in levels for x, y in pyramid.places(state["size"], level)]
    assert set(state["tiles"]) == {f"{i}/{level}/{x}/{y}" for i in range(10) for level, x, y in places}


def test_reduced_pictures_keep_their_light(large, page):
    state = state_of(page)
    width, height = pyramid.level_sizes(*state["size"])[-1]
    level = len(pyramid.level_sizes(*state["size"])) - 1
    data = zlib.decompress(base64.b64decode(state["tiles"][f"9/{level}/0/0"]))
    render = np.cumsum(np.frombuffer(data, np.uint8).reshape(height, width, 3), axis=1, dtype=np.uint8)
    wanted = srgb.decode_integers(large.arrays["render"]).mean(axis=(0, 1), dtype=np.float64)
    np.testing.assert_allclose(srgb.decode_integers(render).mean(axis=(0, 1), dtype=np.float64), wanted, rtol=0.01)


def test_the_state_is_that_of_the_table_in_the_pixels_of_the_page(large, page):
    state = state_of(page)
    scale = state["size"][0] / 2400
    assert state["scale"] == scale and state["full_size"] == [2400, 1600]
    assert state["view"] == [1200 * scale, 800 * scale, 2 / scale]
    np.testing.assert_allclose(state["rectangle"], np.array(large.rectangle) * scale, atol=1)
    assert state["left"] == "EV −4" and state["control"] == "EV 0" and state["response"] == large.response
    missing = set(large.keys) - set(state)
    assert {name for name in missing if not name.startswith("_")} <= {"layout", "tabbable", "tooltip"}
    assert base64.b64decode(state["pictures"][3]["thumb"]) == large.pictures[3]["thumb"]


def test_a_rectangle_of_few_pixels_is_never_nothing(large):
    large.rectangle = [3, 3, 1, 1]
    x, y, width, height = state_of(standalone_html(large))["rectangle"]
    assert (width, height) == (1, 1) and min(x, y) >= 0


def test_a_picture_stands_there_without_scripts_and_says_what_it_shows(large, page):
    source, alt = re.search(r'<img src="data:image/jpeg;base64,([^"]+)" alt="([^"]+)"', page).groups()
    picture = jpeg.decode(base64.b64decode(source))
    assert picture.shape == (320, 2 * 480 + 8, 3)
    assert picture[:, :480].mean() < picture[:, 488:].mean()  # EV −4 is darker than the render
    psnr = large.numbers(with_ssim=False).psnr[0]
    assert "On the left EV −4 (1/1000 s, " in alt and "on the right render (" in alt and f"PSNR {psnr:.1f} dB" in alt


def test_nothing_is_asked_from_another_server(page):
    visible = re.sub(
        r"data:image/jpeg;base64,[^\"]+|<script type=\"application/json\".*?</script>", "", page, flags=re.S
    )
    assert set(re.findall(r"https?://[^\s\"'`]+", visible)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(?:script|img|link)[^>]*(?:src|href)=\"(?!data:)", page)


def test_names_like_markup_end_nothing():
    name = '</script><!--<script>"<i>'
    page = standalone_html(compare({name: SMALL["one"], "two": SMALL["two"]}))
    assert page.count("</script>") == 2 and "<i>" not in page
    assert state_of(page)["left"] == name
    assert name in html.unescape(re.search('alt="([^"]+)"', page)[1])


def test_the_same_table_makes_the_same_page():
    assert standalone_html(compare(SMALL)) == standalone_html(compare(SMALL))
    other = standalone_html(compare(SMALL, reference="one"))
    identities = {re.search('id="([^"]+)"', page)[1] for page in (other, standalone_html(compare(SMALL)))}
    assert len(identities) == 2 and all(identity in other for identity in identities if f'"{identity}"' in other)
