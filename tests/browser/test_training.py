"""The training's stop button, clicked while its cell runs, and the kernel interrupted."""

import re

import pytest
from helpers.cells import write_notebook
from playwright.sync_api import expect

START, TRAINED = 120_000, 90_000  # milliseconds until a kernel is up; until a busy machine has trained an epoch
CELL = """import sys
sys.path.insert(0, {tests!r})
from helpers.scenes import make_scene
from hdrkit.dataset.crops import cut
from hdrkit.training import recipes
from hdrkit.widgets.training import train_and_watch

crops = cut([make_scene(name, split, (32, 48)) for name, split in (("a", "train"), ("b", "dev"))], 32)
budget = recipes.TrainingBudget(epochs=500, batch=4, learning_rate=1e-3, pairs=40, width=1 / 64)
train_and_watch("published", crops, "out", budget)"""


@pytest.fixture(scope="module")
def page(window, address, folder, request):
    tests = str(request.config.rootpath / "tests")
    write_notebook(folder / "training.ipynb", CELL.format(tests=tests))
    window.goto(address.format("training"), timeout=START)
    window.get_by_text(re.compile(r"\| Idle$")).wait_for(timeout=START)
    return window


def choose(page, menu, item):
    for name in (menu, item):
        page.get_by_role("menuitem", name=name, exact=True).click()


def test_the_button_is_heard_while_the_cell_runs_and_so_is_an_interrupt(page, console_errors):
    output = page.locator(".jp-OutputArea").first
    choose(page, "Run", "Run All Cells")
    expect(page.get_by_role("img", name=re.compile("^Curves. "))).to_be_visible(timeout=START)
    expect(page.get_by_role("img", name=re.compile("^A dev crop at EV"))).to_be_visible()
    page.get_by_role("button", name="Stop after this epoch").click()
    expect(output).to_contain_text(re.compile(r"stopped after epoch \d+ of 500: the finished epochs"), timeout=TRAINED)
    done = int(re.search(r"stopped after epoch (\d+) of", output.inner_text())[1])
    expect(output).to_contain_text(f"{done} of 500 epochs are done.")
    expect(page.get_by_role("button", name=re.compile("^Stop"))).to_have_count(0)

    choose(page, "Run", "Run All Cells")
    expect(output).to_contain_text(f"going on after epoch {done}", timeout=TRAINED)
    expect(page.get_by_role("button", name="Stop after this epoch")).to_be_visible(timeout=TRAINED)
    page.get_by_role("button", name=re.compile("^Interrupt the kernel")).click()
    expect(output).to_contain_text("interrupted: the finished epochs are kept", timeout=TRAINED)
    expect(page.locator(".jp-OutputArea-output", has_text="Traceback")).to_have_count(0)
    assert console_errors == []
