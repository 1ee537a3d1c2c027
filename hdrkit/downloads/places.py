"""Which panoramas show one place: several were often taken on one spot, at other hours or some steps apart."""

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

NEAR = 0.001  # degrees of latitude and longitude: about 100 m, so that rooms of one house are one place
# Words at the end of a name that tell the light of a picture, not its place.
LIGHTS = {
    *("dawn", "sunrise", "morning", "day", "noon", "midday", "afternoon", "sunset", "dusk", "evening", "night"),
    *("clear", "cloudy", "clouds", "overcast", "foggy", "misty", "sunny", "late", "early", "puresky"),
}


def asset_of(name: str) -> str:
    """Return what Poly Haven calls a panorama, given a file's name without its ending; any other name as it is.

    >>> asset_of("old_mill_4k"), asset_of("old_mill")
    ('old_mill', 'old_mill')
    """
    return re.sub(r"_\d+k$", "", name)


@cache
def stem(asset: str) -> str:
    """Return what the names of panoramas of one place begin with.

    >>> [stem(name) for name in ("kiara_1_dawn", "kiara_9_dusk", "studio_small_03", "night_bridge", "sunset")]
    ['kiara', 'kiara', 'studio_small', 'night_bridge', 'sunset']
    """
    words = asset.lower().split("_")
    while len(words) > 1 and (words[-1] in LIGHTS or re.fullmatch(r"\d+[a-z]?", words[-1])):
        words.pop()
    return "_".join(words)


def by_place(assets: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Group panoramas by place: one stem, or coordinates (`coords`, degrees) as near as `NEAR`, make one place.

    In doubt they are joined, because a split by place must not leak. Groups and what is in them are in the order of
    publication (`date_published`, s): places that are added later come last.
    """

    def age(asset: str) -> tuple[float, str]:
        return _number(assets[asset].get("date_published")), asset

    names = sorted(assets, key=age)
    where = np.array([_coordinates(assets[name].get("coords")) for name in names]).reshape(-1, 2)
    first: dict[str, int] = {}  # of each stem
    groups = np.arange(len(names))  # of each panorama: the number of the first of its place
    for i, name in enumerate(names):
        near = (np.abs(where[:i] - where[i]) <= NEAR).all(axis=1)
        joined = [i, *np.unique(groups[:i][near]), groups[first.setdefault(stem(name), i)]]
        groups[np.isin(groups, joined)] = min(joined)
    return [[names[i] for i in np.flatnonzero(groups == group)] for group in np.unique(groups)]


def _coordinates(stated: object) -> tuple[float, float]:
    """Return latitude and longitude; NaN where they are not stated. 0, 0 is what is stated for nothing."""
    here = [_number(value) for value in stated] if isinstance(stated, list) else []
    return (here[0], here[1]) if len(here) == 2 and any(here) else (math.nan, math.nan)


def _number(value: object) -> float:
    """Return a number as a stranger states it; 0 for what is none, or no finite one."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0
    return number if math.isfinite(number) else 0
