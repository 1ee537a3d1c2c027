import assert from "node:assert/strict";
import test from "node:test";
import { MIDDLE_GREY, colourAt, decode, encode, stops } from "../../hdrkit/widgets/light_table/color.js";

const near = (value, wanted, by = 1e-6) => assert.ok(Math.abs(value - wanted) < by, `${value}, not ${wanted}`);

test("the sRGB curve has its published values, and decoding undoes it", () => {
  near(encode(0.18), 0.46135613, 1e-6);
  near(decode(0.5), 0.21404114, 1e-6);
  for (const value of [0, 0.001, 0.04, 0.0405, 0.3, 1]) near(encode(decode(value)), value);
});

test("light beyond the limits is clipped when it is encoded", () => {
  assert.equal(encode(7), encode(1));
  assert.equal(encode(-1), 0);
});

test("stops count doublings from middle grey", () => {
  near(stops(MIDDLE_GREY), 0);
  near(stops(4 * MIDDLE_GREY), 2);
  assert.equal(stops(0), -Infinity);
});

test("a scale of colours begins and ends with its own, and mixes between", () => {
  const scale = [[0, 0, 0], [100, 200, 50]];
  assert.deepEqual(colourAt(scale, -1), [0, 0, 0]);
  assert.deepEqual(colourAt(scale, 0.5), [50, 100, 25]);
  assert.deepEqual(colourAt(scale, 2), [100, 200, 50]);
});
