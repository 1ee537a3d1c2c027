// Draws panes of tiles on a 2D canvas, pixel by pixel, where a browser has no WebGL2. Slower, and the same picture.

import { differenceColour, errorColour, pictureColour } from "./looks.js";
import { tilesToDraw } from "./scene.js";
import { appearance } from "./tiles.js";

export class CanvasRenderer {
  constructor(canvas, background) {
    this.canvas = canvas;
    this.background = background.map((value) => Math.round(255 * value));
    this.context = canvas.getContext("2d", { alpha: false });
  }

  draw(state) {
    const { width, height } = this.canvas;
    const image = this.context.createImageData(width, height);
    for (let i = 0; i < image.data.length; i += 4) image.data.set([...this.background, 255], i);
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
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const place = [(column + 0.5 - x) / width, (row + 0.5 - y) / height];
      const [a, b] = sources.map((source, i) => encodedAt(source, place, pushes[i]));
      const colour = colourOf(pane.look, a, b, { overlay, range, column, row });
      image.data.set(colour.map(Math.round), (row * image.width + column) * 4);
    }
  }
}

function encodedAt({ tile, from }, [across, down], push) {
  const column = Math.min(Math.floor(from[0] + across * from[2]), tile.columns - 1);
  const row = Math.min(Math.floor(from[1] + down * from[3]), tile.rows - 1);
  const start = (row * tile.columns + column) * 3;
  return appearance(tile.data.subarray(start, start + 3), tile, push).encoded;
}

function colourOf(look, a, b, { overlay, range, column, row }) {
  if (look === "difference") return differenceColour(a, b, range);
  return look === "error" ? errorColour(a, b, range) : pictureColour(a, overlay, column, row);
}
