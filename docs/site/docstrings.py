"""The kit's docstrings as reStructuredText: lines such as "name: what it is", with hanging indents, become a list."""

import functools
import re
import types
from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FIELD = type(namedtuple("One", "field").field)
NAME = r"`{0,2}[a-z_]\w*`{0,2}"
ITEM = re.compile(rf"{NAME}(, {NAME})*( \([^)]*\))?: ")
NEXT = re.compile(rf"(?<=[.;]) (?={ITEM.pattern})")  # several may stand in one line


def as_lists(lines: list[str]) -> list[str]:
    """Return a docstring's lines, with a list where it explains names, and what is indented as it stands.

    >>> as_lists(["Add.", "", "a: one number,", "    or more", "They are added:", "", "    a + b"])
    ['Add.', '', '- a: one number,', '  or more', '', 'They are added::', '', '    a + b']
    """
    found: list[str] = []
    inside = False
    for i, line in enumerate(lines):
        starts = i > 0 and ITEM.match(line) is not None  # the first line is a sentence, whatever it begins with
        goes_on = inside and not starts and _goes_on(lines[i - 1], line)
        if starts != inside and not goes_on:
            found.append("")
        if starts or goes_on:
            first, *others = NEXT.sub("\n", line.strip()).split("\n")
            found += [f"- {first}" if starts else f"  {first}", *(f"- {other}" for other in others)]
        else:
            found.append(line + ":" * _announces_code(lines, i))
        inside = starts or goes_on
    return found


def _goes_on(above: str, line: str) -> bool:
    """Tell whether a line belongs to the explanation above: it is indented, or goes on with an unfinished sentence."""
    if line.startswith("    ") or not line:
        return bool(line)
    return not above.startswith(" ") and not (above.endswith((".", ":")) and line[0].isupper())


def _announces_code(lines: list[str], i: int) -> bool:
    return lines[i].endswith(":") and lines[i + 1 : i + 2] == [""] and "".join(lines[i + 2 : i + 3]).startswith(" ")


def _process(app: "Sphinx", kind: str, name: str, member: Any, options: Any, lines: list[str]) -> None:
    lines[:] = as_lists(lines)


def _skips(app: "Sphinx", kind: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Leave out calls that wait for the rest of their arguments, and fields of tuples, which the signature has.

    What Python says of them is not about them.
    """
    return True if isinstance(member, (functools.partial, types.BuiltinFunctionType, FIELD)) else None


def setup(app: "Sphinx") -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _process)
    app.connect("autodoc-skip-member", _skips)
    return {"parallel_read_safe": True}
