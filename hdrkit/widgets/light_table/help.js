// The help: every key, from the list that the keyboard itself uses.

import { button, make } from "./dom.js";

export function helpDialog(list) {
  const lines = list.filter(({ hidden }) => !hidden).flatMap(({ shown, text }) => [make("dt", {}, make("kbd", {}, shown)), make("dd", {}, text)]);
  const touch = "Mouse: drag to move; after a click, the wheel zooms; Shift and drag draws a rectangle. Touch: one finger moves, two zoom.";
  const dialog = make("dialog", { class: "hdrkit-lt-help", "aria-label": "Help" },
    button("Close", "Close help", () => dialog.close()), make("h2", {}, "Keys"), make("p", {}, touch), make("dl", {}, ...lines));
  return dialog;
}
