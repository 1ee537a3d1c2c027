// A histogram of light on an axis of stops, as an SVG that can be read aloud.

import { stops } from "./color.js";
import { make, svg } from "./dom.js";
import { signed } from "./words.js";

const [WIDTH, HEIGHT, BASE] = [192, 64, 14]; // two units per bin; BASE for the numbers below
const [FIRST, LAST] = [-8, 4];
const CHANNELS = ["red", "green", "blue"];

// `counts`: 96 numbers for each of three channels; `response`: light of the 256 encoded values, or [].
export function histogramPicture(counts, name, scale, response) {
  const height = (count) => (scale === "log" ? Math.log1p(count) : count);
  const top = Math.max(...counts.flat().map(height), 1e-9);
  const lines = counts.map((channel, c) => {
    const points = channel.map((count, i) => `${2 * i + 1},${(HEIGHT * (1 - height(count) / top)).toFixed(1)}`);
    return svg("polyline", { points: points.join(" "), class: `hdrkit-lt-${CHANNELS[c]}` });
  });
  const ticks = [-8, -4, 0, 4].map((stop) => {
    const x = across(stop);
    const anchor = stop === FIRST ? "start" : stop === LAST ? "end" : "middle";
    return svg("g", {}, svg("line", { x1: x, x2: x, y1: 0, y2: HEIGHT }), svg("text", { x, y: HEIGHT + 11, "text-anchor": anchor }, stop ? signed(stop, 0) : "0"));
  });
  const curve = response.length ? [svg("polyline", { points: curvePoints(response), class: "hdrkit-lt-response" })] : [];
  const label = `${name}: ${summary(counts)}${curve.length ? " The dashed line is the camera's response." : ""}`;
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + BASE}`, role: "img", "aria-label": label }, ...ticks, ...lines, ...curve);
  return make("div", {}, make("div", { "aria-hidden": "true" }, name), picture);
}

function across(stop) {
  return ((stop - FIRST) / (LAST - FIRST)) * WIDTH;
}

// Encoded value, upwards, against the light that it stands for.
function curvePoints(response) {
  const points = response.map((light, value) => [across(stops(light)), HEIGHT * (1 - value / (response.length - 1))]);
  return points.filter(([x]) => x >= 0).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}

function summary(counts) {
  const medians = counts.map((channel) => {
    const half = channel.reduce((a, b) => a + b) / 2;
    let sum = 0;
    const bin = channel.findIndex((count) => (sum += count) >= half);
    return FIRST + (bin + 0.5) / 8;
  });
  return `median red ${signed(medians[0])}, green ${signed(medians[1])}, blue ${signed(medians[2])} stops from middle grey.`;
}
