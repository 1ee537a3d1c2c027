// PSNR, SSIM and histograms where no kernel computes them. The same numbers as analysis.py gives; a test compares.

import { clamp } from "./clamp.js";
import { decode, stops } from "./color.js";
import { tileBounds, tilesIn } from "./pyramid.js";
import { everyAppearance } from "./tiles.js";

const BINS = 96;
const [FIRST_STOP, BINS_PER_STOP] = [-8, 8];
const RADIUS = 5; // of the window: a Gaussian of 1.5 pixels, cut at 11 x 11
const TAPS = (() => {
  const weights = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / (2 * 1.5 ** 2)));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
})();

// A part [x, y, width, height] of a picture whose finest level is all there:
// encoded values as its pixels hold them (whole numbers stay whole), and linear light.
export function part(store, picture, [left, top, width, height], push) {
  const known = values(store.pictures[picture], push);
  const encoded = new Float64Array(width * height * 3);
  const light = new Float64Array(width * height * 3);
  for (const [x, y] of tilesIn([left, top, left + width, top + height], 0, store.sizes, store.tile)) {
    const { data, columns } = store.get(picture, 0, x, y);
    const [x0, y0, x1, y1] = tileBounds(0, x, y, store.sizes[0], store.tile);
    const [start, end] = [Math.max(left, x0), Math.min(left + width, x1)];
    for (let row = Math.max(top, y0); row < Math.min(top + height, y1); row++) {
      const from = ((row - y0) * columns + start - x0) * 3;
      const to = ((row - top) * width + start - left) * 3;
      for (let i = 0; i < (end - start) * 3; i++) {
        encoded[to + i] = known.encoded[data[from + i]];
        light[to + i] = known.light[data[from + i]];
      }
    }
  }
  return { encoded, light, width, height };
}

// What each number that a picture can hold stands for, whole numbers pushed to whole numbers.
function values(about, push) {
  const { encoded, light } = everyAppearance(about, push);
  const steps = { uint8: 255, uint16: 65535 }[about.kind];
  if (!steps) return { encoded, light };
  const rounded = encoded.map((value) => Math.round(value * steps) / steps);
  return { encoded: rounded, light: rounded.map(decode) };
}

export function psnr(a, b) {
  const squares = a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
  return squares === 0 ? "inf" : 10 * Math.log10(a.length / squares);
}

// Wang et al. (2004), mean over channels and all places where the window fits; null for less than 11 pixels.
export function ssim(a, b, width, height) {
  if (Math.min(width, height) < 2 * RADIUS + 1) return null;
  let sum = 0;
  for (let c = 0; c < 3; c++) {
    const x = new Float64Array(width * height).map((_, i) => a[3 * i + c]);
    const y = new Float64Array(width * height).map((_, i) => b[3 * i + c]);
    const products = [[x, x], [y, y], [x, y]].map(([p, q]) => p.map((value, i) => value * q[i]));
    const [mx, my, xx, yy, xy] = [x, y, ...products].map((plane) => blurred(plane, width, height));
    const [c1, c2] = [0.01 ** 2, 0.03 ** 2];
    for (let i = 0; i < mx.length; i++) {
      const [vx, vy, v] = [xx[i] - mx[i] ** 2, yy[i] - my[i] ** 2, xy[i] - mx[i] * my[i]];
      sum += ((2 * mx[i] * my[i] + c1) * (2 * v + c2)) / ((mx[i] ** 2 + my[i] ** 2 + c1) * (vx + vy + c2)) / mx.length;
    }
  }
  return sum / 3;
}

// The Gaussian mean of a channel at all places where the window fits.
function blurred(plane, width, height) {
  const [columns, rows] = [width - 2 * RADIUS, height - 2 * RADIUS];
  const along = new Float64Array(columns * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let tap = 0; tap < TAPS.length; tap++) sum += TAPS[tap] * plane[row * width + column + tap];
      along[row * columns + column] = sum;
    }
  }
  const mean = new Float64Array(columns * rows);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (let tap = 0; tap < TAPS.length; tap++) sum += TAPS[tap] * along[i + tap * columns];
    mean[i] = sum;
  }
  return mean;
}

// How many pixels have which light, in stops from middle grey: three lists of counts, for red, green and blue.
export function histogram(light) {
  const counts = [0, 1, 2].map(() => new Array(BINS).fill(0));
  for (let i = 0; i < light.length; i++) {
    const bin = Math.floor((stops(light[i]) - FIRST_STOP) * BINS_PER_STOP);
    counts[i % 3][clamp(bin, 0, BINS - 1)] += 1;
  }
  return counts;
}

// What analysis.py gives, for {left, right, control: indices of pictures, rectangle, push}.
export function analysed(store, { left, right, control, rectangle, push }) {
  const whole = [0, 0, ...store.sizes[0]];
  const places = rectangle.length ? { whole, rectangle } : { whole };
  const numbers = Object.entries(places).map(([what, place]) => {
    const [pushed, target, untouched] = [[left, push], [right, 0], [control, 0]].map(([p, by]) => part(store, p, place, by));
    const measure = ({ encoded, width, height }) => [psnr(encoded, target.encoded), ssim(encoded, target.encoded, width, height)];
    const [pair, ofControl] = [measure(pushed), measure(untouched)];
    return { what, psnr: pair[0], ssim: pair[1], control_psnr: ofControl[0], control_ssim: ofControl[1] };
  });
  const place = rectangle.length ? rectangle : whole;
  const counts = ([picture, by]) => histogram(part(store, picture, place, by).light);
  return { numbers, histograms: { left: counts([left, push]), right: counts([right, 0]) } };
}
