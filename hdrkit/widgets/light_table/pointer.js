// Mouse, pen and fingers on the stage: drag to move, wheel or pinch to zoom, the divider and the rectangle drawn.

import { paneAt } from "./panes.js";
import { toPicture } from "./view.js";

const WHEEL = 1.0015; // zoom per pixel of the wheel
const GRIP = 16; // CSS pixels on either side of the divider that take hold of it

// `stage`: {element, table, ratio(), panes()}.
export function listenToPointers(stage) {
  const { element, table } = stage;
  const pointers = new Map();
  let drag; // what the pointer that is down does

  const place = (event) => {
    const { left, top } = element.getBoundingClientRect();
    return [(event.clientX - left) * stage.ratio(), (event.clientY - top) * stage.ratio()];
  };
  const inPane = (point, pane = paneAt(stage.panes(), point)) => [point[0] - pane.frame[0], point[1] - pane.frame[1]];
  const inPicture = (point, pane) => toPicture(inPane(point, pane), table.get("view"), table.size, table.pane);

  const began = (event) => {
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const point = place(event);
    pointers.set(event.pointerId, point);
    if (pointers.size === 1) drag = beginning(event, point);
    else if (pointers.size === 2) drag = undefined; // the second finger: a pinch
  };

  const beginning = (event, point) => {
    const width = element.clientWidth * stage.ratio();
    const onDivider = Math.abs(point[0] - table.get("position") * width) < GRIP * stage.ratio();
    if (table.get("mode") === "divider" && onDivider) return ([x]) => table.moveDivider(x / width);
    const pane = paneAt(stage.panes(), point);
    if (table.drawing || event.shiftKey) {
      const start = inPicture(point, pane);
      return (to) => table.setRectangle(start, inPicture(to, pane));
    }
    let last = point;
    return (to) => {
      table.panBy([to[0] - last[0], to[1] - last[1]]);
      last = to;
    };
  };

  const moved = (event) => {
    const point = place(event);
    const [x, y] = inPicture(point);
    const inside = x >= 0 && y >= 0 && x < table.size[0] && y < table.size[1];
    table.keyed = false;
    stage.hovered(inside ? [x, y] : undefined);
    if (!pointers.has(event.pointerId)) return;
    const before = [...pointers.values()];
    pointers.set(event.pointerId, point);
    if (pointers.size === 2) pinched(before, [...pointers.values()]);
    else if (drag) drag(point);
  };

  const pinched = (before, after) => {
    const distance = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const middle = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const [from, to] = [middle(before), middle(after)];
    table.panBy([to[0] - from[0], to[1] - from[1]]);
    table.zoomBy(distance(after) / Math.max(distance(before), 1), inPane(to));
  };

  const ended = (event) => {
    pointers.delete(event.pointerId);
    drag = undefined;
  };

  // The wheel scrolls the page until the stage was clicked, so that no reader is caught in a picture.
  const wheeled = (event) => {
    const zooming = event.ctrlKey || element.contains(document.activeElement) || element.getRootNode().activeElement === element;
    if (!zooming) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 20 : 1);
    table.zoomBy(WHEEL ** -pixels, inPane(place(event)));
  };

  element.addEventListener("pointerdown", began);
  element.addEventListener("pointermove", moved);
  for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, ended);
  element.addEventListener("pointerleave", () => stage.hovered(undefined));
  element.addEventListener("wheel", wheeled, { passive: false });
}
