"""How the pictures of a scene lie to each other: renders inside frames, neither equal to them nor far off."""

import numpy as np

from hdrkit.simulation import embedded_views, views


def test_every_render_lies_inside_every_frame_and_is_neither_equal_nor_far():
    width, height = views.RENDER_SIZE
    corners = np.array([[0, 0, 1], [width - 1, 0, 1], [0, height - 1, 1], [width - 1, height - 1, 1]])
    for view in embedded_views.read_views():
        for matrix in map(np.array, views.true_maps(view, 0).values()):
            at = corners @ matrix.T
            assert (at >= 2).all() and (at <= np.array(views.FRAME_SIZE) - 3).all()
            assert 0.88 < np.sqrt(np.linalg.det(matrix[:, :2])) * width / views.FRAME_SIZE[0] < 0.96
    assert min(views.RENDER_SIZE) >= 260
