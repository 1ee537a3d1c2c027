"""The page of an executed notebook."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from hdrkit.jupyter.course import ALONE, Neighbours, Page, neighbours, page_of
from hdrkit.jupyter.page import WIDGET, to_html

WIDGET_VIEW = {WIDGET: {"version_major": 2, "version_minor": 0, "model_id": "a"}}


@pytest.fixture
def page_with(tmp_path):
    """Return a function that makes a page of cells, and returns its HTML."""

    def make(*cells, around=ALONE):
        nbformat.write(new_notebook(cells=list(cells)), tmp_path / "a.ipynb")
        to_html(tmp_path / "a.ipynb", tmp_path / "a.html", around)
        return (tmp_path / "a.html").read_text(encoding="utf-8")

    return make


def test_of_a_cell_that_checks_a_sentence_a_page_shows_what_it_says_only(page_with):
    said = [new_output("display_data", {"text/markdown": "Two is less than three."})]
    shows, silent = (
        new_code_cell(source, metadata={"tags": ["claim"]}, outputs=outputs)
        for source, outputs in (("speaking_check()", said), ("silent_check()", []))
    )
    html = page_with(new_code_cell("taught()"), shows, silent)
    assert "Two is less than three." in html and "taught" in html
    assert "speaking_check" not in html and "silent_check" not in html


def test_a_page_does_not_install_the_kit(page_with):
    assert "on_colab" not in page_with(new_code_cell("on_colab()", metadata={"tags": ["colab"]}))


def test_a_page_has_the_title_of_its_notebook(page_with):
    html = page_with(new_markdown_cell("Some text.\n\n# 1 · Light & <dark>\n\nMore."), new_markdown_cell("# Later"))
    assert "<title>1 · Light &amp; &lt;dark&gt;</title>" in html


def test_a_page_shows_the_parameters_of_the_run_only(page_with):
    declared = new_code_cell("declared = 1", metadata={"tags": ["parameters"]})
    given = new_code_cell("given = 2", metadata={"tags": ["injected-parameters"]})
    assert "declared" in page_with(declared)
    html = page_with(declared, given)
    assert "given" in html and "declared" not in html


def test_a_page_leads_to_its_neighbours_and_to_the_report(page_with):
    both = Neighbours(Page("01_first", "First <b>"), Page("03_third", "Third"))
    html = page_with(new_markdown_cell("# Second"), around=both)
    above_and_below = ["../report.html", "01_first.html", "03_third.html"] * 2
    assert re.findall(r'href="([^"#]+)"', html) == above_and_below
    assert "First &lt;b&gt;" in html
    assert re.findall(r'href="([^"#]+)"', page_with(new_markdown_cell("Alone."))) == ["../report.html"] * 2


def test_a_link_to_the_glossary_leads_to_its_page(page_with):
    html = page_with(new_markdown_cell("The [glossary](../docs/glossary.md)."))
    assert '<a href="glossary.html">glossary</a>' in html and ".md" not in html


def test_a_picture_is_described_by_its_caption(page_with):
    picture = {"image/png": "iVBORw0KGgo="}
    captioned = [new_output("display_data", picture), new_output("display_data", {"text/markdown": '*Two "<".*'})]
    html = page_with(new_code_cell("a", outputs=captioned), new_code_cell("b", outputs=captioned[:1]))
    assert re.findall(r"<img[^>]*alt=(\"[^\"]*\"|'[^']*')", html) == ["'Two \"&lt;\".'", '"What the code above draws"']


def test_neighbours_follow_the_order_of_the_notebooks(tmp_path):
    paths = [tmp_path / f"{name}.ipynb" for name in ("01_first", "02_second", "03_third")]
    for path in paths:
        nbformat.write(new_notebook(cells=[new_markdown_cell(f"# {path.stem[:2]}")]), path)
    around = neighbours(paths)
    first, second, third = map(page_of, paths)
    assert first == ("01_first", "01")
    assert [around[path] for path in paths] == [(None, second), (first, third), (second, None)]


def test_of_scripts_only_ours_stay_also_where_they_speak_of_others(page_with):
    ours = '<script data-hdrkit="" type="module">const tag = "<script src=x>";</script>'
    shown = f'<p>Shown.</p><script src="https://cdn.example/a.js"></script>{ours}<script>theirs()</script>'
    html = page_with(new_code_cell("table", outputs=[new_output("display_data", {"text/html": shown, **WIDGET_VIEW})]))
    assert re.findall(r"<script.*?</script>", html, re.S) == [ours]
    assert "Shown." in html


def test_a_hint_is_folded_into_its_details(page_with):
    html = page_with(new_markdown_cell("Why?\n\n<details><summary>Hint 1</summary>\n\nLook `here`.\n\n</details>"))
    folded = re.search(r"<details><summary>Hint 1</summary>(.*?)</details>", html, re.S)
    assert "Look <code>here</code>." in folded[1]
