// Numbers and states in words, for the screen and for screen readers.

import { luminance, stops } from "./color.js";
import { appearance } from "./tiles.js";

export const MODES = {
  side_by_side: "Side by side",
  divider: "Divider",
  blink: "Blink",
  difference: "Difference",
  error: "Error",
};
export const OVERLAYS = { off: "Off", any: "Any channel", red: "Red", green: "Green", blue: "Blue" };

export function percent(share) {
  return share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(100 * share)} %`;
}

// With a true minus, and a plus: "+1.3 EV".
export function signed(value, digits = 1) {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

export function decibel(value) {
  if (value === "inf") return "identical";
  return value === null || value === undefined ? "–" : `${value.toFixed(2)} dB`;
}

export function similarity(value, pending) {
  return value === null || value === undefined ? (pending ? "…" : "–") : value.toFixed(4);
}

// The numbers of one pixel: what its file holds (pushed, if it is), light, and stops of its luminance.
export function pixelWords(stored, picture, push) {
  const { light, encoded } = appearance(stored, picture, push);
  const luminous = luminance(light);
  return {
    encoded: encodedNumbers(stored, picture, push, encoded),
    linear: light.map((value) => (value === 0 ? "0" : value.toPrecision(3))),
    stops: luminous > 0 ? signed(stops(luminous), 2) : "no light",
  };
}

function encodedNumbers(stored, picture, push, encoded) {
  if (picture.linear) return encoded.map((value) => value.toFixed(3));
  const top = picture.kind === "uint8" ? 255 : 65535;
  return Array.from(push ? encoded.map((value) => Math.round(top * value)) : stored, String);
}

// What a picture lost, for its caption. Linear light that is brighter than white is not lost: the screen cannot show it.
export function lostWords({ clipped, under, linear }) {
  return [`${percent(clipped)} ${linear ? "above white" : "clipped"}`, `${percent(under)} under`];
}

export function lostTitle({ linear }) {
  const bright = linear ? "Above white: brighter than the screen can show, but not clipped" : "Clipped: brightest channel 250 or more of 255";
  return `${bright}. Under: brightest channel 25 or less of 255.`;
}
