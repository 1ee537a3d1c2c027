// The buttons above the pictures.

import { button, make, svg } from "./dom.js";
import { LARGEST_PUSH } from "./table.js";
import { MODES, OVERLAYS, signed } from "./words.js";

// `view`: {copy, help, fullscreen}.
export function toolbar(table, view) {
  const parts = [modes(table), zoom(table), lost(table), push(table), blinkSpeed(table), dividerPlace(table), rectangle(table)];
  const others = make("span", { class: "hdrkit-lt-group" },
    button("Copy", "Copy the view as a picture", view.copy),
    button("Reset", "Reset", () => table.reset()),
    button(corners(), "Whole screen", view.fullscreen),
    button("?", "Help", view.help));
  return make("div", { class: "hdrkit-lt-toolbar", role: "group", "aria-label": "Light table" }, ...parts, others);
}

// The usual sign of a whole screen.
function corners() {
  const path = svg("path", { d: "M1 5V1h4M9 1h4v4M13 9v4H9M5 13H1V9", fill: "none", stroke: "currentColor", "stroke-width": 1.6 });
  return svg("svg", { viewBox: "0 0 14 14", width: 14, height: 14, "aria-hidden": "true" }, path);
}

// Call `show` now and whenever one of the named values changes.
function follow(table, names, show) {
  for (const name of names) table.model.on(`change:${name}`, show);
  show();
}

function modes(table) {
  const buttons = Object.entries(MODES).map(([mode, text]) => [mode, button(text, text, () => table.setMode(mode))]);
  follow(table, ["mode"], () => {
    for (const [mode, one] of buttons) one.setAttribute("aria-pressed", table.get("mode") === mode);
  });
  return make("span", { class: "hdrkit-lt-group", role: "group", "aria-label": "Way to look" }, ...buttons.map(([, one]) => one));
}

// A readout is silent: what it says changes with each step of a wheel or slider.
function zoom(table) {
  const readout = make("output", { class: "hdrkit-lt-readout", "aria-label": "Zoom", "aria-live": "off" });
  const element = make("span", { class: "hdrkit-lt-group" },
    button("−", "Zoom out", () => table.zoomBy(1 / 1.25)), readout, button("+", "Zoom in", () => table.zoomBy(1.25)),
    button("Fit", "Fit", () => table.setZoom(0)), button("100 %", "100 %", () => table.setZoom(1)));
  table.showZoom = () => {
    const text = `${Math.round(100 * table.view()[2])} %`;
    if (readout.value !== text) readout.value = text;
  };
  return element;
}

function lost(table) {
  const options = Object.entries(OVERLAYS).map(([value, text]) => make("option", { value }, text));
  const select = make("select", { onchange: () => table.set({ overlay: select.value }) }, ...options);
  follow(table, ["overlay"], () => (select.value = table.get("overlay")));
  const title = "Orange stripes: clipped, or in linear light above white: 250 or more of 255. Blue stripes: under-exposed, 25 or less.";
  return make("label", { class: "hdrkit-lt-group", title }, "Lost ", select);
}

function push(table) {
  const input = make("input", { type: "range", min: -LARGEST_PUSH, max: LARGEST_PUSH, step: 0.1 });
  input.addEventListener("input", () => table.setPush(input.valueAsNumber));
  const readout = make("output", { class: "hdrkit-lt-readout", "aria-live": "off" });
  const match = button("Match", "Push to match", () => table.pushToMatch());
  follow(table, ["push", "left", "right"], () => {
    input.value = table.get("push");
    readout.value = `${signed(table.get("push"))} EV`;
    input.setAttribute("aria-valuetext", `${signed(table.get("push"))} stops`);
    match.disabled = table.matchingPush() === undefined;
  });
  return make("span", { class: "hdrkit-lt-group" }, make("label", {}, "Push ", input), readout, match);
}

function blinkSpeed(table) {
  const input = make("input", { type: "range", min: 0.2, max: 3, step: 0.1 });
  input.addEventListener("input", () => table.set({ blink_seconds: input.valueAsNumber }));
  const element = make("label", { class: "hdrkit-lt-group" }, "Seconds per picture ", input);
  follow(table, ["blink_seconds", "mode"], () => {
    input.value = table.get("blink_seconds");
    element.hidden = table.get("mode") !== "blink";
  });
  return element;
}

function dividerPlace(table) {
  const input = make("input", { type: "range", min: 0, max: 1, step: 0.01 });
  input.addEventListener("input", () => table.moveDivider(input.valueAsNumber));
  const element = make("label", { class: "hdrkit-lt-group" }, "Divider ", input);
  follow(table, ["position", "mode"], () => {
    input.value = table.get("position");
    input.setAttribute("aria-valuetext", `${Math.round(100 * table.get("position"))} % left`);
    element.hidden = table.get("mode") !== "divider";
  });
  return element;
}

function rectangle(table) {
  const toggle = button("Rectangle", "Draw a rectangle", () => {
    table.drawing = !table.drawing;
    toggle.setAttribute("aria-pressed", table.drawing);
  }, { "aria-pressed": "false" });
  const clear = button("×", "No rectangle: the whole picture", () => table.set({ rectangle: [] }));
  follow(table, ["rectangle"], () => (clear.disabled = !table.get("rectangle").length));
  return make("span", { class: "hdrkit-lt-group" }, toggle, clear);
}
