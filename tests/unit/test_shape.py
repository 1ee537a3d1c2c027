"""Functions are short enough to be read at once."""

import ast
from collections.abc import Iterator

from hdrkit.core.files import PACKAGE

LONGEST = 45  # lines, docstring included
FILES = [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "tools").glob("*.py")]


def too_long(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST:
                yield f"{node.name}: {lines} lines"


def test_no_function_is_longer_than_a_screen():
    found = {
        path.relative_to(PACKAGE.parent).as_posix(): list(too_long(path.read_text(encoding="utf-8"))) for path in FILES
    }
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_a_long_function_is_found():
    body = "    pass\n"
    assert list(too_long(f"def f():\n{body * (LONGEST - 1)}")) == []
    assert list(too_long(f"class C:\n  def f():\n{body * LONGEST}")) == [f"f: {LONGEST + 1} lines"]
