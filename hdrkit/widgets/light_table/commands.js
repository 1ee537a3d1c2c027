// All that the keyboard does, in one list: the keys, the help and the tests read it.

const PAN = 60; // screen pixels
const ZOOM = 1.25;

// `code`: KeyboardEvent.code, the same on every keyboard, or `key` for signs that move about. `shown`: as help says it.
// `view`: {copy, help, fullscreen}, what only the page can do.
export function commands(table, view) {
  const one = (shown, match, text, run) => ({ shown, match, text, run });
  const letter = (name, text, run) => one(name.toUpperCase(), { code: `Key${name.toUpperCase()}` }, text, run);
  const digits = Array.from({ length: 9 }, (_, i) => [
    { hidden: true, match: { code: `Digit${i + 1}` }, run: () => table.choose("left", i) },
    { hidden: true, match: { code: `Digit${i + 1}`, shift: true }, run: () => table.choose("right", i) },
  ]).flat();
  const pan = (code, x, y) => ({ hidden: true, match: { code }, run: () => table.panBy([x * PAN, y * PAN]) });
  return [
    letter("s", "Side by side", () => table.setMode("side_by_side")),
    letter("d", "Divider", () => table.setMode("divider")),
    letter("b", "Blink", () => table.setMode("blink")),
    letter("i", "Signed difference", () => table.setMode("difference")),
    letter("e", "Error map", () => table.setMode("error")),
    letter("m", "Next of these", () => table.nextMode()),
    one("Space", { code: "Space" }, "Hold: show the right picture", () => {}),
    one("1 … 9", {}, "Picture on the left; with Shift, on the right", undefined),
    ...digits,
    one(", and .", { code: "Comma" }, "Previous and next picture on the left; with Shift, on the right", () => table.step("left", -1)),
    { hidden: true, match: { code: "Period" }, run: () => table.step("left", 1) },
    { hidden: true, match: { code: "Comma", shift: true }, run: () => table.step("right", -1) },
    { hidden: true, match: { code: "Period", shift: true }, run: () => table.step("right", 1) },
    one("+ and −", { key: "+" }, "Zoom in and out", () => table.zoomBy(ZOOM)),
    { hidden: true, match: { key: "=" }, run: () => table.zoomBy(ZOOM) },
    { hidden: true, match: { key: "-" }, run: () => table.zoomBy(1 / ZOOM) },
    letter("f", "Fit", () => table.setZoom(0)),
    letter("z", "100 %, and with Shift 800 %", () => table.setZoom(1)),
    { hidden: true, match: { code: "KeyZ", shift: true }, run: () => table.setZoom(8) },
    one("Arrows", { code: "ArrowLeft" }, "Move; with Shift, move the divider", () => table.panBy([PAN, 0])),
    pan("ArrowRight", -1, 0), pan("ArrowUp", 0, 1), pan("ArrowDown", 0, -1),
    { hidden: true, match: { code: "ArrowLeft", shift: true }, run: () => table.moveDivider(table.get("position") - 0.02) },
    { hidden: true, match: { code: "ArrowRight", shift: true }, run: () => table.moveDivider(table.get("position") + 0.02) },
    letter("o", "What is lost: off, any channel, red, green, blue", () => table.nextOverlay()),
    one("Page Up and Page Down", { code: "PageUp" }, "Push the left picture by a third of a stop", () => table.setPush(table.get("push") + 1 / 3)),
    { hidden: true, match: { code: "PageDown" }, run: () => table.setPush(table.get("push") - 1 / 3) },
    letter("p", "Push to match the right picture's exposure", () => table.pushToMatch()),
    letter("r", "Rectangle: what is in view, or none", () => table.toggleRectangle()),
    letter("g", "Full scale of differences: 16, 64 or 255 levels", () => table.nextRange()),
    letter("h", "Histogram: linear or logarithmic", () => table.nextScale()),
    letter("c", "Copy the view as a picture (PNG)", () => view.copy()),
    letter("w", "Whole screen", () => view.fullscreen()),
    one("Home", { code: "Home" }, "Reset", () => table.reset()),
    one("?", { key: "?" }, "This help; Escape closes it", () => view.help()),
  ];
}

// The command of a key, if it has one. Keys with Ctrl, Alt or Meta are the browser's.
export function commandOf(list, event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  return list.find(({ match: { code, key, shift = false } }) =>
    key ? key === event.key : code !== undefined && code === event.code && shift === event.shiftKey);
}
