// The state of a light table, which is Python's too, and what can be done with it. Knows no element of the page.

import { clamp } from "./clamp.js";
import { resolved, rectangleBetween, shownPart, zoomed, panned } from "./view.js";
import { MODES, OVERLAYS, signed } from "./words.js";

const SAVE_AFTER = 150; // milliseconds; while a view moves, the kernel is not told each frame
export const RANGES = [16, 64, 255]; // full scales of differences and errors, levels of 255
export const ANALYSED = ["left", "right", "rectangle", "push"]; // what the numbers depend on
export const LARGEST_PUSH = 8;

export class Table {
  // `model`: an anywidget model, or the standalone page's stand-in.
  constructor(model) {
    this.model = model;
    this.size = model.get("size");
    this.#readPictures();
    model.on("change:pictures", () => this.#readPictures());
    this.pane = [1, 1]; // screen pixels of one pane; the stage says
    this.hover = undefined; // the place under the pointer in picture pixels, [x, y]
    this.keyed = false; // whether the reader works by keys, so that the middle of the view stands for the pointer
    this.held = false; // the key that shows the right picture
    this.flipped = false; // blink's turn of the right picture
    this.drawing = false; // a drag draws the rectangle
    this.say = () => {};
  }

  #readPictures() {
    this.pictures = this.model.get("pictures");
    this.names = this.pictures.map(({ name }) => name);
  }

  get(name) {
    return this.model.get(name);
  }

  set(changes) {
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.model.save_changes(), SAVE_AFTER);
  }

  index(side) {
    return Math.max(this.names.indexOf(this.get(side)), 0);
  }

  picture(side) {
    return this.pictures[this.index(side)];
  }

  // The indices of the pictures, and the pushes of each, that a pane's look needs.
  picturesOf(look) {
    if (look === "left" || look === "right") return [this.index(look)];
    return [this.index("left"), this.index("right")];
  }

  pushOf(look) {
    return look === "right" ? [0] : [this.get("push"), 0];
  }

  // The name of a picture as it is shown: the left one may be pushed.
  shownName(side) {
    const push = side === "left" ? this.get("push") : 0;
    return this.get(side) + (push ? `, pushed ${signed(push)} EV` : "");
  }

  // The numbers of the present state; undefined as long as they belong to an earlier one.
  numbers() {
    const analysis = this.get("analysis");
    const same = (name) => JSON.stringify(analysis[name]) === JSON.stringify(this.get(name));
    return ANALYSED.every(same) ? analysis.numbers : undefined;
  }

  choose(side, index) {
    const name = this.names[index];
    if (name === undefined) return;
    this.set({ [side]: name });
    this.say(`${side}: ${name}`);
  }

  step(side, by) {
    this.choose(side, (this.index(side) + by + this.names.length) % this.names.length);
  }

  setMode(mode) {
    this.flipped = false;
    this.set({ mode });
    this.say(MODES[mode]);
  }

  nextMode() {
    const all = Object.keys(MODES);
    this.setMode(all[(all.indexOf(this.get("mode")) + 1) % all.length]);
  }

  nextOverlay() {
    const all = Object.keys(OVERLAYS);
    const overlay = all[(all.indexOf(this.get("overlay")) + 1) % all.length];
    this.set({ overlay });
    this.say(`What is lost: ${OVERLAYS[overlay]}`);
  }

  nextRange() {
    const error_range = RANGES[(RANGES.indexOf(this.get("error_range")) + 1) % RANGES.length];
    this.set({ error_range });
    this.say(`Full scale: ${error_range} levels`);
  }

  view() {
    return resolved(this.get("view"), this.size, this.pane);
  }

  // The place whose pixel is read: [x, y].
  point() {
    return this.hover ?? this.view().slice(0, 2).map((at, axis) => Math.min(at, this.size[axis] - 1));
  }

  // The place that is marked in the pictures, if any.
  marked() {
    return this.hover || this.keyed ? this.point() : undefined;
  }

  setZoom(zoom) {
    const [x, y] = this.view();
    this.set({ view: zoom === 0 ? [0, 0, 0] : resolved([x, y, zoom], this.size, this.pane) });
    this.say(zoom === 0 ? "Fit" : `${Math.round(100 * zoom)} %`);
  }

  zoomBy(factor, point = this.pane.map((length) => length / 2)) {
    this.set({ view: zoomed(this.get("view"), factor, point, this.size, this.pane) });
  }

  panBy(pixels) {
    this.set({ view: panned(this.get("view"), pixels, this.size, this.pane) });
  }

  moveDivider(position) {
    this.set({ position: clamp(position, 0, 1) });
  }

  setPush(push) {
    const limited = clamp(push, -LARGEST_PUSH, LARGEST_PUSH);
    this.set({ push: Math.round(limited * 1000) / 1000 });
    this.say(`Push ${signed(limited)} stops`);
  }

  // The push that gives the left picture the exposure of the right one, where both are known.
  matchingPush() {
    const [left, right] = [this.picture("left").ev, this.picture("right").ev];
    return typeof left === "number" && typeof right === "number" ? right - left : undefined;
  }

  pushToMatch() {
    const push = this.matchingPush();
    if (push === undefined) this.say("The exposure of one of the pictures is not known.");
    else this.setPush(push);
  }

  setRectangle(a, b) {
    this.set({ rectangle: rectangleBetween(a, b, this.size) });
  }

  // By key: what is in view becomes the rectangle, or there is none any more.
  toggleRectangle() {
    const [left, top, right, bottom] = shownPart(this.get("view"), this.size, this.pane);
    if (this.get("rectangle").length) this.set({ rectangle: [] });
    else this.setRectangle([left, top], [right, bottom]);
    this.say(this.get("rectangle").length ? "Rectangle: what is in view" : "No rectangle: the whole picture");
  }

  nextScale() {
    this.set({ histogram_scale: this.get("histogram_scale") === "linear" ? "log" : "linear" });
    this.say(`Histogram: ${this.get("histogram_scale") === "log" ? "logarithmic" : "linear"}`);
  }

  reset() {
    this.hover = undefined;
    this.set({ mode: "side_by_side", position: 0.5, view: [0, 0, 0], rectangle: [], push: 0, overlay: "off" });
    this.say("Reset");
  }
}
