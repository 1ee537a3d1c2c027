// The sRGB curve (IEC 61966-2-1), stops, and the colours of false-colour pictures. Channel values are in [0, 1].

import { clamp } from "./clamp.js";

export const MIDDLE_GREY = 0.18;
export const CLIPPED = 250 / 255; // as in hdrkit.evaluation.scoring
export const UNDER = 25 / 255;
// Okabe and Ito's colours, told apart with any colour vision.
export const CLIPPED_COLOUR = [230, 159, 0];
export const UNDER_COLOUR = [0, 114, 178];
// Viridis (Smith and van der Walt, 2015), ten of its colours: grows in lightness, also in grey and for any eye.
export const ERROR_COLOURS = [
  [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142],
  [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37],
];
// From blue (left is darker) over near-white to vermilion (left is brighter).
export const DIFFERENCE_COLOURS = [[0, 68, 136], [0, 114, 178], [245, 245, 245], [213, 94, 0], [136, 46, 0]];

export function decode(value) {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

export function encode(light) {
  const clipped = clamp(light, 0, 1);
  return clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
}

export function luminance([red, green, blue]) {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Stops from middle grey of linear light; minus infinity for none.
export function stops(light) {
  return Math.log2(light / MIDDLE_GREY);
}

// The colour at `place` in [0, 1] of a list of colours, each channel in 0..255.
export function colourAt(colours, place) {
  const position = clamp(place, 0, 1) * (colours.length - 1);
  const index = Math.min(Math.floor(position), colours.length - 2);
  return colours[index].map((from, c) => from + (colours[index + 1][c] - from) * (position - index));
}
