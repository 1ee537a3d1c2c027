import assert from "node:assert/strict";
import test from "node:test";
import { CLIPPED_COLOUR, DIFFERENCE_COLOURS, ERROR_COLOURS, UNDER_COLOUR } from "../../hdrkit/widgets/light_table/color.js";
import { differenceColour, errorColour, lost, pictureColour } from "../../hdrkit/widgets/light_table/looks.js";

const of = (...levels) => levels.map((level) => level / 255);

test("clipped is 250 or more, under-exposed 25 or less, by the brightest channel or by one", () => {
  assert.equal(lost(of(250, 3, 3), "any"), "clipped");
  assert.equal(lost(of(249, 3, 3), "any"), "");
  assert.equal(lost(of(25, 0, 25), "any"), "under");
  assert.equal(lost(of(26, 0, 0), "any"), "");
  assert.equal(lost(of(250, 3, 100), "green"), "under");
  assert.equal(lost(of(250, 3, 100), "blue"), "");
  assert.equal(lost(of(255, 255, 255), "off"), "");
});

test("half of what is lost is painted, so that the picture is seen between the stripes", () => {
  const across = Array.from({ length: 8 }, (_, column) => pictureColour(of(255, 255, 255), "any", column, 0));
  assert.equal(across.filter((colour) => colour === CLIPPED_COLOUR).length, 4);
  assert.deepEqual(pictureColour(of(0, 0, 0), "any", 0, 0), UNDER_COLOUR);
  assert.deepEqual(pictureColour(of(100, 150, 200), "any", 0, 0).map(Math.round), [100, 150, 200]);
});

test("equal pictures are in the middle of the signed scale and at the low end of errors", () => {
  const middle = DIFFERENCE_COLOURS[(DIFFERENCE_COLOURS.length - 1) / 2];
  assert.deepEqual(differenceColour(of(9, 9, 9), of(9, 9, 9), 64), middle);
  assert.deepEqual(errorColour(of(9, 9, 9), of(9, 9, 9), 64), ERROR_COLOURS[0]);
  assert.deepEqual(differenceColour(of(80, 80, 80), of(0, 0, 0), 64), DIFFERENCE_COLOURS.at(-1));
  assert.deepEqual(differenceColour(of(0, 0, 0), of(80, 80, 80), 64), DIFFERENCE_COLOURS[0]);
});

test("an error counts both ways, a difference lets them cancel", () => {
  const [left, right] = [of(100, 50, 50), of(50, 100, 50)];
  assert.deepEqual(differenceColour(left, right, 64), differenceColour(right, left, 64));
  assert.notDeepEqual(errorColour(left, right, 64), ERROR_COLOURS[0]);
});
