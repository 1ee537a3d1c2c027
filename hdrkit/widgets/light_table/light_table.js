// The light table: pictures of one size, compared. Entry for anywidget and for pages without a kernel.

import { analysed } from "./analysis.js";
import { commandOf, commands } from "./commands.js";
import { details } from "./details.js";
import { make } from "./dom.js";
import { filmstrip } from "./filmstrip.js";
import { helpDialog } from "./help.js";
import { levelSizes } from "./pyramid.js";
import { scope } from "./scope.js";
import { Stage } from "./stage.js";
import { StandaloneModel } from "./standalone.js";
import { ANALYSED, Table } from "./table.js";
import { TileStore } from "./tiles.js";
import { toolbar } from "./toolbar.js";

function render({ model: shared, el }) {
  const model = scope(shared);
  const table = new Table(model);
  const sizes = levelSizes(table.size, model.get("tile_size"));
  const fetch = (keys) => model.send({ type: "tiles", keys });
  const arrived = () => stage.redraw();
  const store = new TileStore(table.pictures, sizes, model.get("tile_size"), fetch, arrived);
  const stage = new Stage(table, store);
  const below = details(table, store);
  const status = make("div", { class: "hdrkit-lt-status", role: "status" });
  table.say = (text) => (status.textContent = text);
  const view = { copy: () => copy(stage, table), help: () => help.showModal(), fullscreen: () => fullscreen(root) };
  const list = commands(table, view);
  const help = helpDialog(list);
  const root = make("div", { class: "hdrkit-light-table", role: "region", "aria-label": "Light table" },
    toolbar(table, view), stage.element, filmstrip(table), below.element, help, status);
  // These keys are the table's; JupyterLab would add or delete cells. It looks for this mark at what has the focus.
  root.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
  stage.ondraw = () => (table.showZoom(), below.showLoupe());
  listenToKeys(root, stage, list);
  el.append(root);

  const custom = ({ type, picture, keys }, buffers) => {
    const named = keys.map((name, i) => [name, buffers[i]]);
    if (type === "tiles") named.forEach(([name, bytes]) => store.receive(name, bytes));
    else if (type === "replaced") {
      model.set("tiles", {}); // they hold its old pixels, and another view would begin with them
      store.replace(picture, named);
    }
  };
  model.on("change:pictures", () => (store.pictures = table.pictures));
  model.on("msg:custom", custom);
  const first = Object.entries(model.get("tiles")).map(([name, bytes]) => store.receive(name, bytes));
  root.lightTable = { table, store, stage }; // for the tests
  root.lightTable.ready = Promise.all(first);
  return () => {
    model.end();
    stage.end();
  };
}

function listenToKeys(root, stage, list) {
  root.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select") && !event.code.startsWith("Key")) return; // arrows and digits are theirs
    if (event.target.matches("button") && ["Space", "Enter"].includes(event.code)) return;
    if (event.target.closest("dialog")) return;
    if (event.code === "Space") stage.hold(true);
    const command = commandOf(list, event);
    if (!command?.run) return;
    event.preventDefault();
    event.stopPropagation();
    stage.table.keyed = true;
    command.run();
  });
  root.addEventListener("keyup", (event) => event.code === "Space" && stage.hold(false));
  stage.element.addEventListener("blur", () => stage.hold(false));
}

async function copy(stage, table) {
  const png = await stage.png();
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
    table.say("The view is in the clipboard.");
  } catch {
    const address = URL.createObjectURL(png);
    make("a", { href: address, download: "light_table.png" }).click();
    URL.revokeObjectURL(address);
    table.say("The view was saved as light_table.png.");
  }
}

function fullscreen(root) {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.();
}

// Bring a page's light table to life without a kernel. `state`: the traits, with bytes as base64.
export async function mountStandalone(element, state) {
  const model = new StandaloneModel(state);
  element.replaceChildren();
  render({ model, el: element });
  const { table, store, ready } = element.firstChild.lightTable;
  await ready;
  const of = (name) => table.names.indexOf(table.get(name));
  model.analyseBy(() => {
    const named = Object.fromEntries(ANALYSED.map((name) => [name, table.get(name)]));
    const pictures = { left: of("left"), right: of("right"), control: Math.max(of("control"), 0) };
    return { ...named, ...analysed(store, { ...named, ...pictures }) };
  });
}

export default { render };
