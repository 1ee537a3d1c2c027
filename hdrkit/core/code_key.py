"""What a module's results depend on besides its input: its code, that of all it imports, and their libraries' versions.

A cache that is named by this key is never stale: an edit, a moved or renamed module or an upgraded library gives
another key. A docstring, a comment or a module that is not imported does not, nor one of `WITHOUT_RESULT`.
"""

import ast
import hashlib
import importlib.metadata
import json
import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hdrkit import SHORTCUTS
from hdrkit.core.files import DATA, PACKAGE, RESULTS

# Names in `hdrkit.core.files` below which modules find their files.
ROOTS = {"DATA": DATA, "PACKAGE": PACKAGE, "RESULTS": RESULTS}
# Modules that show, stop, name and tidy up what others compute; nothing that they do reaches a result.
_SILENT = ("code_key", "executors", "folder_lock", "interruption", "leftovers", "progress_bar")
WITHOUT_RESULT = {f"{PACKAGE.name}.core.{name}" for name in _SILENT}
# The module of each name that the package imports when it is asked for: {"hdrkit.enhance": "hdrkit.enhancement.api"}.
LAZY = {f"{PACKAGE.name}.{name}": f"{PACKAGE.name}.{module}" for name, module in SHORTCUTS.items()}


@dataclass(frozen=True)
class Closure:
    """Everything that some code runs: `modules` of this package by dotted name with a digest of the code of each,
    `libraries` by the name they are imported by, and the `files` or folders named below one of `ROOTS`.
    """

    modules: dict[str, str]
    libraries: frozenset[str]
    files: frozenset[Path]


def code_key(*modules: str) -> str:
    """Return the key of what modules, given by their dotted names, compute: 64 hex digits.

    It stands for their code and all code of this package that they import, at the top or inside functions, without
    docstrings, comments and `WITHOUT_RESULT`, for Python's minor version, and for those of all libraries which that
    code imports.
    """
    return digest(closure("".join(f"import {name}\n" for name in modules)))


def digest(code: Closure) -> str:
    """Return the key of a closure; see `code_key`."""
    python = platform.python_version_tuple()[:2]  # its patches mend faults, and cost nobody a training
    parts = [code.modules, {name: versions(name) for name in sorted(code.libraries)}, python]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def closure(source: str) -> Closure:
    """Return what a piece of Python, for instance the code of a notebook, runs.

    IPython's magic lines are left out; what is no Python runs nothing.
    """
    try:
        tree = ast.parse(re.sub(r"^\s*[%!].*$", "", source, flags=re.M))
    except SyntaxError:
        tree = ast.Module([], [])
    modules: dict[str, str] = {}
    libraries, files = set(), set(_files(tree))
    waiting = list(_imported(tree, "__main__"))
    while waiting:
        name = waiting.pop()
        if name.partition(".")[0] != PACKAGE.name:
            libraries.add(name.partition(".")[0])
        elif name in LAZY:
            waiting.append(LAZY[name])
        elif name not in modules and name not in WITHOUT_RESULT and (path := _path(name)):
            found = _read(path, name, path.stat().st_mtime_ns)
            modules[name] = found.digest
            waiting += found.imported
            files |= found.files
    return Closure(modules, frozenset(libraries - sys.stdlib_module_names), frozenset(files))


@cache
def versions(library: str) -> tuple[str, ...]:
    """Return name and version of each distribution that provides a top-level import name."""
    names = _distributions().get(library, [])
    return tuple(sorted(f"{name} {importlib.metadata.version(name)}" for name in set(names)))


@cache
def _distributions() -> dict[str, list[str]]:
    """Return the names of distributions by the import name that they provide.

    Python 3.11 overlooks those that provide compiled modules alone, as OpenEXR; their own name has to do.
    """
    own = {each.name: [each.name] for each in importlib.metadata.distributions()}
    return own | dict(importlib.metadata.packages_distributions())


@dataclass(frozen=True)
class _Module:
    digest: str
    imported: tuple[str, ...]
    files: frozenset[Path]


@cache
def _read(path: Path, name: str, changed: int) -> _Module:
    """Read a module; `changed`, its time of change, lets an edited one be read again."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    imported = tuple(_imported(tree, name, package))
    files = frozenset(_files(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and _documented(node):
            node.body = node.body[1:]
    return _Module(hashlib.sha256(ast.dump(tree).encode()).hexdigest(), imported, files)


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def _path(name: str) -> Path | None:
    """Return the file of a module or package of ours; None where the name is of something in a module."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)


def _imported(tree: ast.AST, name: str, package: str = "") -> Iterator[str]:
    """Yield the dotted names that a module imports, and the packages around them, whose code runs first.

    `from a import b` may mean a module a.b or something in a: both are named, and `_path` tells. What stands under
    `if TYPE_CHECKING` never runs.
    """
    for node in _running(tree):
        if isinstance(node, ast.Import):
            yield from (around for alias in node.names for around in _and_around(alias.name))
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            yield from _and_around(source)
            yield from (f"{source}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == PACKAGE.name:
            yield f"{PACKAGE.name}.{node.attr}"  # `hdrkit.enhance`, which is imported when it is asked for


def _and_around(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[: i + 1]) for i in range(len(parts)))


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            yield node
            yield from _running(node)


def _files(tree: ast.AST) -> Iterator[Path]:
    """Yield the paths that code names as DATA / "a" / "b", as far as they are written out."""
    quotients = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp)]
    parts = {id(node.left) for node in quotients}
    yield from filter(None, (_below_root(node) for node in quotients if id(node) not in parts))


def _below_root(node: ast.AST) -> Path | None:
    match node:
        case ast.BinOp(left=ast.Name(id=root), op=ast.Div(), right=ast.Constant(value=str(part))) if root in ROOTS:
            return ROOTS[root] / part
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above = _below_root(left)
            match right:
                case ast.Constant(value=str(part)) if above:
                    return above / part
            return above
    return None
