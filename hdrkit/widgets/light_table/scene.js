// What there is to draw: for each pane, the tiles that it shows, each with where it comes from and where it goes.

import { levelFor, tileBounds, tilesIn } from "./pyramid.js";
import { resolved, shownPart, toPane } from "./view.js";

// Yield {pane, zoom, target, sources} for each tile: `zoom` of its pane, `target` [x, y, width, height] on the screen, `sources` one
// {tile, from} per picture that the look needs, `from` [left, top, width, height] in pixels of the tile.
// What is missing is asked for, and drawn from a coarser level as long as it is not there.
export function* tilesToDraw(panes, view, store, picturesOf) {
  store.newFrame();
  const size = store.sizes[0];
  for (const pane of panes) {
    const frame = pane.frame.slice(2);
    const zoom = resolved(view, size, frame)[2];
    const level = levelFor(zoom, store.sizes.length);
    const part = shownPart(view, size, frame);
    for (const [x, y] of tilesIn(part, level, store.sizes, store.tile)) {
      const sources = picturesOf(pane.look).map((picture) => source(store, picture, level, x, y));
      if (sources.every(Boolean)) yield { pane, zoom, target: onScreen(pane, view, size, level, x, y, store.tile), sources };
    }
  }
}

function source(store, picture, level, x, y) {
  const found = store.best(picture, level, x, y);
  if (!found) store.want(picture, store.sizes.length - 1, 0, 0); // one tile that covers all comes first
  store.want(picture, level, x, y);
  if (!found) return undefined;
  const [left, top, right, bottom] = tileBounds(level, x, y, store.sizes[0], store.tile);
  const [scale, tile] = [2 ** found.level, store.tile];
  const from = [left / scale - found.x * tile, top / scale - found.y * tile, (right - left) / scale, (bottom - top) / scale];
  return { tile: found.tile, from };
}

function onScreen({ frame }, view, size, level, x, y, tile) {
  const [left, top, right, bottom] = tileBounds(level, x, y, size, tile);
  const [x0, y0] = toPane([left, top], view, size, frame.slice(2));
  const [x1, y1] = toPane([right, bottom], view, size, frame.slice(2));
  return [frame[0] + x0, frame[1] + y0, x1 - x0, y1 - y0];
}
