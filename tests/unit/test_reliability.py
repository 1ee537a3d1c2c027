"""The page on reliability names tests that exist, and every test of damage stands on it."""

import ast
import re
from pathlib import Path

from hdrkit.core.files import DATA

ROOT = DATA.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(tests/[\w/.]+\.py)::(\w+)`", PAGE))


def names_in(path):
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_named_test_exists():
    assert len(NAMED) > 50
    assert sorted((path, name) for path, name in NAMED if name not in names_in(ROOT / path)) == []


def test_every_row_names_one():
    rows = [
        line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| fault", "| of what"))
    ]
    assert rows and [row for row in rows if "::test_" not in row] == []


def test_every_fault_that_is_tried_is_on_the_page():
    files = ["core/test_folder_lock.py", "core/test_leftovers.py", "test_changed_bytes.py", "test_read_only.py"]
    paths = [*(f"tests/unit/{file}" for file in files), "tests/fuzz/test_kills.py"]
    assert {(path, name) for path in paths for name in names_in(ROOT / path)} <= NAMED
