"""The gallery of errors: what is in it, in which order, and what a choice shows."""

import time
from dataclasses import replace

import numpy as np
import pytest
from helpers.scenes import make_scene
from helpers.widgets import pictures

from hdrkit.core.errors import HdrkitError
from hdrkit.dataset.crops import cut
from hdrkit.evaluation import scoring
from hdrkit.widgets import errors
from hdrkit.widgets.errors import PSNR, SHARE, SSIM, WHOLE, Wish, browse_errors, select


@pytest.fixture(scope="module")
def crops():
    return cut([make_scene("barn", "test", (32, 48)), make_scene("mill", "test", (32, 48), seed=1)], 32)


@pytest.fixture(scope="module")
def outputs(crops):
    return 255 - crops.x


@pytest.fixture(scope="module")
def scores(crops, outputs):
    return scoring.score(outputs, crops, "negative")


@pytest.fixture(scope="module")
def table(crops, scores):
    return errors.measures(crops, scores)


@pytest.fixture
def browser(crops, outputs, scores):
    return browse_errors(crops, outputs, scores)


def test_the_measures_are_those_of_the_scores_and_the_shares_those_of_the_frames(table, crops, scores):
    np.testing.assert_array_equal(table[WHOLE, PSNR], scores.psnr_db)
    np.testing.assert_array_equal(table["clipped", SSIM], scores.ssim_clipped)
    clipped = (crops.x.max(axis=-1) >= 250).mean(axis=(1, 2))
    np.testing.assert_allclose(table["clipped", SHARE], clipped)
    shares = sum(table[region, SHARE] for region in ("under-exposed", "well exposed", "clipped"))
    np.testing.assert_allclose(shares, 1)


def test_other_columns_of_numbers_are_measures_too(crops, scores):
    table = errors.measures(crops, scores.assign(haze=np.arange(len(scores)) % 5, made="here"))
    assert list(table[WHOLE]) == [PSNR, SSIM, SHARE, "haze"]
    order = select(
        table, crops.ev, Wish("haze", region="clipped", least=0.2)
    )  # of the whole picture, told by its region
    assert (np.diff(table[WHOLE, "haze"][order]) >= 0).all() and (table["clipped", SHARE][order] >= 0.2).all()


@pytest.mark.parametrize("highest_first", [False, True])
def test_the_order_is_that_of_the_measure(table, crops, highest_first):
    order = select(table, crops.ev, Wish(SSIM, highest_first=highest_first))
    assert sorted(order) == list(range(len(crops.x)))
    steps = np.diff(table[WHOLE, SSIM][order])
    assert (steps <= 0 if highest_first else steps >= 0).all()


def test_a_filter_leaves_the_wished_exposure_and_region(table, crops):
    order = select(table, crops.ev, Wish(PSNR, "clipped", ev=3, least=0.05))
    wished = (crops.ev == 3) & (table["clipped", SHARE] >= 0.05) & table["clipped", PSNR].notna()
    assert sorted(order) == list(np.flatnonzero(wished)) and len(order)
    assert len(select(table, crops.ev + 0.3, Wish(ev=3))) == len(
        select(table, crops.ev, Wish(ev=3))
    )  # about three stops


def test_a_perfect_picture_is_in_the_order_and_one_without_the_region_is_not(crops):
    perfect = scoring.score(crops.y[crops.target], crops, "render")
    table = errors.measures(crops, perfect)
    assert len(select(table, crops.ev, Wish(PSNR))) == len(crops.x)
    inside = select(table, crops.ev, Wish(PSNR, "under-exposed"))
    assert set(inside) == set(np.flatnonzero(perfect.psnr_under_db.notna())) < set(range(len(crops.x)))


def test_scores_of_other_crops_or_of_two_methods_are_refused(crops, outputs, scores):
    for wrong in (scores.iloc[::-1], scores.iloc[1:], scores.iloc[[*range(len(scores))] * 2]):
        with pytest.raises(HdrkitError, match=r"rows of scores, 36 crops: give the crops, and the rows of one method"):
            browse_errors(crops, outputs, wrong)
    nothing = crops.where(np.zeros(len(crops.x), bool))
    with pytest.raises(HdrkitError, match="0 rows of scores, 0 crops"):
        browse_errors(nothing, outputs[:0], scores[:0])


def test_outputs_of_another_kind_are_refused(crops, outputs, scores):
    for wrong in (outputs[1:], outputs / 255):
        with pytest.raises(HdrkitError, match="^outputs: .* for these crops uint8"):
            browse_errors(crops, wrong, scores)


def test_it_opens_with_the_worst_picture_on_the_table(browser, crops, outputs, scores):
    assert browser.chosen == scores.psnr_db.argmin() == browser.shown[0]
    assert (browser.table.left, browser.table.right, browser.table.mode) == ("output", "render", "error")
    assert browser.table.numbers().psnr[0] == pytest.approx(scores.psnr_db.min())
    np.testing.assert_array_equal(browser.table.arrays["frame"], crops.x[browser.chosen])


def test_a_click_puts_another_picture_on_the_table(browser, crops, outputs, scores):
    browser.gallery.set_state({"value": 5})  # what the browser sends
    assert browser.chosen == 5
    for name, picture in {"frame": crops.x[5], "output": outputs[5], "render": crops.y[crops.target[5]]}.items():
        np.testing.assert_array_equal(browser.table.arrays[name], picture)
    assert browser.table.numbers().psnr[0] == pytest.approx(scores.psnr_db[5])
    assert browser.table.pictures[0]["ev"] == crops.ev[5]
    assert f"{crops.scene[5]}, crop {crops.crop[5]}, EV " in browser.said.value
    assert f"PSNR {scores.psnr_db[5]:.1f} dB, SSIM {scores.ssim[5]:.2f}" in browser.said.value


def test_a_picture_that_is_not_there_cannot_be_chosen(browser):
    with pytest.raises(HdrkitError, match="no picture 36; there are pictures 0 to 35"):
        browser.choose(36)


def test_the_controls_sort_and_filter_the_gallery(browser, crops, table):
    browser.controls["region"].value, browser.controls["least"].value = "clipped", 3
    browser.controls["measure"].value, browser.controls["order"].value = SHARE, True
    browser.controls["ev"].value = "EV +4"
    wish = Wish(SHARE, "clipped", ev=4, least=0.1, highest_first=True)
    assert browser.wish == wish
    assert list(browser.shown) == browser.gallery.order == list(select(table, crops.ev, wish)) != []
    assert browser.chosen == browser.shown[0]  # the one that was chosen is gone
    assert browser.gallery.captions[browser.chosen] == f"{table['clipped', SHARE][browser.chosen]:.0%}, EV +4"
    assert f"{len(browser.shown)} of 36 pictures" in browser.said.value
    last = int(browser.shown[-1])
    browser.choose(last)
    browser.controls["order"].value = False
    assert browser.chosen == last  # what is still there stays chosen


def test_nothing_found_leaves_the_table_as_it_is(browser):
    before = browser.chosen
    browser.controls["region"].value, browser.controls["least"].value = "clipped", 8
    browser.controls["ev"].value = "EV −4"
    assert browser.gallery.order == [] and browser.chosen == before and "0 of 36 pictures" in browser.said.value


def test_an_exported_page_shows_the_first_pictures_and_the_table(browser):
    page = browser._repr_mimebundle_()["text/html"]
    gallery, table = page.split('<figure class="hdrkit-standalone"')
    assert len(pictures(gallery)) == errors.STILL and browser.gallery.names[browser.shown[0]] in gallery
    assert "data-hdrkit" in table


def test_some_hundred_pictures_open_in_two_seconds_and_follow_a_click_at_once():
    scene = make_scene("barn", "test", (96, 144))
    crops = cut([replace(scene, name=f"scene {i}") for i in range(20)], 96)
    outputs = 255 - crops.x
    scores = scoring.score(outputs, crops, "negative")
    assert len(crops.x) == 360
    started = time.monotonic()
    browser = browse_errors(crops, outputs, scores)
    assert time.monotonic() - started < 2
    clicks = []
    for place in range(5):
        started = time.monotonic()
        browser.choose(place)
        clicks.append(time.monotonic() - started)
    assert min(clicks) < 0.1  # of several, as the machine may be busy
    assert sum(map(len, browser.gallery.pictures)) < 3e6
