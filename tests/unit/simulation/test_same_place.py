"""Places are told by their pictures, whichever way these face and however bright they are."""

import numpy as np
import pytest

from hdrkit.simulation import embedded_views, same_place

NAMES = ("courtyard", "interior", "city")


@pytest.fixture(scope="module")
def known():
    return [same_place.signature(embedded_views.load(name)) for name in NAMES]


def test_two_places_are_not_the_same(known):
    assert same_place.similarity(known[0], known[0]) == pytest.approx(1)
    assert same_place.similarity(known[0], known[1]) < same_place.SAME_PLACE
    assert same_place.find(known[0], known[1:]) is None and same_place.find(known[0], []) is None


def test_a_place_is_found_though_it_is_turned_brighter_and_smaller(known):
    light = 5 * np.roll(embedded_views.load("interior"), 300, axis=1)[::2, ::2]
    assert same_place.find(same_place.signature(light), known) == 1


def test_what_has_no_features_is_like_nothing(known):
    grey = same_place.signature(np.full((32, 64, 3), 0.5, np.float32))
    assert same_place.find(grey, [grey, *known]) is None
