import assert from "node:assert/strict";
import test from "node:test";
import { paneAt, panesOf } from "../../hdrkit/widgets/light_table/panes.js";

const SIZE = [1004, 600];

test("side by side is stacked where there is little room", () => {
  const wide = panesOf("side_by_side", SIZE, 0.5, 1, false, false);
  assert.deepEqual(wide.map(({ clip }) => clip), [[0, 0, 500, 600], [504, 0, 500, 600]]);
  const narrow = panesOf("side_by_side", SIZE, 0.5, 2, false, false);
  assert.deepEqual(narrow.map(({ clip }) => clip), [[0, 0, 1004, 298], [0, 302, 1004, 298]]);
});

test("a divider cuts two pictures that lie on each other", () => {
  const [left, right] = panesOf("divider", SIZE, 0.25, 1, false, false);
  assert.deepEqual([left.clip, right.clip], [[0, 0, 251, 600], [251, 0, 753, 600]]);
  assert.deepEqual(left.frame, right.frame);
  assert.equal(paneAt([left, right], [250, 5]).look, "left");
  assert.equal(paneAt([left, right], [251, 5]).look, "right");
});

test("blink takes turns, and a held key shows the right picture in any mode", () => {
  assert.deepEqual([false, true].map((turn) => panesOf("blink", SIZE, 0.5, 1, false, turn)[0].look), ["left", "right"]);
  for (const mode of ["side_by_side", "divider", "error"]) assert.equal(panesOf(mode, SIZE, 0.5, 1, true, false)[0].look, "right");
  assert.equal(panesOf("difference", SIZE, 0.5, 1, false, false)[0].look, "difference");
});
