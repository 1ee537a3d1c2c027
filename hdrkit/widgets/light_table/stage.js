// The pictures themselves: canvases that follow the state, at most once per frame of the screen.

import { CanvasRenderer } from "./canvas.js";
import { foot, names } from "./captions.js";
import { make } from "./dom.js";
import { drawOverlay } from "./overlay.js";
import { panesOf } from "./panes.js";
import { listenToPointers } from "./pointer.js";
import { WebGLRenderer, hasGraphicsCard } from "./webgl.js";

const BACKGROUND = [0.16, 0.16, 0.16]; // dark and neutral, so that it does not change how colours look
const SHOWN = ["left", "right", "mode", "position", "view", "rectangle", "push", "overlay", "error_range", "analysis"];

export class Stage {
  constructor(table, store) {
    Object.assign(this, { table, store });
    this.canvas = make("canvas");
    this.over = make("canvas", { "aria-hidden": "true" });
    this.captions = make("div", { class: "hdrkit-lt-captions", "aria-hidden": "true" });
    this.element = make("div", { class: "hdrkit-lt-stage", tabIndex: 0, role: "application" }, this.canvas, this.over, this.captions);
    this.element.style.setProperty("--ratio", table.size[1] / table.size[0]);
    this.frames = 0; // drawn so far
    this.renderer = this.#makeRenderer();
    this.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.canvas.addEventListener("webglcontextrestored", () => (this.renderer.restore(), this.redraw()));
    listenToPointers(this);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.element);
    for (const name of SHOWN) table.model.on(`change:${name}`, () => this.redraw());
    table.model.on("change:mode", () => this.#blink());
    table.model.on("change:blink_seconds", () => this.#blink());
    this.#blink();
  }

  #makeRenderer() {
    return new (hasGraphicsCard() ? WebGLRenderer : CanvasRenderer)(this.canvas, BACKGROUND);
  }

  ratio() {
    return globalThis.devicePixelRatio || 1;
  }

  panes() {
    const { table } = this;
    const size = [this.canvas.width, this.canvas.height];
    return panesOf(table.get("mode"), size, table.get("position"), this.ratio(), table.held, table.flipped);
  }

  hovered(place) {
    this.table.hover = place;
    this.redraw();
  }

  redraw() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.#draw();
    });
  }

  #resize() {
    const { clientWidth, clientHeight } = this.element;
    for (const canvas of [this.canvas, this.over]) {
      canvas.width = Math.round(clientWidth * this.ratio());
      canvas.height = Math.round(clientHeight * this.ratio());
    }
    this.#draw(); // at once: a resized canvas is empty
  }

  #draw() {
    if (!this.canvas.width || !this.canvas.height) return;
    const { table, store } = this;
    const panes = this.panes();
    table.pane = panes[0].frame.slice(2);
    const state = {
      panes, store, size: table.size, view: table.get("view"), rectangle: table.get("rectangle"), marked: table.marked(),
      mode: table.get("mode"), position: table.get("position"), overlay: table.get("overlay"), ratio: this.ratio(),
      range: table.get("error_range"), picturesOf: (look) => table.picturesOf(look), pushOf: (look) => table.pushOf(look),
    };
    this.renderer.draw(state);
    this.#caption(panes);
    drawOverlay(this.over, { ...state, hidden: () => this.#hidden() });
    this.element.style.touchAction = table.get("view")[2] === 0 && !table.drawing ? "pan-y" : "none";
    this.frames += 1;
    this.ondraw?.();
  }

  #caption(panes) {
    const [left, right] = ["left", "right"].map((side) => this.table.shownName(side));
    const all = { left, right, difference: `Difference: ${left} less ${right}`, error: `Error: ${left} against ${right}` };
    const texts = panes.map(({ look }) => all[look]);
    this.captions.replaceChildren(...names(panes, texts, this.ratio(), this.element.clientWidth), foot(this.table));
    this.element.setAttribute("aria-label", `Pictures: ${texts.join(", ")}. Press ? for help.`);
  }

  // The boxes in which captions hide the pictures: [x, y, width, height] in screen pixels.
  #hidden() {
    const origin = this.element.getBoundingClientRect();
    const boxes = [...this.captions.querySelectorAll(":scope > span, .hdrkit-lt-foot > *")].map((one) => one.getBoundingClientRect());
    return boxes.map(({ x, y, width, height }) => [x - origin.x, y - origin.y, width, height].map((value) => value * this.ratio()));
  }

  // Readers who ask for less motion flip by the key alone.
  #blink() {
    clearInterval(this.blinking);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.table.get("mode") !== "blink" || still) return;
    this.blinking = setInterval(() => {
      this.table.flipped = !this.table.flipped;
      this.redraw();
    }, 1000 * this.table.get("blink_seconds"));
  }

  hold(down) {
    if (this.table.held === down) return;
    this.table.held = down;
    this.redraw();
  }

  // The view as one picture.
  async png() {
    this.#draw();
    const whole = make("canvas", { width: this.canvas.width, height: this.canvas.height });
    const context = whole.getContext("2d");
    context.drawImage(this.canvas, 0, 0);
    context.drawImage(this.over, 0, 0);
    return new Promise((resolve) => whole.toBlob(resolve, "image/png"));
  }

  end() {
    clearInterval(this.blinking);
    cancelAnimationFrame(this.waiting);
    this.resizing.disconnect();
    this.renderer.end();
  }
}
