// Draws panes of tiles on a 2D canvas, pixel by pixel, where a browser has no WebGL2. Slower, and the same picture.

import { differenceColour, errorColour, pictureColour } from "./looks.js";
import { tilesToDraw } from "./scene.js";
import { everyAppearance } from "./tiles.js";

export class CanvasRenderer {
  constructor(canvas, background) {
    this.canvas = canvas;
    this.background = new Uint8ClampedArray([...background.map((value) => 255 * value), 255]);
    this.context = canvas.getContext("2d", { alpha: false });
  }

  draw(state) {
    const { width, height } = this.canvas;
    const image = this.context.createImageData(width, height);
    new Uint32Array(image.data.buffer).fill(new Uint32Array(this.background.buffer)[0]);
    for (const tile of tilesToDraw(state.panes, state.view, state.store, state.picturesOf)) drawTile(image, tile, state);
    this.context.putImageData(image, 0, 0);
  }

  restore() {}

  end() {}
}

// The nearest pixel of the tile for each pixel of the screen.
export function drawTile(image, { pane, target, sources }, { pushOf, overlay, range }) {
  const [x, y, width, height] = target;
  const [clipX, clipY, clipWidth, clipHeight] = pane.clip;
  const [left, right] = [Math.max(Math.round(x), clipX), Math.min(Math.round(x + width), clipX + clipWidth)];
  const [top, bottom] = [Math.max(Math.round(y), clipY), Math.min(Math.round(y + height), clipY + clipHeight)];
  const pushes = pushOf(pane.look);
  const [readA, readB] = sources.map((source, i) => reader(source, pushes[i]));
  const colourOf = { difference: differenceColour, error: errorColour }[pane.look];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const [across, down] = [(column + 0.5 - x) / width, (row + 0.5 - y) / height];
      const a = readA(across, down);
      const colour = colourOf ? colourOf(a, readB(across, down), range) : pictureColour(a, overlay, column, row);
      const at = (row * image.width + column) * 4;
      for (let c = 0; c < 3; c++) image.data[at + c] = colour[c]; // rounds, and clips to 0..255
    }
  }
}

// A function of a place in the source, each axis in [0, 1], that returns the encoded values of its pixel.
function reader({ tile, from }, push) {
  const known = encodedValues(tile, push);
  return (across, down) => {
    const column = Math.min(Math.floor(from[0] + across * from[2]), tile.columns - 1);
    const row = Math.min(Math.floor(from[1] + down * from[3]), tile.rows - 1);
    const start = (row * tile.columns + column) * 3;
    return [known[tile.data[start]], known[tile.data[start + 1]], known[tile.data[start + 2]]];
  };
}

const tables = new Map(); // of encoded values, one per kind, of the last push

function encodedValues({ kind, linear }, push) {
  const name = `${kind} ${linear} ${push === 0}`;
  if (tables.get(name)?.push !== push) tables.set(name, { push, values: everyAppearance({ kind, linear }, push).encoded });
  return tables.get(name).values;
}
