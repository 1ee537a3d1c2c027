"""The light table's Python side: what the browser is told and sent, what it may set, and the numbers."""

import time

import numpy as np
import pandas as pd
import pytest
from helpers.scenes import make_scene
from traitlets import TraitError

from hdrkit.core.errors import HdrkitError
from hdrkit.evaluation import metrics
from hdrkit.images import jpeg, srgb
from hdrkit.widgets import Picture, compare, pyramid

RNG = np.random.default_rng(0)
PICTURES = {name: RNG.integers(0, 256, (40, 50, 3)).astype(np.uint8) for name in ("frame", "network", "render")}


@pytest.fixture
def table():
    return compare(PICTURES, reference="render")


@pytest.fixture
def sent(table, monkeypatch):
    messages = []
    monkeypatch.setattr(table, "send", lambda content, buffers=None: messages.append((content, buffers)))
    return messages


def settled(table):
    """Wait for the numbers of the state as it is."""
    state = {"left": table.left, "right": table.right, "rectangle": table.rectangle, "push": table.push}
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        analysis = table.analysis
        if analysis and not analysis.get("pending") and {name: analysis[name] for name in state} == state:
            return analysis
        time.sleep(0.01)
    return pytest.fail(f"no numbers of {state}, only {table.analysis}")


def ask(table, content):
    table._handle_custom_msg(content, [])  # as ipywidgets does with a message of the browser


def test_a_scene_is_compared_with_its_render(scene):
    table = compare(scene)
    names = [picture["name"] for picture in table.pictures]
    assert names == [f"EV {ev}" for ev in ("−4", "−3", "−2", "−1", "0", "+1", "+2", "+3", "+4")] + ["render"]
    assert (table.left, table.right, table.control, table.reference) == ("EV 0", "render", "EV 0", "render")
    assert table.pictures[0]["detail"] == "1/1000 s" and table.pictures[0]["ev"] == -4
    assert table.pictures[-1]["ev"] is None and table.pictures[-1]["detail"] == ""
    assert table.size == [36, 24]


def test_without_names_the_first_two_are_compared():
    table = compare(PICTURES)
    assert (table.left, table.right, table.control, table.reference) == ("frame", "network", "frame", "")
    assert compare(PICTURES, reference="frame").left == "network"


@pytest.mark.parametrize("role", ["reference", "control"])
def test_an_unknown_role_is_told(role):
    with pytest.raises(HdrkitError, match=f"^{role}: no picture is named 'none'; there are frame, network, render$"):
        compare(PICTURES, **{role: "none"})


def test_the_response_is_known_where_frames_agree_with_their_exposure():
    # Blocks of one value each: enough pixels that two neighbours both expose well.
    scene = make_scene(size=(240, 360))
    np.testing.assert_allclose(compare(scene).response, srgb.decode(np.arange(256) / 255))
    scene.frames[:4] = scene.frames[4]  # each brightened by itself, as LibRaw's defaults do
    assert compare(scene).response == []


def test_the_first_tiles_are_those_of_the_pair_on_a_level_that_is_small_enough():
    pictures = {name: np.zeros((601, 900, 3), np.uint8) for name in "abc"}
    tiles = compare(pictures, reference="c").tiles
    assert set(tiles) == {f"{index}/1/{x}/{y}" for index in (0, 2) for x in (0, 1) for y in (0, 1)}
    assert tiles["0/1/1/0"] == pyramid.pack(pyramid.tile(pictures["a"], 1, 1, 0))


def test_thumbnails_are_small_jpegs():
    pictures = {"a": np.full((300, 601, 3), [200, 100, 50], np.uint8), "b": np.full((300, 601, 3), 0.18, np.float32)}
    thumbs = [jpeg.decode(picture["thumb"]) for picture in compare(pictures).pictures]
    assert thumbs[0].shape == thumbs[1].shape == (60, 120, 3)
    assert np.abs(thumbs[0] - [200.0, 100, 50]).max() <= 3
    assert np.abs(thumbs[1] - 255 * srgb.encode(np.float32(0.18))).max() <= 1


def test_the_browser_is_told_how_values_are_stored():
    half = np.full((20, 20, 3), 0.5)
    table = compare({"light": half, "network": Picture(half, linear=False), "frame": np.zeros((20, 20), np.uint8)})
    told = [(picture["kind"], picture["linear"]) for picture in table.pictures]
    assert told == [("float16", True), ("uint16", False), ("uint8", False)]


def test_tiles_are_sent_when_asked_for(table, sent):
    ask(table, {"type": "tiles", "keys": ["2/0/0/0", "1/0/0/0"]})
    ((content, buffers),) = sent
    assert content == {"type": "tiles", "keys": ["2/0/0/0", "1/0/0/0"]}
    assert buffers == [pyramid.pack(PICTURES[name]) for name in ("render", "network")]


def test_many_tiles_come_in_several_messages(monkeypatch):
    table = compare({name: np.zeros((1000, 1000, 3), np.uint8) for name in "ab"})
    messages = []
    monkeypatch.setattr(table, "send", lambda content, buffers: messages.append((content["keys"], buffers)))
    keys = [f"1/0/{x}/{y}" for x in range(4) for y in range(4)]
    ask(table, {"type": "tiles", "keys": keys})
    assert len(messages) > 1 and [key for batch, _ in messages for key in batch] == keys
    assert all(len(batch) == len(buffers) for batch, buffers in messages)


@pytest.mark.parametrize("key", ["3/0/0/0", "0/1/0/0", "0/0/1/0", "0/0/0/1", "-1/0/0/0", "0/0/0", "a", "", None, 7])
def test_keys_that_make_no_sense_are_ignored(table, sent, key):
    ask(table, {"type": "tiles", "keys": [key]})
    assert sent == []
    ask(table, {"type": "tiles", "keys": [key, "0/0/0/0"]})
    assert [content["keys"] for content, _ in sent] == [["0/0/0/0"]]


@pytest.mark.parametrize("content", [None, "tiles", {}, {"type": "other", "keys": ["0/0/0/0"]}, {"type": "tiles"}])
def test_other_messages_are_ignored(table, sent, content):
    ask(table, content)
    assert sent == []


def test_numbers_come_by_themselves_and_follow_what_is_chosen(table):
    table._repr_mimebundle_()  # as when it is shown
    (row,) = settled(table)["numbers"]
    assert row["psnr"] == row["control_psnr"] == metrics.psnr(PICTURES["frame"], PICTURES["render"], 255)
    assert row["ssim"] == pytest.approx(metrics.ssim(PICTURES["frame"], PICTURES["render"], 255))
    table.rectangle = [5, 6, 20, 10]
    table.left = "network"
    table.push = 1.0
    whole, part = settled(table)["numbers"]
    assert part["what"] == "rectangle" and part["ssim"] is None  # 10 rows
    assert whole["control_psnr"] == row["psnr"] and whole["psnr"] != row["psnr"]
    assert np.sum(table.analysis["histograms"]["left"]) == 3 * 200


def test_numbers_come_even_where_the_table_is_not_shown_by_itself(table):
    assert len(settled(table)["numbers"]) == 1


def test_ssim_comes_after_the_rest(table):
    seen = []
    table.observe(lambda change: seen.append(change["new"]), "analysis")
    table.left = "network"
    settled(table)
    first, last = [analysis for analysis in seen if analysis["left"] == "network"][:2]
    assert first["pending"] and first["numbers"][0]["ssim"] is None and "pending" not in last
    assert first["numbers"][0]["psnr"] == last["numbers"][0]["psnr"] and first["histograms"] == last["histograms"]


def test_infinite_psnr_is_a_word_for_the_browser_and_a_number_in_python(table):
    table.left = "render"
    assert settled(table)["numbers"][0]["psnr"] == "inf"
    assert table.numbers().psnr[0] == np.inf


def test_exercises_read_the_numbers_of_the_present_state(table):
    table.left, table.rectangle = "network", [0, 0, 30, 10]
    numbers = table.numbers()
    assert list(numbers.columns) == ["what", "psnr", "ssim", "control_psnr", "control_ssim"]
    assert list(numbers.what) == ["whole", "rectangle"]
    assert numbers.psnr[0] == metrics.psnr(PICTURES["network"], PICTURES["render"], 255)
    assert numbers.psnr[1] == metrics.psnr(PICTURES["network"][:10, :30], PICTURES["render"][:10, :30], 255)
    assert pd.isna(numbers.ssim[1]) and pd.notna(numbers.ssim[0])


@pytest.mark.parametrize(
    ("trait", "value", "told"),
    [
        ("left", "none", "left: no picture is named 'none'; there are frame, network, render"),
        ("right", "", "right: no picture is named ''"),
        ("mode", "upside_down", "mode: 'upside_down' is none of side_by_side, divider, blink, difference, error"),
        ("overlay", "yellow", "overlay: 'yellow' is none of off, any, red, green, blue"),
        ("histogram_scale", "cubic", "histogram_scale: 'cubic' is none of linear, log"),
        ("position", 1.5, "position: 1.5 is not in [0, 1]"),
        ("push", 9, "push: 9 is not in [-8, 8]"),
        ("push", np.nan, "push: nan is not in [-8, 8]"),
        ("blink_seconds", 0.1, "blink_seconds: 0.1 is not in [0.2, 5]"),
        ("error_range", 100, "error_range: 100 is none of 16, 64, 255"),
        ("view", [0, 0], "view: [0.0, 0.0] is not [x, y, zoom]"),
        ("view", [0, 0, -1], "view: [0.0, 0.0, -1.0] is not"),
        ("rectangle", [1, 2, 3], "rectangle: [1, 2, 3] is neither [] nor"),
        ("rectangle", [31, 0, 20, 10], "rectangle: [31, 0, 20, 10] does not lie in 50 x 40 pixels"),
        ("rectangle", [0, 0, 0, 10], "rectangle: [0, 0, 0, 10] does not lie in"),
        ("rectangle", [-1, 0, 5, 5], "rectangle: [-1, 0, 5, 5] does not lie in"),
    ],
)
def test_values_that_cannot_be_are_refused_in_one_line_and_the_last_one_stays(table, trait, value, told):
    before = getattr(table, trait)
    with pytest.raises(HdrkitError) as error:
        setattr(table, trait, value)
    assert str(error.value).startswith(told) and "\n" not in str(error.value)
    with pytest.raises(TraitError):
        table.set_state({trait: value})  # as ipywidgets does with what the browser sets
    assert getattr(table, trait) == before


def test_the_browser_sets_what_the_reader_chose(table):
    table.set_state({"mode": "divider", "position": 0.25, "view": [10, 20, 4], "rectangle": [0, 0, 50, 40]})
    assert (table.mode, table.position, table.view, table.rectangle) == ("divider", 0.25, [10, 20, 4], [0, 0, 50, 40])


def test_beside_the_widget_stands_what_needs_no_kernel(table):
    data, _ = table._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == table.model_id
    assert data["text/html"].startswith('<figure class="hdrkit-standalone"')


def test_a_picture_is_replaced_while_it_is_shown(table, sent):
    settled(table)
    other = 255 - PICTURES["network"]
    table.left = "network"
    table.replace("network", other)
    ((message, buffers),) = [one for one in sent if one[0]["type"] == "replaced"]
    assert message["picture"] == 1 and message["keys"] == ["1/0/0/0"]
    assert buffers == [pyramid.pack(other)]
    assert [picture["name"] for picture in table.pictures] == list(PICTURES)
    assert table.numbers().psnr[0] == pytest.approx(metrics.psnr(other, PICTURES["render"], data_range=255))
    wanted = metrics.psnr(other, PICTURES["render"], data_range=255)
    deadline = time.monotonic() + 30
    while settled(table)["numbers"][0]["psnr"] != pytest.approx(wanted) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert settled(table)["numbers"][0]["psnr"] == pytest.approx(wanted)


def test_what_does_not_fit_replaces_nothing(table):
    with pytest.raises(HdrkitError, match="no picture is named 'x'"):
        table.replace("x", PICTURES["frame"])
    with pytest.raises(HdrkitError, match="frame: 10 x 40 pixels, the others have 50 x 40"):
        table.replace("frame", PICTURES["frame"][:, :10])
    assert table.arrays["frame"] is PICTURES["frame"]
