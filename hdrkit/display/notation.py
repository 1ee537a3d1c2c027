"""Numbers and tables as people write them: 1/4000 s, EV −4, one precision per column, no index that means nothing."""

from collections.abc import Mapping
from html import escape

import numpy as np
import pandas as pd
from IPython.display import HTML
from pandas.io.formats.style import Styler

MINUS = "\u2212"
LEFT = {"selector": "", "props": "text-align: left"}
# Shutter times in seconds as cameras show them, in thirds of a stop; the true ones are powers of 2.
FRACTIONS = (
    *(8000, 6400, 5000, 4000, 3200, 2500, 2000, 1600, 1250, 1000, 800, 640, 500, 400, 320, 250, 200, 160, 125, 100),
    *(80, 60, 50, 40, 30, 25, 20, 15, 13, 10, 8, 6, 5, 4),
)
WHOLE = (0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6, 8, 10, 13, 15, 20, 25, 30)
SHOWN_TIMES = {1 / n: f"1/{n}" for n in FRACTIONS} | {seconds: f"{seconds:g}" for seconds in WHOLE}


def shutter_time(seconds: float) -> str:
    """Return an exposure time as a camera shows it: 0.000244 is `1/4000 s`, 0.63 is `0.6 s`.

    Beyond what cameras show it is `1/16000 s` or `45 s`: rounded to two digits.

    >>> shutter_time(1 / 4096), shutter_time(0.63), shutter_time(1 / 16384)
    ('1/4000 s', '0.6 s', '1/16000 s')
    """
    nearest = min(SHOWN_TIMES, key=lambda shown: abs(np.log2(shown / seconds)))
    if abs(np.log2(nearest / seconds)) <= 1 / 6:
        return f"{SHOWN_TIMES[nearest]} s"
    return f"1/{float(f'{1 / seconds:.2g}'):.0f} s" if seconds < min(WHOLE) else f"{float(f'{seconds:.2g}'):g} s"


def signed(value: float, decimals: int = 1) -> str:
    """Return a number with its sign, a true minus, and no sign for what rounds to zero; `unknown` for NaN.

    >>> signed(-4.04), signed(0.01), signed(0.4)
    ('−4.0', '0.0', '+0.4')
    """
    if np.isnan(value):
        return "unknown"
    text = f"{value:+.{decimals}f}"
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", MINUS)


def ev(value: float) -> str:
    """Return an exposure value as it is written: whole stops without decimals, others with one.

    >>> ev(-4), ev(0), ev(5 / 3)
    ('EV −4', 'EV 0', 'EV +1.7')
    """
    return f"EV {stops(value)}"


def stops(value: float) -> str:
    """Return stops with their sign, as `ev` has them: for axes and headings that say EV once."""
    return signed(value, 0 if abs(value - round(value)) < 0.05 else 1)


def interval(value: float, low: float, high: float, decimals: int = 1) -> str:
    """Return a difference with its interval; without it where it is not known (NaN), as of a single scene.

    >>> interval(0.42, -0.7, 1.44), interval(0.42, np.nan, np.nan)
    ('+0.4 (−0.7 to +1.4)', '+0.4')
    """
    if np.isnan([low, high]).any():
        return signed(value, decimals)
    return f"{signed(value, decimals)} ({signed(low, decimals)} to {signed(high, decimals)})"


def table(frame: pd.DataFrame, decimals: int | Mapping[str, int] = 2, index: bool = True) -> Styler:
    """Return a table to show: numbers with `decimals` decimals, of all columns or by column; nothing for NaN.

    A column that holds whole numbers only is shown without decimals, whatever its type. A column of words is aligned
    left, numbers and texts that begin with one right. `index`: whether row labels are shown; leave out those that only
    count.
    """
    by_column = decimals if isinstance(decimals, Mapping) else dict.fromkeys(frame.columns, decimals)
    formats = {}
    for column in frame.columns:
        if pd.api.types.is_numeric_dtype(frame[column]) and not pd.api.types.is_bool_dtype(frame[column]):
            whole = (frame[column].dropna() % 1 == 0).all()
            formats[column] = f"{{:,.{0 if whole else by_column.get(column, 2)}f}}"
    shown = frame.style.format(formats, na_rep="", escape="html")  # names of scenes are what users call them
    for axis in (0, 1):
        shown = shown.format_index(escape="html", axis=axis)
    words = {column: [LEFT] for column in frame.columns if _is_words(frame[column])}
    shown = shown.set_table_styles(words, overwrite=False)
    return shown if index else shown.hide(axis="index")


def _is_words(column: pd.Series) -> bool:
    texts = [value for value in column if isinstance(value, str) and value]
    return bool(texts) and all(text[0].isalpha() for text in texts)


def number(value: float, decimals: int = 2) -> str:
    """Return a number with its thousands set apart, a true minus, and none before what rounds to zero; "" for NaN.

    >>> number(22467992, 0), number(-12.758), number(-0.0004, 3)
    ('22,467,992', '−12.76', '0.000')
    """
    if pd.isna(value):
        return ""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", MINUS)


def percent(share: float) -> str:
    """Return a share as percent, with one decimal below 10 %.

    >>> percent(0), percent(0.0004), percent(0.034), percent(0.34)
    ('0 %', 'under 0.1 %', '3.4 %', '34 %')
    """
    if 0 < share < 0.001:
        return "under 0.1 %"
    return f"{100 * share:.{0 if share == 0 or share >= 0.1 else 1}f} %"


def quantity(value: float, decimals: int = 2) -> str:
    """Return a number of a column that mixes counts with measures: whole where it is whole, else with decimals."""
    return number(value, 0 if value % 1 == 0 else decimals)


def bounds(low: float, high: float, decimals: int = 2) -> str:
    """Return an interval; nothing where there is none."""
    return f"{number(low, decimals)} to {number(high, decimals)}" if pd.notna(low) else ""


def bounds_of_difference(low: float, high: float, decimals: int = 2) -> str:
    """Return the interval of a difference, with signs, and a word of warning where it includes zero."""
    if pd.isna(low):
        return ""
    warning = ", includes zero" if low <= 0 <= high else ""
    return f"{signed(low, decimals)} to {signed(high, decimals)}{warning}"


def fold(summary: str, text: str) -> HTML:
    """Return a plain text that stays out of sight until the reader clicks on `summary`: the answer to a question.

    It works in a notebook and on its page alike, as browsers fold by themselves.

    >>> fold("Answer", "1 < 2").data
    '<details><summary>Answer</summary><pre>1 &lt; 2</pre></details>'
    """
    return HTML(f"<details><summary>{escape(summary)}</summary><pre>{escape(text)}</pre></details>")
