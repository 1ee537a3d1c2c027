"""A frame that holds nothing comes out flat; one that holds a picture comes out as the network advises."""

import numpy as np
import pytest

from hdrkit.enhancement import api, unseen
from hdrkit.models.grid_spec import THUMBNAIL

CELLS = 16


def picture(size=(320, 480), seed=1):
    """Coarse patches of colour: uint8."""
    rows, columns = (np.arange(pixels) // 40 for pixels in size)
    return np.random.default_rng(seed).integers(10, 200, (20, 20, 3), np.uint8)[rows][:, columns]


def without_mending(monkeypatch, image):
    with monkeypatch.context() as patched:
        patched.setattr(unseen, "flatten", lambda small, values: values)
        return api.enhance(image)


@pytest.mark.parametrize("value", [255, 250, 0])
@pytest.mark.parametrize("strength", [1.0, 0.5, "auto"])
def test_flat_in_flat_out(value, strength):
    found = api.enhance(np.full((640, 960, 3), value, np.uint8), strength)
    assert np.ptp(found, axis=(0, 1)).max() == 0
    assert found.max() == 0 if value == 0 else found.min() > 100


def test_a_white_scan_would_be_painted_without_mending(monkeypatch):
    """What the mending is for: else the test above could not fail."""
    assert np.ptp(without_mending(monkeypatch, np.full((640, 960, 3), 255, np.uint8)), axis=(0, 1)).max() > 20


def test_what_was_seen_on_a_white_frame_is_left_alone(monkeypatch):
    frame = np.full((320, 480, 3), 255, np.uint8)
    frame[:, :30] = picture()[:, :30]
    found, unmended = api.enhance(frame), without_mending(monkeypatch, frame)
    assert np.array_equal(found[:, :30], unmended[:, :30])
    assert np.ptp(found[:, 150:], axis=(0, 1)).max() == 0 < np.ptp(unmended[:, 150:], axis=(0, 1)).max()


def test_a_clipped_sun_and_a_half_white_frame_come_out_as_advised(monkeypatch):
    """As at EV +4 in the tables, where up to 64 % of a frame is white."""
    sun, half = picture(), picture()
    sun[40:80, 100:140] = 255
    half[:, :240] = 255
    for frame in (sun, half):
        assert np.array_equal(api.enhance(frame), without_mending(monkeypatch, frame))


def test_only_cells_that_no_seen_pixel_asks_become_one():
    small = np.ones((THUMBNAIL, THUMBNAIL, 3), np.float32)
    small[0, 0] = 0.5  # in the first cell; the next ones reach into it
    values = np.random.default_rng(2).random((CELLS, CELLS, 4), dtype=np.float32)
    found = unseen.flatten(small, values)
    flat = np.ones((CELLS, CELLS), bool)
    flat[:2, :2] = False
    assert np.array_equal(found[~flat], values[~flat])
    assert np.ptp(found[flat], axis=0).max() == 0
    assert np.allclose(found[flat][0], values[flat].mean(axis=0))


def test_the_share_that_holds_nothing_is_what_is_white_or_black():
    frame = np.zeros((100, 200, 3), np.uint8)
    assert api.unseen_share(frame) == 1
    assert api.unseen_share(frame[..., 0]) == 1
    frame[:50] = 255
    assert api.unseen_share(frame) > 0.98  # but for a seam, where the thumbnail mixes them
    frame[:, :100] = (255, 100, 255)  # one channel was seen
    assert api.unseen_share(frame) == pytest.approx(0.5, abs=0.02)
