"""Notebooks, opened and run by a real Chromium in JupyterLab as students have it. Nothing here waits for ever."""

import os
import pickle
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from helpers.cells import write_notebook
from helpers.light_tables import ShownTable, write_page
from playwright.sync_api import expect, sync_playwright

from hdrkit.cli.checks.browser import INSTALL, find_chromium
from hdrkit.dataset.alignment import AlignedScene

START = 120  # seconds until a server or kernel on a busy machine is up
ANSWER = 30  # seconds until one that is up has answered
LIMIT = 400  # seconds for a module's tests, whatever happens
# With WebGL2, even where a processor imitates it, as on servers; or without.
WEBGL = """wanted => {
    const get = OffscreenCanvas.prototype.getContext;
    OffscreenCanvas.prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" && !wanted ? null : get.call(this, kind, ...rest);
    };
    const read = WebGL2RenderingContext.prototype.getParameter;
    WebGL2RenderingContext.prototype.getParameter = function (name) {
        const UNMASKED_RENDERER = 0x9246;
        return name === UNMASKED_RENDERER ? "a graphics card" : read.call(this, name);
    };
}"""
SERVE = """
import sys, pathlib
from hdrkit.jupyter.server import serve
serve(pathlib.Path(), "", pathlib.Path("lab.log"), sys.argv[1:])
"""


def pytest_collection_modifyitems(items):
    """Give each test of a browser a second try: between two questions, a busy machine may draw or not."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def chromium():
    """Return the path of the browser. CI must not lose these tests unseen, so there its absence is a failure."""
    if path := find_chromium():
        return path
    why = f"no Chromium here; {INSTALL}"
    return pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)


@pytest.fixture(scope="session")
def scene():
    """Return a ramp of grey over one of red, doubled from each of nine frames to the next."""
    ramp = np.geomspace(4, 240, 36, dtype=np.float32)[None, :, None] * np.ones((24, 1, 3), np.float32)
    ramp[12:, :, 1:] /= 4
    evs = np.arange(-4, 5, dtype=np.float32)
    frames = np.stack([np.clip(ramp * 2**ev, 0, 255).astype(np.uint8) for ev in evs])
    return AlignedScene(
        name="ramp", place="ramp", split="train", frames=frames, render=np.sqrt(ramp * 255).astype(np.uint8),
        files=np.array([f"{i}.DNG" for i in range(9)]), evs=evs, times=2.0**evs / 60,
        maps=np.tile(np.eye(2, 3, dtype=np.float32), (9, 1, 1)), left_out=np.array([], str), remarks=np.array([], str),
    )  # fmt: skip


@pytest.fixture(scope="session")
def folder(tmp_path_factory, scene):
    """Return a folder with the scene, for the notebooks; JupyterLab writes `lab.log` there."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "scene.pickle").write_bytes(pickle.dumps(scene))
    return folder


@pytest.fixture(scope="session")
def address(chromium, folder, tmp_path_factory):
    """Start a JupyterLab that knows none of the user's settings.

    Return its address, in which a notebook's name has to be put. Its kernels must not know that this is a test:
    IPython would leave alone what C code prints.
    """
    home = tmp_path_factory.mktemp("jupyter")
    own = dict.fromkeys(["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"], str(home))
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} | own
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, "-c", SERVE, "--no-browser"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    with open(home / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _await_server(server, f"http://127.0.0.1:{port}/api/status?token={token}", home / "log")
        yield f"http://127.0.0.1:{port}/doc/tree/{{}}.ipynb?token={token}"
    finally:
        server.terminate()  # it ends its kernels, then itself
        try:
            server.wait(ANSWER)
        except subprocess.TimeoutExpired:
            server.kill()


def _await_server(server, url, log):
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=ANSWER):
            return
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def console_errors():
    """Return the errors in the browser's console, of which JupyterLab alone has none."""
    return []


@pytest.fixture(scope="module")
def watchdog():
    """End browser and server when all else hangs: most of Playwright has timeouts, but its mouse has none."""

    def end():
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                process.kill()

    timer = threading.Timer(LIMIT, end)
    timer.start()
    yield
    timer.cancel()


# Not for the session: as long as Playwright runs, its event loop keeps other tests from running theirs.
@pytest.fixture(scope="package")
def browser(chromium):
    with sync_playwright() as playwright:
        # Playwright starts Chromium without its sandbox, as root in a container has to; it visits nothing but us.
        browser = playwright.chromium.launch(executable_path=chromium, timeout=START * 1000)
        expect.set_options(timeout=ANSWER * 1000)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(browser, watchdog, console_errors):
    """Return a function that opens an empty page in a window of its own, with Playwright's options for one."""
    contexts = []

    def open_page(**options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(ANSWER * 1000)
        page.on("console", lambda message: message.type == "error" and console_errors.append(message.text))
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def window(open_page):
    """Return a page of the browser, empty."""
    return open_page()


@pytest.fixture(scope="module")
def open_table(open_page, tmp_path_factory):
    """Return a function that shows a light table on a page without a kernel, with WebGL2 or without."""

    def open_table(table, webgl=True, **options):
        page = open_page(**{"viewport": {"width": 800, "height": 640}} | options)
        page.add_init_script(f"({WEBGL})({str(webgl).lower()})")
        page.goto(write_page(tmp_path_factory.mktemp("table") / "table.html", table))
        return ShownTable(page)

    return open_table


@pytest.fixture(scope="module")
def run_cell(window, address, folder):
    """Return a function that runs a cell in a notebook of its own, by name, and returns the notebook's page."""

    def run(name, cell):
        write_notebook(folder / f"{name}.ipynb", cell)
        _run_all_cells(window, address.format(name))
        return window

    return run


def _run_all_cells(page, url):
    page.goto(url, timeout=START * 1000)
    # The status bar is the last to know; whoever runs a cell before that is asked for a kernel or not heard at all.
    page.get_by_text(re.compile(r"\| Idle$")).wait_for(timeout=START * 1000)
    for name in ("Run", "Run All Cells"):
        page.get_by_role("menuitem", name=name, exact=True).click()
    expect(page.locator(".jp-InputPrompt")).to_have_text("[1]:", timeout=START * 1000)
    expect(page.locator(".jp-OutputArea-output", has_text="Traceback")).to_have_count(0)
