"""Judging a study that a student designed: does each setting change one thing, and what do the trainings cost?"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from hdrkit.ablations.analysis import Study
from hdrkit.exercises import judging
from hdrkit.exercises.exercise import NotYetError

if TYPE_CHECKING:  # slow to import, with TensorFlow
    from hdrkit.ablations.studies import Setting

FEWEST = 3  # settings


def judge_settings(answer: object) -> list["Setting"]:
    """Return the settings of a fair study: the report's own first, and others that each change one thing of it.

    Raises NotYetError, which names the setting that is not fair, and why.
    """
    settings = _as_settings(answer)
    _refuse_equal_names(settings)
    if own := _changes(settings[0]):
        raise NotYetError(f"the first setting is what others are compared with: the report's. Yours changes {own[0]}.")
    for i, setting in enumerate(settings[1:], 1):
        _refuse_unfair(setting)
        for other in settings[1:i]:
            if _what_is_trained(setting) == _what_is_trained(other):
                raise NotYetError(f"`{other.id}` and `{setting.id}` are the same setting under two names.")
    return settings


def judge_cost(minutes: object, settings: Sequence["Setting"], kept: Sequence[Study]) -> int:
    """Return how many networks a study trains, if `minutes` is about what they cost.

    kept: studies that have been trained; the seeds and the seconds per network of the longest are taken, as older ones
    may be shorter. The first setting may be free, since a network that two studies share is trained once.
    """
    if minutes is None or minutes is Ellipsis:
        raise NotYetError("now say what it costs, in minutes.")
    seeds, steps = (
        max(values) for values in zip(*((study.facts["seeds"], study.steps) for study in kept), strict=True)
    )
    seconds = [study.seconds for study in kept if study.steps == steps]
    least = 0.9 * (len(settings) - 1) * seeds * min(seconds) / 60
    most = 1.1 * len(settings) * seeds * max(seconds) / 60
    value = judging.as_number(minutes)
    if least <= value <= most:
        return len(settings) * seeds
    if least <= value / 60 <= most:
        raise NotYetError("this is the cost in seconds. Minutes are wanted.")
    if least <= value * seeds <= most:
        raise NotYetError("this is the cost of one seed. With how many seeds is each setting trained?")
    raise NotYetError(f"{value:g} minutes are too {'many' if value > most else 'few'}. How many networks are trained?")


def _as_settings(answer: object) -> list["Setting"]:
    from hdrkit.ablations.studies import Setting
    from hdrkit.training.recipes import Design, Recipe

    if not isinstance(answer, list | tuple):
        raise NotYetError("a list of settings is wanted: [Setting(...), Setting(...), ...].")
    for one in answer:
        if not isinstance(one, Setting):
            raise NotYetError(f"the list holds a {type(one).__name__}. Each element is a Setting(id=..., label=...).")
        if not isinstance(one.recipe, Recipe) or not isinstance(one.recipe.design, Design):
            raise NotYetError(
                f"the recipe of `{one.id}` is to be a Recipe(...), and its design, if any, a Design(...)."
            )
    if len(answer) < FEWEST:
        raise NotYetError(f"the study needs {FEWEST} settings at least.")
    return list(answer)


def _refuse_equal_names(settings: Sequence["Setting"]) -> None:
    for setting in settings:
        if not isinstance(setting.id, str) or not re.fullmatch(r"[a-z0-9_]+", setting.id):
            raise NotYetError(f"the id {setting.id!r} is to be of small letters, digits and underscores.")
        if not isinstance(setting.label, str) or not setting.label.strip():
            raise NotYetError(f"`{setting.id}` needs a label, a text for readers.")
    for what in ("id", "label"):
        if len({getattr(setting, what) for setting in settings}) < len(settings):
            raise NotYetError(f"two settings have the same {what}. A table could not tell them apart.")


def _refuse_unfair(setting: "Setting") -> None:
    """Say why a setting answers no question: it changes nothing, too much, what it is scored on, or cannot be had."""
    from hdrkit.ablations import pair_changes

    changed, name = _changes(setting), f"`{setting.id}`"
    if not changed:
        raise NotYetError(f"{name} changes nothing: it is the report's own network, under another name.")
    if len(changed) > 1:
        raise NotYetError(f"{name} changes {' and '.join(changed)}. If it scores more, which of them was it?")
    if changed == ["decoding"]:
        raise NotYetError(f"{name} is scored on frames that are decoded in another way. Is that the same task?")
    if setting.data in pair_changes.SCORED_ON_FEWER:
        raise NotYetError(f"{name} is scored on fewer scenes than the report's own setting. Change another thing.")
    _refuse_unknown(setting)


def _refuse_unknown(setting: "Setting") -> None:
    from hdrkit.dataset.augmentation import SYMMETRIES
    from hdrkit.training.losses import WEIGHTS
    from hdrkit.training.recipes import ARCHITECTURES

    known: dict[str, Iterable[str]] = {"loss": WEIGHTS, "architecture": ARCHITECTURES, "symmetries": SYMMETRIES}
    for name, values in known.items():
        value = getattr(setting.recipe, name)
        if value not in list(values):
            raise NotYetError(f"there is no {name} {value!r}; there are {', '.join(values)}.")


def _changes(setting: "Setting") -> list[str]:
    """Return the names of what a setting changes in the report's own one."""
    from hdrkit.ablations.studies import Setting

    mine, reports = _what_is_trained(setting), _what_is_trained(Setting(id="", label=""))
    return [name for name, value in mine.items() if value != reports[name]]


def _what_is_trained(setting: "Setting") -> dict[str, object]:
    """Return all that a setting decides, by name: what its recipe and its design hold, and its pairs."""
    parts = (setting.recipe.design, setting.recipe, setting)
    values = {field.name: getattr(part, field.name) for part in parts for field in fields(part)}
    return {name: value for name, value in values.items() if name not in ("id", "label", "recipe", "design")}
