"""The report and the notebooks' pages as a browser shows them, in a wide window and in narrow ones."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.runs import write_run
from playwright.sync_api import expect

WIDTHS = {"desk": 1280, "tablet": 1024, "phone": 390}  # pixels
# Where things are, left and right, in pixels; what is not shown at all has no width.
EDGES = "elements => elements.map(e => e.getBoundingClientRect()).map(box => [box.left, box.right, box.width])"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS)
def width(request):
    return request.param


@pytest.fixture
def shown(window, report, width):
    """Return the browser's page with the report in it, everything unfolded."""
    window.set_viewport_size({"width": width, "height": 800})
    window.goto(report.as_uri())
    window.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    return window


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_the_page_does_not_move_sideways(shown):
    assert overflow(shown) == 0


def test_all_evidence_is_within_the_window(shown, width):
    links = shown.locator("td.evidence a")
    assert links.count() > 60
    assert all(left >= 0 and right <= width and across > 20 for left, right, across in links.evaluate_all(EDGES))


def test_no_cell_is_out_of_sight(shown, width):
    if width < WIDTHS["desk"]:  # where tables of scores move inside their boxes
        boxes = shown.locator(".box")
        assert boxes.evaluate_all("boxes => boxes.every(box => getComputedStyle(box).overflowX == 'auto')")
        edges = boxes.evaluate_all(EDGES)
    else:
        edges = shown.locator("th, td").evaluate_all(EDGES)
    assert edges and all(left >= 0 and right <= width for left, right, _ in edges)


@pytest.mark.parametrize("table", ["#comparison table", "#claims table"])
def test_what_names_a_column_or_a_card_stays_on_top(shown, width, table):
    """A wide window shows rows under a header row, a narrow one cards, each under the name of its row."""
    if width >= WIDTHS["desk"]:
        part, name = shown.locator(table), shown.locator(f"{table} thead th").first
    else:
        part = shown.locator(f"{table} tbody tr").last
        name = part.locator("th.name")
    bar = shown.locator("nav").first
    middle = part.evaluate("part => scrollY + part.getBoundingClientRect().top + part.offsetHeight / 2")
    shown.evaluate("y => window.scrollTo({top: y, behavior: 'instant'})", middle)
    assert part.bounding_box()["y"] < -20  # or nothing would have to stay
    below = bar.bounding_box()
    top = max(0, below["y"] + below["height"])
    assert name.bounding_box()["y"] == pytest.approx(top, abs=1)


def test_every_picture_is_drawn_and_described(shown):
    pictures = shown.locator("img:not(.hdrkit-lt-face img)")  # beside these stand their names
    found = pictures.evaluate_all("all => all.map(each => [each.alt.trim(), each.naturalWidth])")
    assert found and all(alt and drawn for alt, drawn in found)


def test_the_light_table_is_alive_in_the_report(shown):
    table = shown.get_by_role("region", name="Light table")
    table.get_by_role("button", name="Divider").click()
    expect(table.get_by_role("button", name="Divider")).to_have_attribute("aria-pressed", "true")
    expect(table.get_by_role("cell", name="dB").first).to_have_text("8.13 dB")  # of levels 20 and 120


def test_the_tables_of_the_light_table_keep_their_own_look(shown):
    """The report's rows of headings stay on top as it scrolls, and would cover the light table's numbers."""
    heads = shown.locator(".hdrkit-light-table th")
    assert set(heads.evaluate_all("all => all.map(each => getComputedStyle(each).position)")) == {"static"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_for_everyone_light_and_dark(open_page, report, scheme):
    page = open_page(color_scheme=scheme)
    page.goto(report.as_uri())
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    found = Axe().run(page).response["violations"]
    assert [each["help"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_the_report_logs_no_error(shown, console_errors):
    assert console_errors == []


def links_of(page, folder):
    targets = page.locator("a").evaluate_all("all => all.map(each => each.href)")
    return {Path(unquote(urlsplit(target).path)).relative_to(folder).as_posix() for target in targets}


def test_links_lead_to_files_and_from_page_to_page_and_back(window, report):
    folder = report.parent
    window.goto(report.as_uri())
    links = links_of(window, folder)
    pages = sorted(path.relative_to(folder).as_posix() for path in (folder / "notebooks").glob("[0-9]*.html"))
    assert {*pages, "notebooks/glossary.html"} < links and all((folder / link).is_file() for link in links)
    window.goto((folder / pages[0]).as_uri())
    for page in pages[1:]:
        window.locator("a[rel=next]").first.click()
        assert links_of(window, folder) >= {"report.html", page}
    assert window.locator("a[rel=next]").count() == 0
    window.get_by_role("link", name="Glossary").click()
    assert window.title() == "Glossary"
    assert all((folder / link).is_file() for link in links_of(window, folder))
    window.get_by_role("link", name="Report").first.click()
    assert window.url == report.as_uri()


def test_a_notebooks_page_is_titled_described_and_fits(window, report, width):
    window.set_viewport_size({"width": width, "height": 800})
    window.goto((report.parent / "notebooks" / "04_baseline.html").as_uri())
    assert window.title().startswith("4 · The baseline")
    assert overflow(window) == 0
    assert window.locator("img").evaluate_all("all => all.map(each => each.alt)") == ["A dot."]
    for wide in (".jp-InputArea-editor pre >> nth=1", ".jp-OutputArea-output:has(table)"):
        # The line of code and the table are wider than a window; they move inside a box.
        reached = window.locator(wide).evaluate(
            """box => {
                while (getComputedStyle(box).overflowX == 'visible') box = box.parentElement;
                return getComputedStyle(box).overflowX == 'auto' && box.scrollWidth > box.clientWidth;
            }"""
        )
        assert reached, wide
