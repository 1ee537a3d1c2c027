"""The kit's docstrings as reStructuredText: lines such as "name: what it is", with hanging indents, become a list."""

import functools
import re
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ITEM = re.compile(r"`{0,2}\w+`{0,2}(, `{0,2}\w+`{0,2})*( \([^)]*\))?: ")


def as_lists(lines: list[str]) -> list[str]:
    """Return a docstring's lines, with a list where it explains names, and what is indented as it stands.

    >>> as_lists(["Add.", "a: one number,", "    or more", "They are added:", "", "    a + b"])
    ['Add.', '', '- a: one number,', '  or more', '', 'They are added::', '', '    a + b']
    """
    found: list[str] = []
    inside = False
    for i, line in enumerate(lines):
        starts = ITEM.match(line) is not None
        goes_on = inside and line.startswith("    ")
        if starts != inside and not goes_on:
            found.append("")
        literal = line.endswith(":") and lines[i + 1 : i + 2] == [""] and "".join(lines[i + 2 : i + 3]).startswith(" ")
        found.append(f"- {line}" if starts else f"  {line.strip()}" if goes_on else line + ":" * literal)
        inside = starts or goes_on
    return found


def _process(app: "Sphinx", kind: str, name: str, member: Any, options: Any, lines: list[str]) -> None:
    lines[:] = as_lists(lines)


def _skips(app: "Sphinx", kind: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Leave out calls that wait for the rest of their arguments: what Python says of them is not about them."""
    return True if isinstance(member, (functools.partial, types.BuiltinFunctionType)) else None


def setup(app: "Sphinx") -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _process)
    app.connect("autodoc-skip-member", _skips)
    return {"parallel_read_safe": True}
