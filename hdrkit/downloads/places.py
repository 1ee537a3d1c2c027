"""Which panoramas show one place: several were often taken on one spot, at other hours or some steps apart."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

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

    groups: list[list[str]] = []
    for asset in sorted(assets, key=age):
        same = [group for group in groups if any(_is_one_place(asset, other, assets) for other in group)]
        groups = [group for group in groups if group not in same] + [sorted([*chain(*same), asset], key=age)]
    return sorted(groups, key=lambda group: age(group[0]))


def _is_one_place(one: str, other: str, assets: Mapping[str, Mapping[str, Any]]) -> bool:
    if stem(one) == stem(other):
        return True
    here, there = (_coordinates(assets[asset].get("coords")) for asset in (one, other))
    return bool(here and there) and all(abs(a - b) <= NEAR for a, b in zip(here, there, strict=True))


def _coordinates(stated: object) -> Sequence[float]:
    """Return latitude and longitude; nothing where they are not stated. 0, 0 is what is stated for nothing."""
    if not isinstance(stated, list) or len(stated) != 2:
        return ()
    here = [_number(value) for value in stated]
    return here if any(here) else ()


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0
