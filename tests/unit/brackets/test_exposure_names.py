"""Names of frames say their exposures in several ways; the numbers in most names say something else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdrkit.brackets.exposure_names import exposures_in_names


@given(st.lists(st.integers(2, 8000), min_size=1, max_size=5, unique=True), st.integers(1, 30))
def test_names_with_fractions_are_times(denominators, whole):
    names = [f"1_{n}.jpg" for n in denominators] + [f"{whole}.jpg"]
    expected = [1 / n for n in denominators] + [whole]
    assert exposures_in_names(names).values == pytest.approx(expected)


@pytest.mark.parametrize(
    ("names", "kind", "values"),
    [
        (["arch_EV-4.72.jpg", "arch_EV+1.51.jpg"], "stops", [-4.72, 1.51]),
        (["a_-2ev.png", "a_+2ev.png", "a_+0EV.png"], "stops", [-2, 2, 0]),
        (["x 0.5s.png", "x 2s.png", "x 20ms.png"], "time", [0.5, 2, 0.02]),
        (["desk_1-250.png", "desk_1-60.png"], "time", [1 / 250, 1 / 60]),
        (["exp_0.25.png", "exp_4.png"], "time", [0.25, 4]),
        (["img_0.033.jpg", "img_0.25.jpg", "img_2.5.jpg", "img_15.jpg"], "time", [0.033, 0.25, 2.5, 15]),
        (["exp0.25_iso100.jpg", "exp1_iso100.jpg", "exp4_iso100.jpg"], "time", [0.25, 1, 4]),
        (["1over30.JPG", "1over8.JPG"], "time", [1 / 30, 1 / 8]),
        (["1_8.JPG", "1_2.JPG", "2_1.JPG", "8_1.JPG"], "time", [1 / 8, 1 / 2, 2, 8]),
        (["DSC_0012_1-60.jpg", "DSC_0013_1-15.jpg", "DSC_0014_1-4.jpg"], "time", [1 / 60, 1 / 15, 1 / 4]),
        (["a_1_60_f8_iso100.png", "a_1_15_f8_iso100.png"], "time", [1 / 60, 1 / 15]),
        (["a_400us.png", "a_6400us.png"], "time", [0.0004, 0.0064]),
        (["IMG_-2EV.jpg", "IMG_0EV.jpg", "IMG_+2EV.jpg"], "stops", [-2, 0, 2]),
        (["DSC_0001_ev-1.33.jpg", "DSC_0002_ev0.jpg", "DSC_0003_ev+1.33.jpg"], "stops", [-1.33, 0, 1.33]),
        (["a_ev-1,5.jpg", "a_ev0.jpg", "a_ev+1,5.jpg"], "stops", [-1.5, 0, 1.5]),
        (["desk_-2.jpg", "desk_0.jpg", "desk_+2.jpg"], "stops", [-2, 0, 2]),
        (["desk_m2.jpg", "desk_0.jpg", "desk_p2.jpg"], "stops", [-2, 0, 2]),
        (["a-1.00.jpg", "a+0.00.jpg", "a+1.00.jpg"], "stops", [-1, 0, 1]),
        (["archEV-4.72.jpg", "archEV+1.51.jpg", "archCDR.jpg"], "stops", [-4.72, 1.51, np.nan]),
        (["t0.25.jpg", "t1.0.jpg", "t4.0.jpg", "result.jpg"], "time", [0.25, 1, 4, np.nan]),
    ],
)
def test_names_say_times_in_several_ways(names, kind, values):
    found = exposures_in_names(names)
    assert found.kind == kind and found.values == pytest.approx(values, nan_ok=True)


COUNTERS = [
    ["1.jpg", "2.jpg", "4.jpg"],
    ["IMG_0001.JPG", "IMG_0002.JPG"],
    ["a.jpg", "b.jpg"],
    ["1_1.jpg", "1_2.jpg", "1_3.jpg"],
    ["scene1_1.jpg", "scene1_2.jpg", "scene1_3.jpg"],
    ["IMG_1-1.jpg", "IMG_1-2.jpg", "IMG_1-3.jpg"],
    ["set_1-3.jpg", "set_2-3.jpg", "set_3-3.jpg"],
    ["House-1.jpg", "House-2.jpg", "House-3.jpg"],
    ["ev-1.jpg", "ev-2.jpg", "ev-3.jpg"],
    ["rev1.jpg", "rev2.jpg", "rev4.jpg"],
    ["room_v1.1.jpg", "room_v1.2.jpg", "room_v1.3.jpg"],
    ["IMG_2017_1_21.jpg", "IMG_2017_1_22.jpg", "IMG_2017_1_25.jpg"],
    ["20240401_175701.JPG", "20240401_175706.JPG", "20240401_175712.JPG"],
    ["a_1_640x480.jpg", "a_2_640x480.jpg", "a_4_640x480.jpg"],
    ["photo1_640.jpg", "photo2_640.jpg", "photo4_640.jpg"],
    ["a_50mm_1.jpg", "a_50mm_2.jpg", "a_50mm_4.jpg"],
    ["a_iso100.jpg", "a_iso200.jpg", "a_iso400.jpg"],
    ["Image 2023-03-28 at 17.40.12.jpeg", "Image 2023-03-28 at 17.40.14.jpeg", "Image 2023-03-28 at 17.40.19.jpeg"],
]


@pytest.mark.parametrize("names", COUNTERS)
def test_numbers_that_count_frames_or_are_something_else_are_no_times(names):
    assert exposures_in_names(names) is None


@given(st.lists(st.text(alphabet="ev1_/-+.,0ms 4xoverpd", max_size=12), max_size=5))
def test_no_name_is_too_strange(names):
    found = exposures_in_names(names)
    assert found is None or found.values.shape == (len(names),)
