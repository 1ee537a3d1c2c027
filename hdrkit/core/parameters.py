"""Notebook parameters: what the notebooks declare, what a profile or the command line sets, and whether both agree.

Papermill itself only warns of an unknown parameter and takes any type, so that `learning_rate: 1e-3`
(a string to YAML) or a misspelt `epoch` would cost a run. Here both are errors before anything starts.
"""

import ast
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar, get_type_hints

import yaml

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import PACKAGE

Value = bool | int | float | str | list
Profile = TypeVar("Profile")
PROFILES = PACKAGE / "profiles"
GIVEN = ("profile", "survey", "out")  # every notebook may declare these; the runner sets them
# The runner uses these itself; notebooks may, too.
RUNNER: dict[str, Value] = {"cell_minutes": 60.0, "bootstrap": 2000, "seed": 1}
TAG = "parameters"  # papermill's tag of the cell that declares them


def declared(notebook: Path) -> dict[str, Value]:
    """Return the parameters of a notebook and their defaults, from its cell tagged `parameters`.

    The cell may hold assignments of plain literals only (and comments): numbers, strings, booleans, lists.
    Raises HdrkitError for a damaged notebook, for none or several such cells, and for anything but literals.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if TAG in cell["metadata"].get("tags", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HdrkitError(f"{notebook}: not readable as a notebook ({error}); restore it with git checkout") from error
    if len(tagged) != 1:
        raise HdrkitError(f"{notebook}: {len(tagged)} cells are tagged `parameters`; exactly one must be")
    try:
        return dict(_assignment(statement) for statement in ast.parse("".join(tagged[0]["source"])).body)
    except (SyntaxError, ValueError) as error:
        raise HdrkitError(f"{notebook}: its parameters must be plain literals, one per line ({error})") from error


def _assignment(statement: ast.stmt) -> tuple[str, Value]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            literal = ast.literal_eval(value)
            if isinstance(literal, bool | int | float | str | list):
                return name, literal
    raise ValueError(f"`{ast.unparse(statement)}`")


def declared_by_all(notebooks: Iterable[Path]) -> dict[str, Value]:
    """Return every parameter that at least one notebook, or the runner, knows, with a default that shows its type.

    Raises HdrkitError where two notebooks give one name different types.
    """
    known: dict[str, Value] = dict(RUNNER)
    for notebook in notebooks:
        for name, default in declared(notebook).items():
            if name in known and not (_fits(default, known[name]) or _fits(known[name], default)):
                raise HdrkitError(
                    f"{notebook}: parameter `{name}` is {_type(default)} here and {_type(known[name])} elsewhere"
                )
            known.setdefault(name, default)
    return known


def load_profile(name: str, kind: str = "") -> dict[str, Value]:
    """Return the parameters of hdrkit/profiles/<kind>/<name>.yaml.

    Without a kind, a profile is of the notebooks, and may be a YAML file of the user's, given by its path.
    Raises HdrkitError where there is none, or it cannot be read.
    """
    own = not kind and name.endswith((".yaml", ".yml"))
    path = Path(name) if own else PROFILES / kind / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in (PROFILES / kind).glob("*.yaml")))
        of, choice = (f" of {kind}", "") if kind else ("", ", or name a .yaml file")
        raise HdrkitError(f"{name}: no such profile{of}; choose one of {known}{choice}")
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise HdrkitError(f"{path}: not readable as YAML ({' '.join(str(error).split())})") from error
    if not isinstance(values, dict):
        raise HdrkitError(f"{path}: a profile is a list of `name: value` lines")
    return values


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


def parse(settings: Iterable[str], known: Mapping[str, Value]) -> dict[str, Value]:
    """Read `name=value` settings of the command line; the type of each is that of its declared default."""
    values = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise HdrkitError(f"-p {setting}: write a parameter as name=value")
        default = known.get(name, text)
        values[name] = text if isinstance(default, str) else _literal(text)
    return values


def _literal(text: str) -> Value:
    text = {"true": "True", "false": "False"}.get(text.lower(), text)
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text  # it has the wrong type, which `check` then names


def check(values: Mapping[str, Value], known: Mapping[str, Value], source: str) -> None:
    """Raise HdrkitError for a parameter of `values` that nothing declares, or whose type is not its default's.

    An integer is good enough where a float is asked for; nothing else is converted.
    """
    for name, value in values.items():
        if name in GIVEN or name not in known:
            free = sorted(set(known) - set(GIVEN))
            raise HdrkitError(f"{source}: unknown parameter `{name}`; known are {', '.join(free)}")
        if not _fits(value, known[name]):
            hint = "; write 1.0e-3, not 1e-3" if isinstance(value, str) and isinstance(known[name], float) else ""
            raise HdrkitError(
                f"{source}: parameter `{name}` must be {_type(known[name])}, not {_type(value)} ({value!r}){hint}"
            )


def _fits(value: Value, default: Value) -> bool:
    if isinstance(default, list):
        return isinstance(value, list) and all(_fits(item, default[0]) for item in value if default)
    return type(value) is type(default) or (type(value) is int and type(default) is float)


def _type(value: Value) -> str:
    if isinstance(value, list):
        return f"a list of {type(value[0]).__name__}" if value else "a list"
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    return names.get(type(value), type(value).__name__)
