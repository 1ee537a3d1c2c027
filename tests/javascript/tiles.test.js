import assert from "node:assert/strict";
import test from "node:test";
import { encode } from "../../hdrkit/widgets/light_table/color.js";
import { TileStore, appearance, meaning, unpacked } from "../../hdrkit/widgets/light_table/tiles.js";
import { packed, storeOf } from "./fixtures.js";

const turn = () => new Promise((resolve) => setTimeout(resolve));

test("tiles come back as they were packed", async () => {
  const bytes = Array.from({ length: 4 * 3 * 3 }, (_, i) => (i * 83) % 256);
  assert.deepEqual(Array.from(await unpacked(packed(bytes, "uint8", 4), "uint8", 4)), bytes);
  const words = bytes.map((value) => value * 257);
  assert.deepEqual(Array.from(await unpacked(packed(words, "uint16", 4), "uint16", 4)), words);
});

test("stored numbers mean what their kind says", () => {
  assert.equal(meaning("uint8")(255), 1);
  assert.equal(meaning("uint16")(65535), 1);
  const half = meaning("float16");
  assert.deepEqual([0x0000, 0x0001, 0x3800, 0x3c00, 0x4200, 0x7bff].map(half), [0, 2 ** -24, 0.5, 1, 3, 65504]);
});

test("a push doubles light per stop, and what leaves the range is clipped", () => {
  const grey = [55, 55, 55];
  const { light, encoded } = appearance(grey, { kind: "uint8", linear: false }, 2);
  const before = appearance(grey, { kind: "uint8", linear: false }).light;
  assert.ok(Math.abs(light[0] - 4 * before[0]) < 1e-12);
  assert.ok(Math.abs(encoded[0] - encode(light[0])) < 1e-12);
  assert.equal(appearance(grey, { kind: "uint8", linear: false }, 8).encoded[0], encode(1));
});

test("a tile is asked for once, and a coarser one stands in for it", async () => {
  const asked = [];
  const store = new TileStore([{ kind: "uint8", linear: false }], [[4, 4], [2, 2]], 2, (keys) => asked.push(...keys), () => {});
  store.want(0, 0, 1, 1);
  store.want(0, 0, 1, 1);
  await turn();
  assert.deepEqual(asked, ["0/0/1/1"]);
  await store.receive("0/1/0/0", packed([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], "uint8", 2));
  assert.equal(store.best(0, 0, 1, 1).level, 1);
  assert.deepEqual(Array.from(store.pixel(0, [3, 3]).stored), [4, 4, 4]);
  await store.receive("0/0/1/1", packed([5, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8], "uint8", 2));
  assert.equal(store.best(0, 0, 1, 1).level, 0);
  assert.deepEqual(Array.from(store.pixel(0, [3, 2]).stored), [6, 6, 6]);
});

test("what the view has left behind is not asked for", async () => {
  const asked = [];
  const store = new TileStore([{ kind: "uint8" }], [[4, 4]], 2, (keys) => asked.push(...keys), () => {});
  store.want(0, 0, 0, 0);
  store.newFrame();
  store.want(0, 0, 1, 0);
  await turn();
  assert.deepEqual(asked, ["0/0/1/0"]);
});

test("pixels of several kinds are found", async () => {
  const store = await storeOf([{ kind: "uint8", values: [1, 2, 3, 4, 5, 6] }, { kind: "float16", values: [0x3c00, 0, 0, 0, 0x3800, 0] }], [2, 1]);
  assert.deepEqual(Array.from(store.pixel(0, [1.9, 0.5]).stored), [4, 5, 6]);
  assert.deepEqual(appearance(store.pixel(1, [1, 0]).stored, store.pictures[1]).light, [0, 0.5, 0]);
});

test("a picture that is replaced keeps none of its old tiles, and the others keep theirs", async () => {
  const store = new TileStore([{ kind: "uint8" }, { kind: "uint8" }], [[4, 1], [2, 1]], 2, () => {}, () => {});
  const two = (value) => packed([value, value, value, value, value, value], "uint8", 2);
  for (const name of ["0/0/0/0", "0/0/1/0", "1/0/0/0"]) await store.receive(name, two(1));
  await store.replace(0, [["0/1/0/0", two(9)]]);
  assert.equal(store.get(0, 0, 0, 0), undefined);
  assert.deepEqual(Array.from(store.pixel(0, [3, 0]).stored), [9, 9, 9]);
  assert.deepEqual(Array.from(store.pixel(1, [0, 0]).stored), [1, 1, 1]);
  assert.equal(store.bytes, 2 * 6);
});
