"""The moving picture of README: short, small, without end, and calm where it begins again."""

import film_light_table
import numpy as np
import pytest
from PIL import Image, ImageSequence


@pytest.fixture(scope="module")
def film():
    """Return the pictures of the film, small and grey, and how long each stands, in s."""
    with Image.open(film_light_table.FILM) as image:
        assert image.info["loop"] == 0  # for ever
        frames = [(frame.convert("L").resize((254, 170)), frame.info["duration"]) for frame in _frames(image)]
    return [np.asarray(picture, float) for picture, _ in frames], [duration / 1000 for _, duration in frames]


def _frames(image):
    for frame in ImageSequence.Iterator(image):
        frame.load()  # only then does it know how long it stands
        yield frame


def apart(one, other):
    return np.abs(one - other).mean()


def test_it_is_short_and_small(film):
    assert 8 <= sum(film[1]) <= 12
    assert film_light_table.FILM.stat().st_size < 1.5e6


def test_it_moves_and_ends_where_it_begins(film):
    first, *others, last = film[0]
    assert apart(first, last) < 1
    assert max(apart(first, other) for other in others) > 20


def test_the_still_is_its_first_picture(film):
    with Image.open(film_light_table.STILL) as still:
        assert apart(np.asarray(still.convert("L").resize((254, 170)), float), film[0][0]) < 1
