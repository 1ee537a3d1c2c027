import assert from "node:assert/strict";
import test from "node:test";
import { LARGEST, fitZoom, panned, rectangleBetween, resolved, shownPart, toPane, toPicture, zoomed } from "../../hdrkit/widgets/light_table/view.js";

const SIZE = [4000, 3000];
const PANE = [800, 500];
const near = (a, b, by = 1e-6) => a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < by, `${a}, not ${b}`));

test("zoom 0 fits the whole picture into the pane", () => {
  const [x, y, zoom] = resolved([17, 23, 0], SIZE, PANE);
  near([x, y, zoom], [2000, 1500, 500 / 3000]);
  near(shownPart([0, 0, 0], SIZE, PANE), [0, 0, 4000, 3000]);
});

test("what is under the pointer stays there while zooming", () => {
  for (const factor of [0.7, 1.3, 5]) {
    const view = [2000, 1500, 1];
    const before = toPicture([123, 321], view, SIZE, PANE);
    const after = toPicture([123, 321], zoomed(view, factor, [123, 321], SIZE, PANE), SIZE, PANE);
    near(after, before, 0.51 / factor); // pictures lie on whole pixels of the screen
  }
});

test("a view never leaves the picture, nor its limits of zoom", () => {
  near(panned([2000, 1500, 1], [1e6, 1e6], SIZE, PANE), [400, 250, 1]);
  near(panned([2000, 1500, 1], [-1e6, 0], SIZE, PANE), [3600, 1500, 1]);
  assert.equal(zoomed([0, 0, 1], 1e9, [0, 0], SIZE, PANE)[2], LARGEST);
  assert.equal(zoomed([0, 0, 1], 1e-9, [0, 0], SIZE, PANE)[2], fitZoom(SIZE, PANE));
});

test("pictures lie on whole pixels of the screen, or 100 % would be blurred", () => {
  near(toPane([0, 0], [0, 0, 1], [281, 121], PANE), [260, 190]);
  near(toPane([0, 0], [700.3, 900.7, 3], SIZE, PANE), [-1701, -2452]);
});

test("pane and picture coordinates undo each other", () => {
  const view = [700, 900, 3];
  near(toPane(toPicture([12, 34], view, SIZE, PANE), view, SIZE, PANE), [12, 34]);
});

test("a region is of whole pixels inside the picture, or none", () => {
  assert.deepEqual(rectangleBetween([10.4, 20.6], [-5, 5], SIZE), [0, 5, 10, 16]);
  assert.deepEqual(rectangleBetween([10, 20], [10.2, 90], SIZE), []);
  assert.deepEqual(rectangleBetween([3990, 2990], [9999, 9999], SIZE), [3990, 2990, 10, 10]);
});
