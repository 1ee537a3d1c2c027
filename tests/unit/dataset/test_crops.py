"""Crops are cut as the authors cut them."""

from dataclasses import replace

import numpy as np
import pytest

from hdrkit.dataset.crops import crop_offsets, cut, squares


def test_crops_of_a_3_to_2_frame_at_the_reports_size():
    assert crop_offsets(336, 224) == [0, 112]


@pytest.mark.parametrize(("long_edge", "offsets"), [(10, [0]), (11, [0, 1]), (20, [0, 10]), (25, [0, 10, 15])])
def test_crops_tile_the_long_edge_and_end_flush(long_edge, offsets):
    assert crop_offsets(long_edge, 10) == offsets


def test_squares_of_landscape_and_portrait_are_the_same_turned():
    picture = np.random.default_rng(0).integers(0, 256, (24, 36, 3), dtype=np.uint8)
    landscape, portrait = squares(picture, 12), squares(picture.transpose(1, 0, 2), 12)
    np.testing.assert_array_equal(landscape, portrait.transpose(0, 2, 1, 3))


def test_of_two_frames_as_close_to_the_metered_one_a_scene_has_one(scene):
    """Fused pictures, one per scene, are scored beside these crops: a second frame would shift all that follow."""
    unmetered = replace(scene, frames=scene.frames[[3, 5]], evs=scene.evs[[3, 5]])
    crops = cut([unmetered, replace(scene, name="hall")], 12)
    np.testing.assert_array_equal(crops.metered().ev, [-1, -1, 0, 0])
