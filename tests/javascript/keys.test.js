import assert from "node:assert/strict";
import test from "node:test";
import { commandOf, commands } from "../../hdrkit/widgets/light_table/commands.js";
import { Table } from "../../hdrkit/widgets/light_table/table.js";

function tableOf(values = {}) {
  const state = {
    size: [400, 300], left: "a", right: "b", mode: "side_by_side", view: [0, 0, 0], rectangle: [], push: 0, position: 0.5,
    overlay: "off", error_range: 64, histogram_scale: "linear",
    pictures: [{ name: "a", ev: -4 }, { name: "b", ev: 0 }, { name: "c", ev: null }], ...values,
  };
  const model = { get: (name) => state[name], set: (name, value) => (state[name] = value), save_changes() {}, on() {} };
  const table = new Table(model);
  table.pane = [200, 150];
  return { table, state };
}

function press(table, key) {
  const list = commands(table, { copy() {}, help() {}, fullscreen() {} });
  commandOf(list, { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, key: "", code: "", ...key }).run();
}

test("each key has one meaning", () => {
  const list = commands(tableOf().table, {});
  const keys = list.map(({ match }) => JSON.stringify([match.key, match.code, Boolean(match.shift)])).filter((key) => key !== '[null,null,false]');
  assert.equal(new Set(keys).size, keys.length);
});

test("all that help shows says what it does", () => {
  for (const { hidden, shown, text } of commands(tableOf().table, {})) assert.ok(hidden || (shown && text));
});

test("digits choose pictures, with Shift on the right, and wrong ones nothing", () => {
  const { table, state } = tableOf();
  press(table, { code: "Digit3" });
  press(table, { code: "Digit1", shiftKey: true });
  press(table, { code: "Digit9" });
  assert.deepEqual([state.left, state.right], ["c", "a"]);
});

test("the next picture after the last is the first", () => {
  const { table, state } = tableOf({ left: "c" });
  press(table, { code: "Period" });
  assert.equal(state.left, "a");
  press(table, { code: "Comma", shiftKey: true });
  assert.equal(state.right, "a");
});

test("push to match gives the left picture the right one's exposure, where it is known", () => {
  const { table, state } = tableOf();
  press(table, { code: "KeyP" });
  assert.equal(state.push, 4);
  table.choose("right", 2);
  state.push = 1;
  press(table, { code: "KeyP" });
  assert.equal(state.push, 1);
});

test("modes by letter, zoom, region and reset", () => {
  const { table, state } = tableOf();
  press(table, { code: "KeyE" });
  assert.equal(state.mode, "error");
  press(table, { code: "KeyZ" });
  assert.equal(state.view[2], 1);
  press(table, { code: "KeyR" });
  assert.deepEqual(state.rectangle, [100, 75, 200, 150]);
  press(table, { code: "ArrowRight" });
  assert.deepEqual(state.view.slice(0, 2), [260, 150]);
  press(table, { code: "Home" });
  assert.deepEqual([state.mode, state.view, state.rectangle], ["side_by_side", [0, 0, 0], []]);
});

test("the browser's own keys stay its own", () => {
  const list = commands(tableOf().table, {});
  assert.equal(commandOf(list, { ctrlKey: true, code: "KeyC", key: "c" }), undefined);
});
