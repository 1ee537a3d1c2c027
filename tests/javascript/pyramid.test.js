import assert from "node:assert/strict";
import test from "node:test";
import { levelFor, levelSizes, tileBounds, tilesIn } from "../../hdrkit/widgets/light_table/pyramid.js";

test("levels halve, rounded up, until one tile holds all", () => {
  assert.deepEqual(levelSizes([1025, 600], 256), [[1025, 600], [513, 300], [257, 150], [129, 75]]);
  assert.deepEqual(levelSizes([256, 10], 256), [[256, 10]]);
});

test("the level has a pixel for each on the screen, and none is made up", () => {
  assert.equal(levelFor(8, 5), 0);
  assert.equal(levelFor(1, 5), 0);
  assert.equal(levelFor(0.5, 5), 1);
  assert.equal(levelFor(0.26, 5), 1);
  assert.equal(levelFor(0.001, 5), 4);
});

test("tiles cover what is shown, once, and lie in the picture", () => {
  const sizes = levelSizes([1025, 600], 256);
  const part = [300, 100, 1025, 513];
  const tiles = tilesIn(part, 0, sizes, 256);
  assert.deepEqual(tiles, [[1, 0], [2, 0], [3, 0], [4, 0], [1, 1], [2, 1], [3, 1], [4, 1], [1, 2], [2, 2], [3, 2], [4, 2]]);
  assert.deepEqual(tileBounds(0, 4, 2, [1025, 600], 256), [1024, 512, 1025, 600]);
  assert.deepEqual(tilesIn([0, 0, 1025, 600], 3, sizes, 256), [[0, 0]]);
});
