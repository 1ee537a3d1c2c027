"""JavaScript files become one module that a browser can read without asking for others."""

import re

import pytest

from hdrkit.core.files import PACKAGE
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


FOLDER = PACKAGE / "widgets"
MODULES = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")} | {
    "light": joined(SOURCES, ENTRY)
}
STYLES = [path for path in FOLDER.rglob("*.css")]


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_a_widget_s_module_needs_nothing_that_only_jupyterlab_has(module):
    """In VS Code and Colab, a module is one text from no address, and its page is not JupyterLab's."""
    assert re.findall(r"^export default .*", module, re.M) == ["export default { render };"]
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(|import\.meta|^(const .*= )?await\b", module, re.M)
    assert not re.search(r"document\.(querySelector|getElement|body|head|cookie)|localStorage", module)
    assert not re.search(r"\bfetch\(\s*[\"'`]|window\.(parent|top|Jupyter)", module)


@pytest.mark.parametrize("style", STYLES, ids=[path.stem for path in STYLES])
def test_a_colour_of_the_page_has_a_fallback(style):
    text = style.read_text(encoding="utf-8")
    assert "color" in text and re.findall(r"var\(--(?:jp|vscode|colab)[\w-]*\)", text) == []
    assert not re.search(r"@import|url\((?!data:)", text)
