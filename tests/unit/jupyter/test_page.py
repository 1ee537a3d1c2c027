"""The page of an executed notebook."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from hdrkit.jupyter.page import to_html


def test_of_a_cell_that_checks_a_sentence_a_page_shows_what_it_says_only(tmp_path):
    said = [new_output("display_data", {"text/markdown": "Two is less than three."})]
    shows, silent = (
        new_code_cell(source, metadata={"tags": ["claim"]}, outputs=outputs)
        for source, outputs in (("speaking_check()", said), ("silent_check()", []))
    )
    notebook, page = tmp_path / "a.ipynb", tmp_path / "a.html"
    nbformat.write(new_notebook(cells=[new_code_cell("lesson()"), shows, silent]), notebook)
    to_html(notebook, page)
    html = page.read_text()
    assert "Two is less than three." in html and "lesson" in html
    assert "speaking_check" not in html and "silent_check" not in html
