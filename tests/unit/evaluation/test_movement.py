"""Movement is made where a picture is busy, by as much as is asked, and nowhere else."""

import numpy as np
import pytest

from hdrkit.evaluation import metrics, movement


@pytest.fixture
def picture():
    drawn = np.full((96, 96, 3), 90, np.uint8)
    drawn[40:50, 20:30] = np.random.default_rng(1).integers(0, 255, (10, 10, 1), np.uint8)
    return drawn


def test_the_busiest_square_is_where_the_object_is(picture):
    rows, columns = movement.busiest_square(picture, 24)
    assert rows.start <= 40 and rows.stop >= 50 and columns.start <= 20 and columns.stop >= 30
    assert columns.stop + 24 <= 96 and (rows.stop - rows.start, columns.stop - columns.start) == (24, 24)


def test_what_moves_is_found_at_its_new_place_and_the_rest_stays(picture):
    rows, columns = square = movement.busiest_square(picture, 24)
    moved = movement.moved(picture, square, 4)
    np.testing.assert_array_equal(moved[rows, columns.start + 4 : columns.stop + 4], picture[square])
    changed = np.flatnonzero((moved != picture).any(axis=(0, 2)))
    assert columns.start + 4 <= changed.min() and changed.max() < columns.stop + 4
    errors = [metrics.psnr(picture, movement.moved(picture, square, pixels), 255) for pixels in (1, 2, 4)]
    assert max(errors) < 50 and np.isfinite(errors).all()
    assert (movement.moved(picture, square, 0) == picture).all()
