"""The book, from the file system and without a network, on phones and desks, light and dark."""

import shutil

import build_site
import nbformat
import pytest
from helpers.light_tables import make_pictures

from hdrkit.jupyter import course
from hdrkit.widgets import compare
from hdrkit.widgets.standalone import standalone_html

FIRST = "notebooks/01_data_survey"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the site of a run of which only a light table in the first notebook is known."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(course.course_notebooks()[0].parent, folder / "run" / "notebooks")
    path = folder / "run" / f"{FIRST}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    shown = {"text/html": standalone_html(compare(make_pictures(), "render")), "text/plain": "a light table"}
    next(cell for cell in notebook.cells if cell.cell_type == "code").outputs = [
        nbformat.v4.new_output("display_data", shown)
    ]
    nbformat.write(notebook, path)
    (folder / "run" / "report.html").write_text("<p>The report of a run.</p>", encoding="utf-8")
    assert build_site.build(folder / "run", folder / "site", api=False) == []
    return folder / "site"


@pytest.fixture(scope="module", params=[390, 1280], ids=["phone", "desk"])
def book(request, open_page):
    """Return a page of that width, and the list of what it asks the network for."""
    page, asked = open_page(viewport={"width": request.param, "height": 900}), []
    page.on("request", lambda each: asked.append(each.url) if each.url.startswith("http") else None)
    return page, asked


@pytest.mark.parametrize("name", ["index", FIRST, "docs/architecture", "docs/instructor", "README"])
def test_a_page_fits_and_needs_no_network(book, site, name):
    page, asked = book
    page.goto((site / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.get_by_role("heading", level=1).count() == 1
    assert asked == []


def test_a_widget_is_alive_without_a_kernel(book, site):
    page, _ = book
    page.goto((site / f"{FIRST}.html").as_uri())
    page.locator(".hdrkit-lt-stage").scroll_into_view_if_needed()
    page.locator(".hdrkit-lt-stage").focus()
    page.keyboard.press("b")
    page.wait_for_function("document.querySelector('.hdrkit-light-table').lightTable.table.get('mode') === 'blink'")


def test_the_search_works_from_the_file_system(book, site):
    page, _ = book
    page.goto((site / "search.html").as_uri() + "?q=bracket")
    page.locator("#search-results li a").first.wait_for()


def test_answers_are_folded(book, site):
    page, _ = book
    page.goto((site / f"{FIRST}.html").as_uri())
    assert page.get_by_text("three doublings").count() == 1
    assert not page.get_by_text("three doublings").is_visible()
