"""The light table with nine frames of 12 megapixels: what a reader waits for, and frames per second while it moves."""

import base64
import json
import time

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers
from playwright.sync_api import sync_playwright

from hdrkit.cli.checks.browser import find_chromium
from hdrkit.display import notation
from hdrkit.images import srgb
from hdrkit.widgets import Picture, compare
from hdrkit.widgets.modules import ENTRY, SOURCES, STYLE, joined

WIDTH, HEIGHT = 4288, 2848
EVS = range(-4, 5)
SECONDS = 3  # of moving
FRAMES, PAYLOAD, FIRST = 30, 3e6, 1.0  # wanted: per second; bytes; seconds
DEARER = 2  # a frame of a view that moves may take as many times one that only is drawn again

# A table as anywidget shows it: Python answers for its tiles, by a function of the page.
SHOW = """async ([source, style, state]) => {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    state.tiles = Object.fromEntries(Object.entries(state.tiles).map(([name, text]) => [name, bytes(text)]));
    state.pictures.forEach((picture) => (picture.thumb = bytes(picture.thumb)));
    const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
    const listeners = {};
    const model = {
        get: (name) => state[name],
        set: (name, value) => { state[name] = value; for (const one of listeners[`change:${name}`] ?? []) one(); },
        on: (event, listener) => (listeners[event] ??= []).push(listener),
        off() {}, save_changes() {},
        send: async ({ keys }) => {
            const texts = await tilesOf(keys);
            for (const one of listeners["msg:custom"]) one({ type: "tiles", keys }, texts.map(bytes));
        },
    };
    const start = performance.now();
    module.default.render({ model, el: document.body });
    window.lightTable = document.querySelector(".hdrkit-light-table").lightTable;
    await lightTable.ready;
    while (!lightTable.stage.frames) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return (performance.now() - start) / 1000;
}"""
# Frames per second that are drawn while `step(time)` changes something before each frame of the screen.
MOVE = """([seconds, how]) => new Promise((done) => {
    const { table, stage } = lightTable;
    const box = stage.element.getBoundingClientRect();
    const pointer = (kind, x) => stage.element.dispatchEvent(new PointerEvent(kind, {
        pointerId: 1, clientX: box.left + box.width / 4 + x, clientY: box.top + box.height / 2 + x / 3 }));
    stage.element.setPointerCapture = () => {};
    const steps = {
        still: () => stage.redraw(),
        drag: (t) => pointer("pointermove", 150 * Math.sin(2 * t)),
        zoom: (t) => stage.element.dispatchEvent(new WheelEvent("wheel", {
            deltaY: 30 * Math.sign(Math.sin(2 * t + 2)), ctrlKey: true, cancelable: true,
            clientX: box.left + box.width / 4, clientY: box.top + box.height / 2 })),
    };
    if (how === "drag") pointer("pointerdown", 0);
    const [start, before] = [performance.now(), stage.frames];
    const next = () => {
        const t = (performance.now() - start) / 1000;
        if (t >= seconds) { pointer("pointerup", 0); return done((stage.frames - before) / t); }
        steps[how](t);
        requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
})"""


@pytest.fixture(scope="module")
def bracket():
    """Return nine frames of smooth light with noise, uint8."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    waves = [np.sin(x / (90 + 40 * c)) * np.cos(y / (70 + 30 * c)) for c in range(3)]
    light = np.exp2(3 * np.stack(waves, -1)) * np.float32(0.1)
    light *= rng.normal(1, 0.03, light.shape).astype(np.float32)
    levels = np.round(srgb.encode(np.arange(65536) / 65535) * 255).astype(np.uint8)
    frames = (levels[np.clip(light * 2.0**ev * 65535, 0, 65535).astype(np.uint16)] for ev in EVS)
    return {notation.ev(ev): Picture(frame, ev) for ev, frame in zip(EVS, frames, strict=True)}


@pytest.fixture(scope="module")
def page():
    path = find_chromium() or pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def test_a_bracket_of_12_megapixels(bracket, page, say):
    start = time.perf_counter()
    table = compare(bracket)
    opened = time.perf_counter() - start
    say(f"nine frames of {WIDTH} x {HEIGHT}: `compare` returns after {opened:.2f} s")
    state, _, buffers = _remove_buffers(table.get_state())
    payload = len(json.dumps(state).encode()) + sum(memoryview(buffer).nbytes for buffer in buffers)
    say(f"  first payload: {payload / 1e6:.2f} MB (wanted: {PAYLOAD / 1e6:.0f})")

    page.expose_function("tilesOf", lambda keys: [text(table._tile(key)) for key in keys])
    page.set_content('<!doctype html><html lang="en"><title>A light table</title><body></body></html>')
    shown = page.evaluate(SHOW, [joined(SOURCES, ENTRY), STYLE.read_text(encoding="utf-8"), browsers(table)])
    say(f"  first picture: {opened + shown:.2f} s, of which in the browser {shown:.2f} s (wanted: {FIRST:.0f})")
    assert payload < PAYLOAD

    rates = {}
    for mode, zoom in [("side_by_side", 0.5), ("side_by_side", 1), ("divider", 1), ("error", 1)]:
        page.evaluate("([mode, zoom]) => lightTable.table.set({ mode, view: [2000, 1400, zoom] })", [mode, zoom])
        for how in ("still", "drag", "zoom"):
            rates[how] = page.evaluate(MOVE, [SECONDS, how])
        words = ", ".join(f"{how} {rate:.0f}" for how, rate in rates.items())
        say(f"  {mode} at {zoom:.0%}: frames per second: {words} (wanted: {FRAMES})")
        assert min(rates["drag"], rates["zoom"]) * DEARER > rates["still"]


def browsers(table):
    """Return the state that a browser is sent, with bytes as text."""
    state = {name: value for name, value in table.get_state().items() if not name.startswith("_")}
    state["tiles"] = {key: text(data) for key, data in state["tiles"].items()}
    state["pictures"] = [picture | {"thumb": text(picture["thumb"])} for picture in state["pictures"]]
    return {name: value for name, value in state.items() if name not in ("layout", "tabbable", "tooltip")}


def text(data):
    return base64.b64encode(data).decode()
