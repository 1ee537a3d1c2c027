// What part of a picture a pane shows: `view` is [x, y, zoom], the picture's pixel in the middle of the pane and screen
// pixels per picture pixel. Sizes are [width, height]; those of panes are in screen pixels.

import { clamp } from "./clamp.js";

export const SQUARES = 4; // from this zoom on, pixels are drawn as squares
export const LARGEST = 64;

export function fitZoom([width, height], [paneWidth, paneHeight]) {
  return Math.min(paneWidth / width, paneHeight / height);
}

// A view with all its numbers: zoom 0 stands for "fit". What would leave the picture is brought back.
export function resolved([x, y, zoom], size, pane) {
  const fit = fitZoom(size, pane);
  const smallest = Math.min(fit, 1);
  const scale = zoom > 0 ? clamp(zoom, smallest, LARGEST) : fit;
  const centre = (at, length, paneLength) => {
    const half = paneLength / scale / 2;
    return 2 * half >= length ? length / 2 : clamp(at, half, length - half);
  };
  return zoom > 0 ? [centre(x, size[0], pane[0]), centre(y, size[1], pane[1]), scale] : [size[0] / 2, size[1] / 2, scale];
}

// Zoom by `factor`, so that what is under `point` (in the pane) stays there.
export function zoomed(view, factor, point, size, pane) {
  const [x, y, zoom] = resolved(view, size, pane);
  const smallest = Math.min(fitZoom(size, pane), 1);
  const next = clamp(zoom * factor, smallest, LARGEST);
  const keep = (at, length, place) => at + (place - length / 2) * (1 / zoom - 1 / next);
  return resolved([keep(x, pane[0], point[0]), keep(y, pane[1], point[1]), next], size, pane);
}

// Move the picture by so many screen pixels.
export function panned(view, [dx, dy], size, pane) {
  const [x, y, zoom] = resolved(view, size, pane);
  return resolved([x - dx / zoom, y - dy / zoom, zoom], size, pane);
}

export function toPicture([px, py], view, size, pane) {
  const [left, top, zoom] = corner(view, size, pane);
  return [(px - left) / zoom, (py - top) / zoom];
}

export function toPane([x, y], view, size, pane) {
  const [left, top, zoom] = corner(view, size, pane);
  return [left + x * zoom, top + y * zoom];
}

// Where in the pane the picture's corner lies, and the zoom. Between two pixels of the screen, 100 % would be blurred.
function corner(view, size, pane) {
  const [x, y, zoom] = resolved(view, size, pane);
  return [Math.round(pane[0] / 2 - x * zoom), Math.round(pane[1] / 2 - y * zoom), zoom];
}

// The part of the picture that a pane shows: [left, top, right, bottom] in picture pixels.
export function shownPart(view, size, pane) {
  const [left, top] = toPicture([0, 0], view, size, pane);
  const [right, bottom] = toPicture(pane, view, size, pane);
  return [Math.max(left, 0), Math.max(top, 0), Math.min(right, size[0]), Math.min(bottom, size[1])];
}

// Whole pixels between two corners, inside the picture: [x, y, width, height], or [] where nothing is.
export function rectangleBetween(a, b, [width, height]) {
  const edge = (value, length) => clamp(Math.round(value), 0, length);
  const [left, right] = [edge(Math.min(a[0], b[0]), width), edge(Math.max(a[0], b[0]), width)];
  const [top, bottom] = [edge(Math.min(a[1], b[1]), height), edge(Math.max(a[1], b[1]), height)];
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : [];
}
