// What is drawn over the pictures: the rectangle, the divider, a cross under the pointer, and numbers on pixels.

import { resolved, toPane } from "./view.js";
import { luminance } from "./color.js";
import { appearance } from "./tiles.js";
import { pixelWords } from "./words.js";

const LEGIBLE = 44; // CSS pixels of a square that has room for its numbers
const LENS_FROM = 8; // from this zoom on, pixels that are still too small for numbers show them in a lens
const LENS = 5; // pixels on a side of the lens
const [ABOVE, BELOW] = [32, 52]; // CSS pixels that captions take of a pane

// `stage`: {panes, view, store, size, picturesOf, pushOf, rectangle, marked, mode, position, ratio, hidden}
export function drawOverlay(canvas, stage) {
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (const pane of stage.panes) {
    context.save();
    context.beginPath();
    context.rect(...pane.clip);
    context.clip();
    if (stage.rectangle.length) outline(context, pane, stage, stage.rectangle, 2);
    numbers(context, pane, stage);
    context.restore();
  }
  if (stage.mode === "divider" && stage.panes.length === 2) divider(context, canvas, stage);
}

function box(pane, { view, size }, [x, y, width, height]) {
  const frame = pane.frame.slice(2);
  const [left, top] = toPane([x, y], view, size, frame);
  const [right, bottom] = toPane([x + width, y + height], view, size, frame);
  return [pane.frame[0] + left, pane.frame[1] + top, right - left, bottom - top];
}

// White on black: seen on any picture.
function outline(context, pane, stage, rectangle, width) {
  const place = box(pane, stage, rectangle);
  for (const [colour, extra] of [["black", 2], ["white", 0]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * stage.ratio + extra;
    context.strokeRect(...place);
  }
}

function divider(context, canvas, { position, ratio }) {
  const x = Math.round(position * canvas.width);
  const middle = canvas.height / 2;
  context.fillStyle = "black";
  context.fillRect(x - 1.5 * ratio, 0, 3 * ratio, canvas.height);
  context.fillStyle = "white";
  context.fillRect(x - 0.5 * ratio, 0, ratio, canvas.height);
  context.beginPath();
  context.arc(x, middle, 12 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = "black";
  context.lineWidth = ratio;
  context.stroke();
  context.fillStyle = "black";
  context.font = `${14 * ratio}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("↔", x, middle);
}

function numbers(context, pane, stage) {
  const frame = pane.frame.slice(2);
  const zoom = resolved(stage.view, stage.size, frame)[2];
  const square = zoom / stage.ratio;
  if (stage.marked) outline(context, pane, stage, [...stage.marked.map(Math.floor), 1, 1], 1);
  if (square >= LEGIBLE) onPixels(context, pane, stage, zoom);
  else if (zoom >= LENS_FROM && stage.marked) lens(context, pane, stage);
}

function onPixels(context, pane, stage, zoom) {
  const [x, y] = resolved(stage.view, stage.size, pane.frame.slice(2));
  const hidden = stage.hidden();
  const [across, down] = [pane.frame[2] / zoom / 2, pane.frame[3] / zoom / 2];
  for (let row = Math.max(Math.floor(y - down), 0); row < Math.min(y + down, stage.size[1]); row++) {
    for (let column = Math.max(Math.floor(x - across), 0); column < Math.min(x + across, stage.size[0]); column++) {
      const place = box(pane, stage, [column, row, 1, 1]);
      if (!hidden.some((one) => overlap(one, place))) label(context, pane, stage, [column, row], place);
    }
  }
}

// Half a number would be read as a number: under a caption there is none.
function overlap([x, y, width, height], [left, top, w, h]) {
  return x < left + w && left < x + width && y < top + h && top < y + height;
}

// The pixels around the pointer, large, in the corner of the pane that is farthest from it.
function lens(context, pane, stage) {
  const side = LEGIBLE * stage.ratio;
  const [column, row] = stage.marked.map(Math.floor);
  const [atX, atY] = box(pane, stage, [column, row, 1, 1]);
  const [clipX, clipY, width, height] = pane.clip;
  const margin = 6 * stage.ratio;
  const left = atX < clipX + width / 2 ? clipX + width - LENS * side - margin : clipX + margin;
  const top = atY < clipY + height / 2 ? clipY + height - LENS * side - BELOW * stage.ratio : clipY + ABOVE * stage.ratio;
  for (let j = 0; j < LENS; j++) {
    for (let i = 0; i < LENS; i++) {
      const place = [column + i - (LENS - 1) / 2, row + j - (LENS - 1) / 2];
      if (place.some((value, axis) => value < 0 || value >= stage.size[axis])) continue;
      label(context, pane, stage, place, [left + i * side, top + j * side, side, side], true);
    }
  }
  context.strokeStyle = "white";
  context.lineWidth = 2 * stage.ratio;
  const middle = ((LENS - 1) / 2) * side;
  context.strokeRect(left + middle, top + middle, side, side);
}

// The numbers of a pixel's channels in its square; with `filled`, on its own colour.
function label(context, pane, stage, place, [x, y, width, height], filled = false) {
  const [picture] = stage.picturesOf(pane.look);
  const [push] = stage.pushOf(pane.look);
  const pixel = stage.store.pixel(picture, place);
  if (!pixel || pixel.level > 0) return;
  const about = stage.store.pictures[picture];
  const { encoded } = appearance(pixel.stored, about, push);
  if (filled) {
    context.fillStyle = `rgb(${encoded.map((value) => Math.round(255 * value)).join()})`;
    context.fillRect(x, y, width, height);
  }
  context.fillStyle = luminance(encoded) > 0.5 ? "black" : "white";
  context.font = `${11 * stage.ratio}px ui-monospace, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  pixelWords(pixel.stored, about, push).encoded.forEach((text, i) => {
    context.fillText(text, x + width / 2, y + height / 2 + (i - 1) * 12 * stage.ratio);
  });
}
