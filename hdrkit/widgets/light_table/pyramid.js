// A pyramid of tiles: level 0 is the picture, each further level has half its width and height, rounded up.

import { clamp } from "./clamp.js";

export const key = (picture, level, x, y) => `${picture}/${level}/${x}/${y}`;

// The [width, height] of all levels, down to the first that fits into one tile.
export function levelSizes([width, height], tile) {
  const sizes = [[width, height]];
  while (Math.max(...sizes.at(-1)) > tile) {
    const half = 2 ** sizes.length;
    sizes.push([Math.ceil(width / half), Math.ceil(height / half)]);
  }
  return sizes;
}

// The coarsest level that still has a pixel for each screen pixel at `zoom` (screen pixels per picture pixel).
export function levelFor(zoom, levels) {
  return clamp(Math.floor(Math.log2(1 / zoom) + 1e-9), 0, levels - 1);
}

// The tiles of a level that meet a part of the picture, given as [left, top, right, bottom] in its pixels.
export function tilesIn([left, top, right, bottom], level, sizes, tile) {
  const span = tile * 2 ** level;
  const [width, height] = sizes[level];
  const range = (from, to, length) => {
    const first = Math.max(Math.floor(from / span), 0);
    const last = Math.min(Math.ceil(to / span), Math.ceil(length / tile)) - 1;
    return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);
  };
  return range(top, bottom, height).flatMap((y) => range(left, right, width).map((x) => [x, y]));
}

// Where a tile lies, in picture pixels: [left, top, right, bottom].
export function tileBounds(level, x, y, [width, height], tile) {
  const span = tile * 2 ** level;
  return [x * span, y * span, Math.min((x + 1) * span, width), Math.min((y + 1) * span, height)];
}
