// What stands on the pictures: their names above, PSNR and the scale of the colours below. On a projector, what lies
// below the pictures may be out of sight.

import { DIFFERENCE_COLOURS, ERROR_COLOURS } from "./color.js";
import { make } from "./dom.js";
import { decibel } from "./words.js";

// A name for each pane, in its upper corner away from the other pane.
export function names(panes, texts, ratio, stageWidth) {
  return panes.map(({ clip }, i) => {
    const [x, y, width] = clip.map((value) => value / ratio);
    const box = make("span", {}, texts[i]);
    const across = panes.length === 2 && i === 1 ? `right:${stageWidth - x - width + 6}px` : `left:${x + 6}px`;
    box.style.cssText = `top:${y + 6}px;max-width:${Math.max(width - 12, 0)}px;${across}`;
    return box;
  });
}

export function foot(table) {
  return make("div", { class: "hdrkit-lt-foot" }, ...score(table), ...scale(table));
}

function score(table) {
  const numbers = table.numbers() ?? [];
  const texts = numbers.map(({ what, psnr }) => `${what === "whole" ? "" : `${what} `}${decibel(psnr)}`);
  return texts.length ? [make("span", {}, `PSNR ${texts.join(", ")}`)] : [];
}

// What the colours of differences and errors mean.
function scale(table) {
  const signedMode = table.get("mode") === "difference";
  if (!signedMode && table.get("mode") !== "error") return [];
  const range = table.get("error_range");
  const colours = (signedMode ? DIFFERENCE_COLOURS : ERROR_COLOURS).map((rgb) => `rgb(${rgb.join()})`);
  const bar = make("div", { class: "hdrkit-lt-bar" });
  bar.style.background = `linear-gradient(to right, ${colours.join()})`;
  const ends = signedMode ? [`−${range}: left darker`, "0", `+${range}: left brighter`] : ["0", `${range} levels of 255 apart`];
  return [make("div", { class: "hdrkit-lt-scale" }, bar,
    make("div", { class: "hdrkit-lt-bar-ends" }, ...ends.map((text) => make("span", {}, text))))];
}
