"""A quiz in a browser, answered by keys alone: in JupyterLab, and on a page without a network or without scripts."""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect

from hdrkit.exercises import quiz
from hdrkit.exercises.quiz import read
from hdrkit.jupyter.page import to_html

# JupyterLab has this once a notebook holds a formula. The library takes it for one that still has to be fetched.
MATHJAX = "window.MathJax = { version: '3.2.2' }"
CELL = """from hdrkit.exercises import quiz
quiz("06")"""


@pytest.fixture(scope="module")
def question():
    return read("06")[0]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return the address of the page of a notebook that ends in two quizzes; they are one, shown twice."""
    try:
        InteractiveShell.instance()
        outputs = [new_output("display_data", {"text/html": quiz("06").data}) for _ in range(2)]
    finally:
        InteractiveShell.clear_instance()
    folder = tmp_path_factory.mktemp("page")
    cells = [new_markdown_cell("# A quiz"), new_code_cell(CELL, outputs=outputs)]
    nbformat.write(new_notebook(cells=cells), folder / "quiz.ipynb")
    to_html(folder / "quiz.ipynb", folder / "quiz.html")
    return (folder / "quiz.html").as_uri()


def answer_by_keys(page, question):
    """Answer the first question wrong, then right, and see what is said of both."""
    wrong, right = (next(a for a in question["answers"] if a["correct"] is kind) for kind in (False, True))
    choices = page.get_by_role("button", name=question["answers"][0]["answer"], exact=True)
    choices.first.focus()
    for answer in question["answers"]:
        expect(page.locator(":focus")).to_have_accessible_name(answer["answer"])
        page.keyboard.press("Tab")
    for answer, key, mark in ((wrong, "Space", "✗"), (right, "Enter", "✓")):
        page.get_by_role("button", name=answer["answer"], exact=True).first.press(key)
        expect(page.get_by_role("status").filter(has_text=answer["feedback"])).to_have_text(
            f"{mark} {answer['feedback']}"
        )
    expect(page.get_by_role("status").filter(has_text=wrong["feedback"])).to_have_count(0)


def test_in_jupyterlab_a_student_answers_by_keys(run_cell, question, console_errors):
    answer_by_keys(run_cell("quiz", CELL), question)
    assert console_errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_page_it_works_without_a_network(open_page, exported, question, scheme, console_errors):
    page = open_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page.context.set_offline(True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(MATHJAX)
    page.goto(exported)
    answer_by_keys(page, question)
    page.wait_for_timeout(600)  # the library looks for MathJax after 500 ms
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, context=".hdrkit-quiz")
    assert found.violations_count == 0, found.generate_report()
    assert console_errors == []


def test_without_scripts_each_answer_unfolds_what_is_said_of_it(open_page, exported, question):
    page = open_page(java_script_enabled=False)
    page.goto(exported)
    said = page.get_by_text(question["answers"][0]["feedback"]).first
    expect(said).to_be_hidden()
    page.get_by_text(question["answers"][0]["answer"]).first.click()
    expect(said).to_be_visible()
