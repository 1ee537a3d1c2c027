// Draws panes of tiles on a 2D canvas where WebGL2 is missing or only imitated by the processor. The same picture: each
// tile is coloured once, pixel by pixel, and then put wherever the view wants it, which is as fast as copying.

import { differenceColour, errorColour, pictureColour } from "./looks.js";
import { tilesToDraw } from "./scene.js";
import { everyAppearance } from "./tiles.js";
import { SQUARES } from "./view.js";

const KEPT = 300; // coloured tiles, of 256 kB each

export class CanvasRenderer {
  constructor(canvas, background) {
    this.canvas = canvas;
    this.background = `rgb(${background.map((value) => Math.round(255 * value)).join()})`;
    this.context = canvas.getContext("2d", { alpha: false });
    this.coloured = new Map(); // in the order of their last use
  }

  draw(state) {
    const { canvas, context } = this;
    context.fillStyle = this.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const tile of tilesToDraw(state.panes, state.view, state.store, state.picturesOf)) this.#drawTile(tile, state);
  }

  #drawTile(tile, state) {
    const box = visible(tile);
    if (box.width < 1 || box.height < 1) return;
    if (state.overlay === "off" && alike(tile.sources)) this.#copyTile(tile, state, box);
    else this.#drawPixels(tile, state, box);
  }

  #copyTile({ pane, zoom, target, sources }, state, box) {
    const { context } = this;
    const [x, y, width, height] = target;
    const [left, top] = [Math.round(x), Math.round(y)]; // edges between pixels would let the background through
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    context.imageSmoothingEnabled = zoom < SQUARES;
    const bitmap = this.#colouredTile(pane.look, sources, state);
    context.drawImage(bitmap, ...sources[0].from, left, top, Math.round(x + width) - left, Math.round(y + height) - top);
    context.restore();
  }

  // All of a tile in its colours, as a canvas; from before, if nothing it depends on has changed.
  #colouredTile(look, sources, { pushOf, range }) {
    const tiles = sources.map(({ tile }) => tile);
    const name = [look, ...tiles.map((tile) => tile.name), ...pushOf(look), range].join();
    let kept = this.coloured.get(name);
    this.coloured.delete(name);
    if (!kept || kept.tiles.some((tile, i) => tile !== tiles[i])) {
      const { columns, rows } = tiles[0];
      const image = new ImageData(columns, rows);
      if (tiles.length === 1) fillPicture(image, tiles[0], pushOf(look)[0]);
      else fillTile(image, tiles, { look, pushOf, range });
      const bitmap = new OffscreenCanvas(columns, rows);
      bitmap.getContext("2d", { alpha: false }).putImageData(image, 0, 0);
      kept = { tiles, bitmap };
    }
    this.coloured.set(name, kept);
    if (this.coloured.size > KEPT) this.coloured.delete(this.coloured.keys().next().value);
    return kept.bitmap;
  }

  // What is lost is painted in stripes of the screen, and a tile may stand beside a coarser one: pixel by pixel.
  #drawPixels(tile, state, box) {
    const image = new ImageData(box.width, box.height);
    fill(image, tile, box, state);
    this.context.putImageData(image, box.left, box.top);
  }

  restore() {}

  end() {}
}

// The whole pixels of the screen that a tile covers in its pane.
function visible({ pane, target }) {
  const [x, y, width, height] = target;
  const [clipX, clipY, clipWidth, clipHeight] = pane.clip;
  const [left, top] = [Math.max(Math.round(x), clipX), Math.max(Math.round(y), clipY)];
  const [right, bottom] = [Math.min(Math.round(x + width), clipX + clipWidth), Math.min(Math.round(y + height), clipY + clipHeight)];
  return { left, top, width: right - left, height: bottom - top };
}

function alike([a, b = a]) {
  return a.from.every((value, i) => value === b.from[i]) && a.tile.columns === b.tile.columns && a.tile.rows === b.tile.rows;
}

// All pixels of a tile, by the table of what its numbers look like.
function fillPicture(image, tile, push) {
  const { levels } = valuesOf(tile, push);
  for (let from = 0, to = 0; from < tile.data.length; to += 4) {
    for (let c = 0; c < 3; c++) image.data[to + c] = levels[tile.data[from++]];
    image.data[to + 3] = 255;
  }
}

// All pixels of two tiles that lie on each other.
function fillTile(image, tiles, { look, pushOf, range }) {
  const whole = [0, 0, image.width, image.height];
  const tile = { pane: { look }, target: whole, sources: tiles.map((one) => ({ tile: one, from: whole })) };
  fill(image, tile, { left: 0, top: 0, width: image.width, height: image.height }, { pushOf, range });
}

// Fill a box of the screen with the nearest pixel of the tile for each of its pixels.
function fill(image, { pane, target, sources }, box, { pushOf, overlay, range }) {
  const [x, y, width, height] = target;
  const pushes = pushOf(pane.look);
  const [readA, readB] = sources.map((source, i) => reader(source, pushes[i]));
  const colourOf = { difference: differenceColour, error: errorColour }[pane.look];
  for (let row = 0, at = 0; row < box.height; row++) {
    for (let column = 0; column < box.width; column++, at += 4) {
      const [across, down] = [(box.left + column + 0.5 - x) / width, (box.top + row + 0.5 - y) / height];
      const a = readA(across, down);
      const colour = colourOf ? colourOf(a, readB(across, down), range) : pictureColour(a, overlay, box.left + column, box.top + row);
      for (let c = 0; c < 3; c++) image.data[at + c] = colour[c]; // rounds, and clips to 0..255
      image.data[at + 3] = 255;
    }
  }
}

// A function of a place in the source, each axis in [0, 1], that returns the encoded values of its pixel.
function reader({ tile, from }, push) {
  const { known } = valuesOf(tile, push);
  return (across, down) => {
    const column = Math.min(Math.floor(from[0] + across * from[2]), tile.columns - 1);
    const row = Math.min(Math.floor(from[1] + down * from[3]), tile.rows - 1);
    const start = (row * tile.columns + column) * 3;
    return [known[tile.data[start]], known[tile.data[start + 1]], known[tile.data[start + 2]]];
  };
}

const tables = new Map(); // one per kind, of the last push

// What each number that a tile can hold looks like, at most 65536, far fewer than there are pixels to draw:
// `known`, encoded in [0, 1], and `levels`, the same in 0..255, rounded.
function valuesOf({ kind, linear }, push) {
  const name = `${kind} ${linear} ${push === 0}`;
  if (tables.get(name)?.push !== push) {
    const known = everyAppearance({ kind, linear }, push).encoded;
    tables.set(name, { push, known, levels: Uint8ClampedArray.from(known, (value) => 255 * value) });
  }
  return tables.get(name);
}
