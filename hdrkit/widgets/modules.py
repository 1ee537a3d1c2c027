"""JavaScript modules in files of their own, joined into the one module that anywidget takes."""

import re
from functools import cache
from pathlib import Path

from hdrkit.core.files import PACKAGE

SOURCES, ENTRY = PACKAGE / "widgets" / "light_table", "light_table.js"
STYLE = SOURCES / "light_table.css"
IMPORT = re.compile(r'^import (?P<names>\{[^}]*\}) from "\./(?P<file>[^"]+)";$', re.M)
EXPORT = re.compile(r"^export (?:async )?(?:function\*?|const|class) (?P<name>\w+)", re.M)


@cache
def joined(folder: Path, entry: str) -> str:
    """Return a module and all that it imports as one module: `import { a } from "./b.js";`, one line per import.

    Each file becomes a function of its own, so that its names stay its own; those it exports are what it returns.
    They stand in the order in which they need each other. What `entry` exports is exported.
    """
    order: dict[str, str] = {}
    _visit(folder, entry, order)
    *needed, last = order
    return "\n".join([*(_wrapped(name, order[name]) for name in needed), _imports_resolved(order[last])])


def _visit(folder: Path, name: str, order: dict[str, str]) -> None:
    source = (folder / name).read_text(encoding="utf-8")
    for match in IMPORT.finditer(source):
        if match["file"] not in order:
            _visit(folder, match["file"], order)
    order[name] = source


def _wrapped(name: str, source: str) -> str:
    exported = ", ".join(match["name"] for match in EXPORT.finditer(source))
    body = re.sub("^export ", "", _imports_resolved(source), flags=re.M)
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _imports_resolved(source: str) -> str:
    return IMPORT.sub(lambda match: f"const {match['names']} = {_variable(match['file'])};", source)


def _variable(file: str) -> str:
    return f"module_{Path(file).stem}"
