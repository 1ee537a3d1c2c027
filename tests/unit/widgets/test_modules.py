"""JavaScript files become one module that a browser can read without asking for others."""

import re

import pytest

from hdrkit.widgets.modules import ENTRY, SOURCES, STYLE, joined


@pytest.fixture
def folder(tmp_path):
    files = {
        "entry.js": 'import { b } from "./b.js";\nimport { c, d } from "./c.js";\n\nexport default { b, c, d };\n',
        "b.js": 'import { c } from "./c.js";\nexport const b = c + 1;\n',
        "c.js": "const own = 1;\nexport function c() {\n  return own;\n}\nexport class d {}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_each_file_stands_once_after_those_it_needs(folder):
    text = joined(folder, "entry.js")
    places = [text.index(part) for part in ("const own", "const b =", "export default")]
    assert places == sorted(places) and text.count("const own") == 1


def test_only_the_entry_exports_and_nothing_is_imported(folder):
    text = joined(folder, "entry.js")
    assert re.findall(r"^(?:import|export)\b.*", text, re.M) == ["export default { b, c, d };"]


def test_the_light_table_is_one_module_that_can_stand_in_a_page():
    text = joined(SOURCES, ENTRY)
    assert not re.search(r"^\s*import\b|\bimport\(", text, re.M)
    assert re.findall(r"^export default .*", text, re.M) == ["export default { render };"]
    assert re.search(r"^export (async )?function mountStandalone\(element, state\)", text, re.M)
    assert "</script" not in text and "<!--" not in text and "</style" not in STYLE.read_text(encoding="utf-8")


def test_the_light_table_asks_no_other_server():
    for text in (joined(SOURCES, ENTRY), STYLE.read_text(encoding="utf-8")):
        addresses = set(re.findall(r"https?://[^\s\"'`]+", text)) - {"http://www.w3.org/2000/svg"}  # a name, no address
        assert addresses == set() and "@import" not in text
