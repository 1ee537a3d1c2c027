"""Enhancing a picture: what goes in comes out in kind, and what is no picture is refused."""

import re
import shutil

import numpy as np
import pytest

import hdrkit
from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.enhancement import api
from hdrkit.images import srgb
from hdrkit.models.grid_spec import THUMBNAIL
from hdrkit.simulation import camera, embedded_views, panorama


def scene(ev=0.0, size=(300, 200)):
    """A photograph of a train place: uint8."""
    light = panorama.view(embedded_views.load("kiara_1_dawn"), panorama.rotation(40, 0, 0), 70, size)
    return srgb.encode_integers(light * np.float32(camera.metered(light, camera.METERING) * 2**ev), np.uint8)


def test_a_dark_frame_becomes_brighter_and_a_bright_one_darker():
    for ev, direction in ((-3, 1), (2.5, -1)):
        frame = scene(ev)
        assert direction * (api.enhance(frame).mean() - frame.mean()) > 10


def test_the_exposure_of_a_frame_matters_little():
    """What the camera's exposure changed, the network takes back: two stops apart, the pictures are alike."""
    darker, brighter = (api.enhance(scene(ev)).astype(float) for ev in (-3, -1))
    assert np.abs(darker - brighter).mean() < 12
    assert np.abs(scene(-3).astype(float) - scene(-1)).mean() > 25


@pytest.mark.parametrize("kind", [np.uint16, np.float16, np.float32, np.float64])
def test_depth_is_kept_and_changes_nothing_else(kind):
    frame = scene(-2)
    top = 65535 if kind == np.uint16 else 1
    deep = (frame / 255 * top).astype(kind)
    found = hdrkit.enhance(deep)
    assert found.dtype == kind and found.shape == frame.shape
    assert np.abs(found / top - hdrkit.enhance(frame) / 255).max() < 3 / 255


def test_grey_stays_grey():
    grey = scene(-2)[..., 1]
    found = api.enhance(grey)
    assert found.shape == grey.shape and found.dtype == grey.dtype
    assert found.mean() > grey.mean() + 10
    colour = api.enhance(np.dstack([grey] * 3)).astype(int)
    assert np.ptp(colour, axis=2)[grey < 240].max() == 0  # what is clipped may be given a colour


def test_strength_leads_from_nothing_to_all_of_it():
    frame = scene(-3)
    weak, half, full = (api.enhance(frame, strength).astype(float).mean() for strength in (0, 0.5, 1))
    assert weak == frame.mean()
    assert weak < half < full
    assert not np.shares_memory(api.enhance(frame, 0), frame)
    with pytest.raises(HdrkitError, match="between 0 and 1, not 2"):
        api.enhance(frame, 2)


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (1, 400), (500, 3), (3, 40_000)])
def test_tiny_and_slim_pictures_are_enhanced(shape):
    assert api.enhance(np.full((*shape, 3), 40, np.uint8)).shape == (*shape, 3)


def test_black_and_white_pictures_do_no_harm():
    """A picture without anything in it stays so: no noise, no edges, no colours."""
    assert api.enhance(np.zeros((64, 96, 3), np.uint8)).max() == 0
    white = api.enhance(np.full((640, 960, 3), 255, np.uint8)).astype(int)
    assert np.abs(np.diff(white, axis=0)).max() <= 1 and np.abs(np.diff(white, axis=1)).max() <= 1
    assert np.ptp(white, axis=2).max() < 40
    assert white.min() > 100


def test_the_picture_given_is_not_changed():
    frame = scene()
    before = frame.copy()
    api.enhance(frame)
    assert np.array_equal(frame, before)


def test_missing_and_altered_weights_are_named(tmp_path, monkeypatch):
    for path in api.WEIGHTS.parent.iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(api, "WEIGHTS", tmp_path / api.WEIGHTS.name)
    api.WEIGHTS.write_bytes(api.WEIGHTS.read_bytes()[:-1] + b"?")
    with pytest.raises(HdrkitError, match="hdrkit.tflite.*altered.*install"):
        api.enhance(scene())
    api.WEIGHTS.unlink()
    with pytest.raises(HdrkitError, match="hdrkit.tflite.*missing.*install") as error:
        api.enhance(scene())
    named = re.search(r"`git checkout -- (\S+)`", str(error.value))[1]
    assert (DATA.parent / named / "hdrkit.tflite").is_file()  # as git takes it, in the root of the clone


def test_the_weights_are_small():
    assert api.WEIGHTS.stat().st_size < 2_000_000


def test_confidence_falls_where_a_channel_clips():
    picture = np.full((4, 4, 3), 100, np.uint8)
    picture[0, 0] = (20, 255, 20)
    picture[1, 1] = (249, 100, 100)
    found = api.confidence(picture)
    assert found[0, 0] == 0
    assert 0.3 < found[1, 1] < 0.6
    assert found[2, 2] == 1


def test_a_thumbnail_is_square_whatever_the_picture():
    for shape in ((8, 8), (500, 300), (128, 1000)):
        picture = np.full((*shape, 3), 51, np.uint8)
        found = api.thumbnail(picture)
        assert found.shape == (THUMBNAIL, THUMBNAIL, 3)
        assert np.allclose(found, 0.2)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (np.zeros((4, 4, 4), np.uint8), "shape"),
        (np.zeros((0, 4, 3), np.uint8), "shape"),
        (np.zeros((4, 4, 3), np.int32), "int32"),
        (np.full((4, 4, 3), np.nan, np.float32), "NaN"),
        (np.full((4, 4, 3), 200.0, np.float32), "from 0 to 1"),
        (np.full((4, 4, 3), -0.1, np.float32), "from 0 to 1"),
    ],
)
def test_what_is_no_picture_is_refused(picture, why):
    for refuse in (api.enhance, api.confidence):
        with pytest.raises(HdrkitError, match=why):
            refuse(picture)


@pytest.mark.parametrize("note", ["", "[1]", "{}", "{'sha256'", '"sha256"'])
def test_a_damaged_note_beside_the_weights_is_named(tmp_path, monkeypatch, note):
    monkeypatch.setattr(api, "WEIGHTS", tmp_path / "hdrkit.tflite")
    shutil.copy(DATA.parent / "hdrkit/enhancement/weights/hdrkit.tflite", tmp_path)
    (tmp_path / "hdrkit.json").write_text(note, encoding="utf-8")
    with pytest.raises(HdrkitError, match="hdrkit.json: damaged, it notes no SHA-256; restore it"):
        api.enhance(np.full((20, 30, 3), 12, np.uint8))
