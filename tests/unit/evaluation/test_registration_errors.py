"""Errors of registration are distances from the true map; what failed is counted, and never scored."""

from pathlib import Path

import numpy as np
import pandas as pd

from hdrkit.dataset.survey import Frame, Scene
from hdrkit.evaluation import registration_errors

STILL = np.eye(2, 3)


def moved(right, down):
    return np.array([[1, 0, right], [0, 1, down]])


def scene(name, evs):
    frames = tuple(Frame(Path(name) / f"{number}.DNG", 0.01, ev) for number, ev in enumerate(evs))
    return Scene(name, name, "train", frames, None)


def test_an_error_is_the_distance_from_the_true_map():
    found = {"barn (1)": {"0.DNG": moved(3, 4), "1.DNG": STILL}}
    true = {"barn (1)": {"0.DNG": STILL.tolist(), "1.DNG": moved(0, -2).tolist()}}
    errors = registration_errors.frame_errors("m", [scene("barn (1)", (0, 1.01))], found, true, {"barn (1)": (90, 60)})
    assert errors.error_px.round(6).tolist() == [5, 2]
    assert errors.ev.tolist() == [0, 1] and not errors.failed.any()


def test_a_frame_without_a_map_has_failed_and_one_without_truth_has_no_error():
    scenes, sizes = (
        [scene("barn (1)", (0, 1)), scene("pier (1)", (0,))],
        dict.fromkeys(("barn (1)", "pier (1)"), (9, 6)),
    )
    found = {"barn (1)": {"0.DNG": STILL}, "pier (1)": {"0.DNG": STILL}}
    true = {"barn (1)": {"0.DNG": STILL, "1.DNG": STILL}}
    errors = registration_errors.frame_errors("m", scenes, found, true, sizes)
    assert errors.failed.tolist() == [False, True, False]
    assert errors.error_px.isna().tolist() == [False, True, True]


def test_the_table_to_show_has_a_row_per_exposure_and_counts_close_frames():
    errors = pd.DataFrame({"method": "m", "ev": [-1, -1, -1, 0], "error_px": [0.2, 0.4, 3.0, np.nan]})
    table = registration_errors.by_exposure(errors, ["m"])
    assert table.index.tolist() == ["EV −1", "EV 0"]
    assert table.m.loc["EV −1"].tolist() == [0.4, 3.0, "2 of 3"]
    assert table.m["below 1 px"]["EV 0"] == "0 of 1"


def test_failed_frames_are_counted_and_left_out_of_the_percentiles():
    rows = [{"method": "m", "ev": 0.0, "failed": False, "error_px": e} for e in (0.1, 0.2, 0.3)]
    rows.append({"method": "m", "ev": 0.0, "failed": True, "error_px": 50.0})
    table = registration_errors.registration_table(pd.DataFrame(rows), "s")
    (row,) = table.to_dict("records")
    assert (row["median_px"], row["failed_frames"], row["frames"]) == (0.2, 1, 4)
    assert table.ev.dtype.kind == "i"
