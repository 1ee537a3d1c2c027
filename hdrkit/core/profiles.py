"""Profiles: YAML files of parameters, and whether each parameter is known and of the right type.

A string where a number is meant (`learning_rate: 1e-3` to YAML) or a misspelt `epoch` is an error before anything
starts.
"""

import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar, get_type_hints

import yaml

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import PACKAGE

Value = bool | int | float | str | list
Profile = TypeVar("Profile")
PROFILES = PACKAGE / "profiles"
LARGEST = 2**32 - 1  # number of a profile: that of a seed; all others are far smaller


def load_profile(name: str, kind: str = "") -> dict[str, Value]:
    """Return the parameters of hdrkit/profiles/<kind>/<name>.yaml.

    Without a kind, a profile is of the notebooks, and may be a YAML file of the user's, given by its path.
    Raises HdrkitError where there is none, or it cannot be read.
    """
    own = not kind and name.endswith((".yaml", ".yml"))
    path = Path(name) if own else PROFILES / kind / f"{name}.yaml"
    known = sorted(p.stem for p in (PROFILES / kind).glob("*.yaml"))
    if not (path.is_file() if own else name in known):
        of, choice = (f" of {kind}", "") if kind else ("", ", or name a .yaml file")
        raise HdrkitError(f"{name}: no such profile{of}; choose one of {', '.join(known)}{choice}")
    try:
        values = _parsed(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise HdrkitError(f"{path}: not readable as YAML ({' '.join(str(error).split())})") from error
    if not isinstance(values, dict):
        raise HdrkitError(f"{path}: a profile is a list of `name: value` lines")
    return values


def _parsed(text: str) -> object:
    """Return what a text in YAML holds, all of it written out: ten lines of `*name` may stand for more than any memory.

    Raises YAMLError or ValueError where it is none.
    """
    if alias := next((token for token in yaml.scan(text) if isinstance(token, yaml.AliasToken)), None):
        raise ValueError(f"line {alias.start_mark.line + 1}: write out what `*{alias.value}` stands for")
    return yaml.safe_load(text)


def load_profile_as(made: type[Profile], name: str, kind: str) -> Profile:
    """Return hdrkit/profiles/<kind>/<name>.yaml as a dataclass whose fields are the profile's parameters.

    Raises HdrkitError as `load_profile` and `check` do, and where the profile leaves a field out.
    """
    values, source = load_profile(name, kind), f"profile {name} of {kind}"
    known: dict[str, Value] = {name: kind() for name, kind in get_type_hints(made).items()}
    check(values, known, source)
    if missing := [name for name in known if name not in values]:
        raise HdrkitError(f"{source}: parameter `{missing[0]}` is missing")
    return made(**values)


def check(values: Mapping[str, Value], known: Mapping[str, Value], source: str) -> None:
    """Raise HdrkitError for a parameter of `values` that nothing declares, or whose type is not its default's.

    An integer is good enough where a float is asked for; nothing else is converted. No number may be below 0, above
    `LARGEST`, infinite or NaN.
    """
    for name, value in values.items():
        if name not in known:
            raise HdrkitError(f"{source}: unknown parameter `{name}`; known are {', '.join(sorted(known))}")
        if not fits(value, known[name]):
            hint = "; write 1.0e-3, not 1e-3" if isinstance(value, str) and isinstance(known[name], float) else ""
            wanted, given = type_name(known[name]), f"{type_name(value)} ({reprlib.repr(value)})"
            raise HdrkitError(f"{source}: parameter `{name}` must be {wanted}, not {given}{hint}")
        if isinstance(value, int | float) and not 0 <= value <= LARGEST:  # nor is NaN
            raise HdrkitError(f"{source}: parameter `{name}` must be from 0 to {LARGEST}, not {reprlib.repr(value)}")


def fits(value: Value, default: Value) -> bool:
    """Tell whether a value has the type of its default; an integer fits a float, an item of a list its first item."""
    if isinstance(default, list):
        return isinstance(value, list) and all(fits(item, default[0]) for item in value if default)
    return type(value) is type(default) or (type(value) is int and type(default) is float)


def type_name(value: Value) -> str:
    """Name the type of a value, as in 'must be a whole number'."""
    if isinstance(value, list):
        return f"a list of {type(value[0]).__name__}" if value else "a list"
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    return names.get(type(value), type(value).__name__)
