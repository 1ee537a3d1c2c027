"""The book, from the file system and without a network, on phones and desks, light and dark."""

import shutil

import build_site
import nbformat
import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.light_tables import make_pictures

from hdrkit.display import notation
from hdrkit.jupyter import course
from hdrkit.widgets import compare
from hdrkit.widgets.standalone import standalone_html

FIRST = "notebooks/01_data_survey"
REPOSITORY = "https://github.com/owner/name"


# The theme fades from its light colours to the dark ones, and on the way nothing can be read.
COLOURS_ARE_THERE = """() => new Promise(requestAnimationFrame)
    .then(() => Promise.all(document.getAnimations().map(each => each.finished)))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the site of a run of which only a light table in the first notebook is known."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(course.course_notebooks()[0].parent, folder / "run" / "notebooks")
    path = folder / "run" / f"{FIRST}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    shown = {"text/html": standalone_html(compare(make_pictures(), "render")), "text/plain": "a light table"}
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    first = next(cell for cell in code if "colab" not in cell.metadata.get("tags", []))  # the site leaves that out
    table = notation.table(pd.DataFrame({"split": ["train"], "pairs": [10318]})).to_html()
    outputs = (shown, {"text/html": table, "text/plain": "a table"})
    first.outputs = [nbformat.v4.new_output("display_data", data) for data in outputs]
    nbformat.write(notebook, path)
    (folder / "run" / "report.html").write_text("<title>Report</title><h1>Report</h1>", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HDRKIT_REPOSITORY", REPOSITORY)
        assert build_site.build(folder / "run", folder / "site", api=False) == []
    return folder / "site"


@pytest.fixture(scope="module", params=[390, 1280], ids=["phone", "desk"])
def book(request, open_page):
    """Return a page of that width without a network, and the list of what it asks the network for."""
    page, asked = open_page(viewport={"width": request.param, "height": 900}, offline=True, color_scheme="light"), []
    page.on("request", lambda each: asked.append(each.url) if each.url.startswith("http") else None)
    return page, asked


def test_every_page_fits_and_needs_no_network(book, site):
    page, asked = book
    for path in site.rglob("*.html"):
        if not path.is_relative_to(site / "_static"):
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    assert asked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", FIRST, "docs/architecture", "README", "search"])
def test_every_kind_of_page_is_for_everyone(open_page, site, scheme, name):
    page = open_page(color_scheme=scheme)
    page.goto((site / f"{name}.html").as_uri())
    page.evaluate(COLOURS_ARE_THERE)
    found = Axe().run(page).response["violations"]
    assert [each["help"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_the_dark_can_be_chosen(book, site):
    page, _ = book
    page.goto((site / "index.html").as_uri())
    background = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(background)
    page.get_by_role("button", name="Color mode").locator("visible=true").click()
    page.get_by_role("button", name="Dark").locator("visible=true").click()
    assert page.evaluate(background) != before
    page.goto((site / f"{FIRST}.html").as_uri())
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_one_page_leads_to_the_next(book, site):
    page, _ = book
    page.goto((site / "index.html").as_uri())
    page.get_by_title("next page").click()
    page.get_by_title("next page").click()
    assert page.url == (site / "notebooks" / "02_registration.html").as_uri()
    page.get_by_title("previous page").click()
    assert page.url == (site / f"{FIRST}.html").as_uri()


def test_every_notebook_can_be_opened_elsewhere(book, site):
    page, _ = book
    for notebook in course.course_notebooks():
        page.goto((site / "notebooks" / notebook.name).with_suffix(".html").as_uri())
        links = {link.inner_text(): link.get_attribute("href") for link in page.locator(".open-in a").all()}
        assert list(links) == ["JupyterLab", "Binder", "Colab", "Download"]
        assert all(address.endswith(notebook.name) for address in links.values())
        assert links["Colab"].startswith("https://colab.research.google.com/github/owner/name/")


def test_a_widget_is_alive_without_a_kernel(book, site):
    page, _ = book
    page.goto((site / f"{FIRST}.html").as_uri())
    page.locator(".hdrkit-lt-stage").scroll_into_view_if_needed()
    page.locator(".hdrkit-lt-stage").focus()
    page.keyboard.press("b")
    page.wait_for_function("document.querySelector('.hdrkit-light-table').lightTable.table.get('mode') === 'blink'")


def test_formulas_stand_in_the_middle(book, site):
    page, _ = book
    page.goto((site / "notebooks" / "02_registration.html").as_uri())
    middles = "math => [math, math.parentElement].map(e => e.getBoundingClientRect()).map(b => b.left + b.right)"
    formula = page.locator("div.math math > mrow").nth(1)  # the first is wider than a phone
    assert abs(np.subtract(*formula.evaluate(middles))) <= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cells_of_a_table_stand_apart_on_the_pages_own_colour(open_page, site, scheme):
    page = open_page(color_scheme=scheme)
    page.goto((site / f"{FIRST}.html").as_uri())
    table = page.locator(".cell_output table[id^=T_]")
    assert table.locator("td").first.evaluate("cell => parseFloat(getComputedStyle(cell).paddingRight)") > 5
    background = "each => getComputedStyle(each).backgroundColor"
    assert table.locator("xpath=..").evaluate(background) == "rgba(0, 0, 0, 0)"


def test_the_search_works_from_the_file_system(book, site):
    page, _ = book
    page.goto((site / "search.html").as_uri() + "?q=bracket")
    page.locator("#search-results li a").first.wait_for()


def test_answers_are_folded(book, site):
    page, _ = book
    page.goto((site / f"{FIRST}.html").as_uri())
    assert page.get_by_text("three doublings").count() == 1
    assert not page.get_by_text("three doublings").is_visible()
