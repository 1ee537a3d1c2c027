"""The lab as a student has it: from the command to the last cell of notebook 1, and to Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress

import nbformat
import psutil
import pytest
from playwright.sync_api import expect

from hdrkit.jupyter.course import NOTEBOOKS, course_notebooks

START = 300  # seconds until the lab of a busy machine is up
RUN = 300  # until it has run notebook 1
# The lab in a folder of its own, with a survey of a few scenes. Its notebooks read the same survey by another name, as
# one that is named `embedded` would be captured whole.
LAB = """
import functools, pathlib, sys
from hdrkit.jupyter import lab
from hdrkit.simulation import embedded_survey

if __name__ == "__main__":
    lab.ROOT = pathlib.Path.cwd()
    lab.WORK, lab.BUILD, lab.NOTEBOOKS = (lab.ROOT / name for name in ("work", "build", "notebooks"))
    lab.EMBEDDED = lab.BUILD / "embedded"
    scenes = ["Courtyard (1)", "Courtyard (2)", "Forest Slope (1)"]
    embedded_survey.capture = functools.partial(embedded_survey.capture, scenes=scenes)
    lab.lab(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Return the folder of a course whose notebooks read the survey as `build/few`."""
    root = tmp_path_factory.mktemp("lab")
    for folder in ("notebooks", "build", "jupyter"):
        (root / folder).mkdir()
    for notebook in course_notebooks(NOTEBOOKS):
        text = notebook.read_text(encoding="utf-8").replace("../build/embedded", "../build/few")
        (root / "notebooks" / notebook.name).write_text(text, encoding="utf-8")
    (root / "build" / "few").symlink_to("embedded")
    (root / "start.py").write_text(LAB, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def lab(root):
    """Start the lab; yield its process and its address. Whoever has ended it before, so much the better."""
    own = dict.fromkeys(["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"], str(root / "jupyter"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} | own
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    with open(root / "said", "w", encoding="utf-8") as said:
        command = [sys.executable, "start.py", "--no-browser"]
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=said, stderr=subprocess.STDOUT)
    try:
        yield process, _address(process, root / "said")
    finally:
        process.terminate()
        process.wait(60)


def _address(process, said):
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S+", said.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.2)
    pytest.fail(f"the lab did not start:\n{said.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def student(open_page):
    """Return the student's browser, and the list of what it asks of others than the lab."""
    page, asked = open_page(viewport={"width": 1280, "height": 900}), []
    page.on("request", lambda each: asked.append(each.url) if re.match(r"http(?!://127\.0\.0\.1:)", each.url) else None)
    return page, asked


def test_the_start_page_leads_to_the_first_notebook_and_that_runs_to_its_last_cell(student, lab, root):
    page, asked = student
    page.goto(lab[1], timeout=START * 1000)
    page.get_by_role("heading", name="Start here").wait_for(timeout=START * 1000)
    expect(page.locator(".jp-RenderedMarkdown td a")).to_have_count(len(course_notebooks(NOTEBOOKS)))
    page.get_by_role("link", name=re.compile("^1 · ")).click()
    notebook = page.locator(".jp-NotebookPanel")
    page.get_by_text(re.compile(r"\| Idle$")).wait_for(timeout=START * 1000)  # before that, nobody hears
    page.locator(".lm-MenuBar-item", has_text=re.compile("^Run$")).click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
    _await_run(page, root / "work" / "01_data_survey.ipynb")
    expect(notebook.locator(".jp-RenderedText[data-mime-type*=error]")).to_have_count(0)
    assert asked == []
    assert [said for said in page.locator(".Toastify__toast").all_inner_texts() if "news" in said] == []


def _await_run(page, path):
    """Save until the notebook on disk has a number beside each cell of code: far cells are not on the page."""
    deadline, waiting = time.monotonic() + RUN, None
    while waiting != [] and time.monotonic() < deadline:
        page.keyboard.press("Control+s")
        time.sleep(2)
        with suppress(nbformat.reader.NotJSONError):  # it is being written
            code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
            waiting = [cell.source[:60] for cell in code if not cell.execution_count]
    assert waiting == []


def test_ctrl_c_ends_it_with_its_kernels_and_without_a_question(student, lab, root):
    process, _ = lab
    kernels = [each for each in psutil.Process(process.pid).children() if "kernel_process" in " ".join(each.cmdline())]
    assert kernels
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    _, alive = psutil.wait_procs(kernels, timeout=30)
    assert alive == []
    said = (root / "said").read_text(encoding="utf-8")
    assert "JupyterLab has ended" in said and "Traceback" not in said and "Shut down" not in said
