import re

import pandas as pd
import pytest

from hdrkit.display import notation


@pytest.mark.parametrize("stops", range(-39, 14))
def test_times_are_those_on_a_camera_within_a_sixth_of_a_stop(stops):
    text = notation.shutter_time(2 ** (stops / 3)).removesuffix(" s")
    shown = 1 / float(text[2:]) if text.startswith("1/") else float(text)
    assert abs(shown / 2 ** (stops / 3)) == pytest.approx(1, rel=2 ** (1 / 6) - 1)


def test_tables_have_one_precision_and_whole_counts():
    frame = pd.DataFrame({"dB": [30.799999, 8.0, None], "frames": [105.0, 6.0, 0.0], "name": ["a", "b", "c"]})
    html = notation.table(frame, 1, index=False).to_html()
    assert "30.8" in html and "8.0" in html and "105<" in html and "nan" not in html and "30.79" not in html
    assert ">2<" not in html  # the index


def test_words_stand_left_and_numbers_right():
    frame = pd.DataFrame(
        {"title": ["Predict", ""], "share": ["91.8%", "2%"], "gain": ["−0.4", "+1.0"], "points": [1, 2]}
    )
    styles = notation.table(frame, index=False).to_html().split("</style>")[0]
    assert re.findall(r"\.(col\d)", styles) == ["col0"] and "text-align: left" in styles
