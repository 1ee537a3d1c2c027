"""Borders that mark where shifted frames show nothing are found and filled; a scene's own colours are left."""

import numpy as np
import pytest
from helpers import cameras

from hdrkit.brackets import borders
from hdrkit.images import jpeg

BLUE = (0, 0, 255)


@pytest.fixture(scope="module")
def frame():
    return cameras.simulate("sRGB", [0.5], "city").frames[0]


def bordered(frame, colour, left, top):
    picture = frame.copy()
    picture[:, :left] = colour
    picture[:top] = colour
    return picture


@pytest.mark.parametrize("colour", [BLUE, (255, 0, 0), (0, 255, 0), (255, 0, 255)])
@pytest.mark.parametrize(("left", "top"), [(1, 0), (0, 3), (6, 20)])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_border_is_found_and_the_scene_repeated_there(frame, colour, left, top, compressed):
    picture = bordered(frame, colour, left, top)
    if compressed:
        left, top = left and left + 2, top and top + 2  # JPEG mixes what lies beside an edge
        picture = jpeg.decode(jpeg.encode(bordered(frame, colour, left, top), 95))
    found = borders.find(picture)
    marked = np.zeros(frame.shape[:2], bool)
    marked[:, :left] = marked[:top] = True
    assert found[marked].mean() > (0.7 if compressed else 0.999) and found[~marked].mean() < 0.02
    if not compressed:
        filled = borders.fill(picture, found)
        assert np.array_equal(filled[~found], picture[~found])
        assert not borders.find(filled).any()
        assert np.abs(filled[found].astype(float).mean(axis=0) - frame.mean(axis=(0, 1))).max() < 60


def test_frames_without_a_border_are_as_they_were(frame):
    black_and_white = bordered(bordered(frame, (0, 0, 0), 5, 0), (255, 255, 255), 0, 5)
    sky = bordered(frame, (90, 140, 255), 0, 80)
    for picture in (frame, black_and_white, sky):
        assert not borders.find(picture).any()
        assert np.array_equal(borders.fill(picture, borders.find(picture)), picture)
