"""The plot of registration errors shows the medians of all frames, and each frame of the slow procedure."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from hdrkit.display import registration_plot


@pytest.fixture(autouse=True)
def close_figures():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_medians_and_single_frames_are_drawn():
    errors = pd.DataFrame({"ev": [0, 0, 0, 1, 1, 1], "error_px": [0.1, 0.2, 0.9, 0.3, 0.4, 0.5]})
    errors = pd.concat([errors.assign(method=method) for method in ("stretched", "per_frame", "joint")])
    (axis,) = registration_plot.draw(errors).axes
    lines = {line.get_label(): line for line in axis.lines}
    np.testing.assert_allclose(lines["joint, median"].get_xydata(), [[0, 0.2], [1, 0.4]])
    assert len(lines["each frame on its own"].get_xydata()) == 6
    assert axis.get_yscale() == "log"
