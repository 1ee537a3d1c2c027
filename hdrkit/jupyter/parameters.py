"""Parameters of notebooks: what each declares, and what the command line sets.

Papermill itself only warns of an unknown parameter and takes any type. Here both are errors before anything starts
(`hdrkit.core.profiles.check`).
"""

import ast
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.profiles import Value, fits, type_name

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
        tagged = ["".join(cell["source"]) for cell in cells if TAG in cell["metadata"].get("tags", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HdrkitError(f"{notebook}: not readable as a notebook ({error}); restore it with git checkout") from error
    if len(tagged) != 1:
        raise HdrkitError(f"{notebook}: {len(tagged)} cells are tagged `parameters`; exactly one must be")
    try:
        return dict(_assignment(statement) for statement in ast.parse(tagged[0]).body)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise HdrkitError(f"{notebook}: its parameters must be plain literals, one per line ({error})") from error


def _assignment(statement: ast.stmt) -> tuple[str, Value]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            literal = ast.literal_eval(value)
            if isinstance(literal, bool | int | float | str | list):
                return name, literal
    raise ValueError(f"`{ast.unparse(statement)}`")


def settable(notebooks: Iterable[Path]) -> dict[str, Value]:
    """Return every parameter that may be set, with a default that shows its type: those of notebooks and runner.

    Raises HdrkitError where two notebooks give one name different types.
    """
    known: dict[str, Value] = dict(RUNNER)
    for notebook in notebooks:
        for name, default in declared(notebook).items():
            if name in known and not (fits(default, known[name]) or fits(known[name], default)):
                here, elsewhere = type_name(default), type_name(known[name])
                raise HdrkitError(f"{notebook}: parameter `{name}` is {here} here and {elsewhere} elsewhere")
            known.setdefault(name, default)
    return {name: default for name, default in known.items() if name not in GIVEN}


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
    except (ValueError, SyntaxError, MemoryError, RecursionError):  # the last two for a long row of brackets
        return text  # it has the wrong type, which `check` then names
