"""Lists beside frames say exposures in any of the layouts that people use; other texts say nothing."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdrkit.brackets.exposure_lists import columns
from hdrkit.brackets.stated_exposure import _from_columns

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
    "EV called exposure": ("name exposure", "{name} {ev:+.6f}"),
    "colons, as in YAML": ("", "- {name}: {time:.10g}"),
    "equals signs": ("", "{stem} = {time:.10g} s"),
    "arrows and units": ("", "{name} -> 1/{inverse:.10g} sec"),
    "milliseconds": ("", "{name} {ms:.10g}ms"),
    "table in Markdown": ("| picture | time |\n|---|---|", "| {name} | {time:.10g} s |"),
    "rows counted first": ("", "{row} {name} {time:.10g}"),
    "CSV, with quotes and gaps": ("file,place,note,time", '"{name}","desk, left; 1|2",,{time:.10g}'),
    "rows counted, with titles": ("id,file,date,time", "{row},{name},2017-03-21,{time:.10g}"),
    "folder and speed, for pfshdrcalibrate": ("", "/home/me/{name} {inverse:.10g} 8 100 0"),
    "decimal commas": ("", "{name} {comma}"),
    "frames since converted": ("", "{stem}.ppm {time:.10g}"),
    "settings before, comments behind": (
        "ALIGN=2  # by medians\nDEPTH=3\n\n# LDR files  exposure",
        "{name} {time:.10g}  # {row}",
    ),
}
several = st.lists(st.floats(-12, 6), min_size=4, max_size=4).filter(lambda values: np.ptp(values) > 0.5)


def written(layout, stops, order=range(4)):
    first, line = LAYOUTS[layout]
    rows = [first] if first else []
    for row, i in enumerate(order, 1):
        time = 2.0 ** stops[i]
        says = {"time": time, "inverse": 1 / time, "ms": 1000 * time, "ev": stops[i], "row": row}
        says["comma"] = f"{time:.12f}".replace(".", ",")
        rows.append(line.format(name=NAMES[i], stem=NAMES[i].removesuffix(".png"), **says))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=40)
@given(stops=several, order=st.permutations(range(4)))
def test_a_list_of_any_layout_says_the_exposures(layout, stops, order):
    if layout in ("EV without header", "EV called exposure") and min(stops) > 0:
        stops = [value - 6 for value in stops]  # positive numbers that are not called EV are times
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


def in_json(stops):
    """Tables of the same times, in seconds, in the shapes that JSON allows."""
    times = {name: 2.0**stop for name, stop in zip(NAMES, stops, strict=True)}
    rows = [{"path": name, "t": time, "iso": 100} for name, time in times.items()]
    return {
        "times by name": times,
        "rows": rows,
        "rows under a name": {"scene": "desk", "images": rows},
        "settings by name": {row["path"]: {"iso": 100, "shutter": f"1/{1 / row['t']:.10g}"} for row in rows},
        "columns": {"files": list(times), "times": list(times.values())},
    }


@pytest.mark.parametrize("shape", in_json([0, 1, 2, 3]))
@settings(max_examples=40)
@given(stops=several, indent=st.sampled_from([None, 2]))
def test_json_of_any_shape_says_the_exposures(shape, stops, indent):
    found = _from_columns(columns(json.dumps(in_json(stops)[shape], indent=indent), NAMES), np.array(stops))
    assert found - found[0] == pytest.approx(np.array(stops) - stops[0], abs=0.002)


@given(several)
def test_names_that_are_numbers_are_no_column_of_a_list(stops):
    names = [f"{35 + i:04}.jpg" for i in range(4)]
    text = "".join(f"{35 + i:04} {2.0**stop:.10g}\n" for i, stop in enumerate(stops))
    found = _from_columns(columns(text, names), np.array(stops))
    assert found - found[0] == pytest.approx(np.array(stops) - stops[0], abs=0.002)


@pytest.mark.parametrize("order", [(1, 2, 4, 8), (8, 4, 2, 1)])
def test_bare_numbers_that_are_names_too_are_numbers(order):
    """Frames 1, 2, 4 and 8 got the times that stand in the list, one below the other."""
    names = [f"{n}.jpg" for n in (1, 2, 4, 8)]
    found = _from_columns(columns("\n".join(map(str, order)), names), np.log2(order))
    assert found == pytest.approx(np.log2(order))


BRIGHTNESS = np.array([150, 200, 20, 70])  # of `NAMES`, as a bracket's frames have it


@pytest.mark.parametrize(
    "text",
    [
        "b_1.png 1\nb_2.png 2\nb_4.png 3\nb_10.png 4",  # counts rows
        "b_1.png 0\nb_2.png 1\nb_4.png 2\nb_10.png 3",
        "1\n2\n3\n4",
        "b_1.png 512345\nb_2.png 345678\nb_4.png 912345\nb_10.png 489233",  # bytes
        "b_1.png\n640 480\n704.9\nb_2.png\n640 480\n706.3\nb_4.png\n640 480\n705.2",  # a panorama's focal lengths
        "d41d8cd98f00  b_1.png\n8e41d8cd98f0  b_2.png\n123456789012  b_4.png",  # checksums
        "b_1.png 10 20\nb_2.png 13 25\nb_4.png 9 22\nb_10.png 9 20",  # points
        "file ln(t)\nb_1.png -1.4\nb_2.png 0\nb_4.png 1.4\nb_10.png 2.1",  # not in stops
        '{"camera": "X100", "scene": {"place": "desk"}}',
        "[[[[",
    ],
)
def test_numbers_of_something_else_state_nothing(text):
    assert np.ptp(_from_columns(columns(text, NAMES), BRIGHTNESS)) == 0


def test_an_aperture_that_stands_twice_counts_once():
    """As exiftool writes it: FNumber, and what the APEX number means."""
    text = "SourceFile,ExposureTime,FNumber,ISO,ApertureValue\n" + "".join(
        f"./{name},1/60,{f},100,{f}\n" for name, f in zip(NAMES, (4, 2.8284, 16, 8), strict=True)
    )
    found = _from_columns(columns(text, NAMES), BRIGHTNESS)
    assert found - found[0] == pytest.approx([0, 1, -4, -2], abs=1e-3)


@pytest.mark.parametrize("text", ["1" * 200_000 + ",", "[" * 100_000, "img." * 50_000, "/" * 200_000])
def test_long_lines_are_no_lists(text):
    assert columns(text, NAMES) == []


@pytest.mark.parametrize("text", ["(" * 200_000, json.dumps([dict.fromkeys(map(str, range(500)), 1), *[{}] * 50_000])])
def test_a_long_text_that_is_no_list_is_soon_known_as_such(text):
    """Each place of the one was searched to its end; the other was filled up to a table of millions of cells."""
    assert columns(text, NAMES) == []


def test_a_digit_that_is_no_number_sorts_as_a_letter():
    (found,) = columns("0.5\n1\n2", ["²b.jpg", "3.jpg", "1²3.jpg"])
    assert sorted(found.values.tolist()) == [0.5, 1, 2]
