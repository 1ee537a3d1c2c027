"""Exposures are read from EXIF data, lists of any layout, names or bias, and it is said from which."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hdrkit.brackets.exposure_lists import columns, times_in_names
from hdrkit.brackets.stated_exposure import _from_columns, stated_exposures
from hdrkit.images import raw

NAMES = ["b_2.png", "b_10.png", "b_1.png", "b_4.png"]
# How one line of a list states a time in seconds, with the first line that goes with it.
LAYOUTS = {
    "name time": ("", "{name} {time:.10g}"),
    "count, name and inverse": ("4", "{name} {inverse:.10g}"),
    "fraction": ("# Filename time", "{name}\t1/{inverse:.10g}"),
    "memorial": ("# Filename 1/shutter_speed f/stop gain(db) ND_filters", "{name} {inverse:.10g} 8 0 0"),
    "time and inverse": ("# Filename   exposure 1/shutter_speed", "{name} {time:.10g} {inverse:.10g}"),
    "CSV": ("file,iso,exposure time (s)", '"{name}",100,{time:.10g}'),
    "CSV, inverse": ("file,1/t", "{name},{inverse:.10g}"),
    "spreadsheet with commas": ("Datei;time", "{name};{comma}"),
    "folders": ("", "C:\\photos\\{name} {time:.10g}"),
    "no suffix": ("", "{stem} {time:.10g}"),
    "EV": ("name,EV", "{name},{ev:+.6f}"),
    "EV without header": ("", "{name} {ev:+.6f}"),
}
several = st.lists(st.floats(-12, 6), min_size=4, max_size=4).filter(lambda values: np.ptp(values) > 0.5)


def written(layout, stops, order=range(4)):
    first, line = LAYOUTS[layout]
    rows = [first] if first else []
    for i in order:
        time = 2.0 ** stops[i]
        comma = f"{time:.12f}".replace(".", ",")
        stem = NAMES[i].removesuffix(".png")
        rows.append(line.format(name=NAMES[i], stem=stem, time=time, inverse=1 / time, comma=comma, ev=stops[i]))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("layout", LAYOUTS)
@given(stops=several, order=st.permutations(range(4)))
def test_a_list_of_any_layout_says_the_exposures(layout, stops, order):
    if layout == "EV without header" and min(stops) > 0:
        stops = [value - 6 for value in stops]  # positive numbers without a header are times
    found = _from_columns(columns(written(layout, stops, order), NAMES), np.array(stops))
    assert found - found[0] == pytest.approx(np.array(stops) - stops[0], abs=0.002)


@given(several)
def test_bare_numbers_follow_the_order_of_names(stops):
    """b_10 comes after b_4, as people count."""
    order = sorted(range(4), key=lambda i: int(NAMES[i][2:-4]))
    text = "".join(f"{2.0 ** stops[i]:.10g}\n" for i in order)
    for start in ("", "4\n"):
        found = _from_columns(columns(start + text, NAMES), np.array(stops))
        assert found - found[0] == pytest.approx(np.array(stops) - stops[0], abs=0.002)


@given(st.text() | st.text(alphabet="b_12.png 0/;,\n-#+e"))
def test_no_text_is_too_strange(text):
    for column in columns(text, NAMES):
        assert column.values.shape == (4,)


def test_aperture_speed_and_gain_count():
    text = "name time f/stop iso gain\n" + "".join(f"{name} 1 {f} {iso} {gain}\n" for name, f, iso, gain in zip(
        NAMES, (8, 4, 8, 8), (100, 100, 200, 100), (0, 0, 0, 3), strict=True))  # fmt: skip
    found = columns(text.replace("b_2.png 1 ", "b_2.png 2 "), NAMES)
    stops = _from_columns(found, np.array([1, 2, 1, 1]))
    assert stops - stops[0] == pytest.approx([0, 1, 0, 0])


@given(st.lists(st.integers(2, 8000), min_size=1, max_size=5, unique=True), st.integers(1, 30))
def test_names_with_fractions_are_times(denominators, whole):
    names = [f"1_{n}.jpg" for n in denominators] + [f"{whole}.jpg"]
    expected = [1 / n for n in denominators] + [whole]
    assert times_in_names(names).values == pytest.approx(expected)


@pytest.mark.parametrize(
    ("names", "kind", "values"),
    [
        (["arch_EV-4.72.jpg", "arch_EV+1.51.jpg"], "stops", [-4.72, 1.51]),
        (["a_-2ev.png", "a_+2ev.png", "a_+0EV.png"], "stops", [-2, 2, 0]),
        (["x 0.5s.png", "x 2s.png", "x 20ms.png"], "time", [0.5, 2, 0.02]),
        (["desk_1-250.png", "desk_1-60.png"], "time", [1 / 250, 1 / 60]),
        (["exp_0.25.png", "exp_4.png"], "time", [0.25, 4]),
    ],
)
def test_names_say_times_in_several_ways(names, kind, values):
    found = times_in_names(names)
    assert found.kind == kind and found.values == pytest.approx(values)


@pytest.mark.parametrize("names", [["1.jpg", "2.jpg", "3.jpg"], ["IMG_0001.JPG", "IMG_0002.JPG"], ["a.jpg", "b.jpg"]])
def test_numbers_that_count_frames_are_no_times(names):
    assert times_in_names(names) is None


def write_frames(folder, times=(None, None, None), biases=(None, None, None)):
    folder.mkdir(exist_ok=True)
    paths = []
    for i, (time, bias) in enumerate(zip(times, biases, strict=True)):
        exif = Image.Exif()
        exif.get_ifd(raw.EXIF_IFD).update({tag: v for tag, v in ((33434, time), (37380, bias)) if v is not None})
        paths.append(folder / f"frame{i}.jpg")
        Image.new("RGB", (8, 8), (50 * i,) * 3).save(paths[-1], exif=exif)
    return paths


BRIGHTNESS = (0, 50, 100)


def test_the_first_source_that_says_most_is_taken_and_named(tmp_path):
    plain = write_frames(tmp_path / "in")
    assert stated_exposures(plain, BRIGHTNESS).source == "nothing"
    biased = write_frames(tmp_path / "in", biases=(-1.0, 0.0, 1.0))
    assert stated_exposures(biased, BRIGHTNESS).source == "EXIF exposure bias"
    (tmp_path / "in/times.txt").write_text("frame0.jpg 1\nframe1.jpg 4\nframe2.jpg 16\n", encoding="utf-16")
    found = stated_exposures(biased, BRIGHTNESS)
    assert found.source == "times.txt" and found.stops.tolist() == [0, 2, 4]
    timed = write_frames(tmp_path / "in", (1 / 80, 1 / 40, 1 / 20))
    found = stated_exposures(timed, BRIGHTNESS)
    assert found.source == "EXIF exposure times" and found.stops == pytest.approx([0, 1, 2])


def test_one_time_for_all_frames_states_nothing(tmp_path):
    """An editor has copied the EXIF data of one frame to the others."""
    paths = write_frames(tmp_path / "in", (1 / 80,) * 3, biases=(0.0, 0.0, 0.0))
    assert stated_exposures(paths, BRIGHTNESS).source == "nothing"


def test_a_frame_that_states_nothing_is_not_a_number(tmp_path):
    paths = write_frames(tmp_path / "in", (1 / 80, None, 1 / 20))
    found = stated_exposures(paths, BRIGHTNESS)
    assert np.isnan(found.stops[1]) and found.stops[[0, 2]] == pytest.approx([0, 2])
