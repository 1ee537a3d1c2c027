// What one pixel looks like: a picture, with what is lost painted in; a signed difference; an error.
// The shader in webgl.js does the same; a browser test holds them together.

import { CLIPPED, CLIPPED_COLOUR, DIFFERENCE_COLOURS, ERROR_COLOURS, UNDER, UNDER_COLOUR, colourAt } from "./color.js";

export const STRIPE = 8; // screen pixels from stripe to stripe, of which half are painted: what is below stays to be seen

// "clipped", "under" or "" for encoded values, by one channel or, for "any", by the brightest.
export function lost(encoded, overlay) {
  if (overlay === "off") return "";
  const value = overlay === "any" ? Math.max(...encoded) : encoded[["red", "green", "blue"].indexOf(overlay)];
  if (value >= CLIPPED - 1e-6) return "clipped";
  return value <= UNDER + 1e-6 ? "under" : "";
}

// The colour, channels in 0..255, of a picture's pixel at a place of the screen. Stripes of clipped pixels rise,
// those of under-exposed ones fall.
export function pictureColour(encoded, overlay, column, row) {
  const what = lost(encoded, overlay);
  const along = what === "clipped" ? column + row : column - row;
  if (what && ((along % STRIPE) + STRIPE) % STRIPE < STRIPE / 2) return what === "clipped" ? CLIPPED_COLOUR : UNDER_COLOUR;
  return encoded.map((value) => 255 * value);
}

// `range`: the largest difference of encoded values, in levels of 255, that the colours tell apart.
export function differenceColour(left, right, range) {
  const mean = (255 * (left[0] + left[1] + left[2] - right[0] - right[1] - right[2])) / 3;
  return colourAt(DIFFERENCE_COLOURS, 0.5 + mean / (2 * range));
}

export function errorColour(left, right, range) {
  const mean = (255 * left.reduce((sum, value, c) => sum + Math.abs(value - right[c]), 0)) / 3;
  return colourAt(ERROR_COLOURS, mean / range);
}
