// Stands in for anywidget's model on a page without a kernel.

import { ANALYSED } from "./table.js";

const ANALYSE_AFTER = 100; // milliseconds without a change

export class StandaloneModel {
  constructor(state) {
    this.values = { ...state, tiles: mapped(state.tiles, bytesOf), pictures: state.pictures.map(withBytes) };
    this.listeners = new Map();
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    this.values[name] = value;
    for (const listener of this.listeners.get(`change:${name}`) ?? []) listener();
  }

  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  off(event, listener) {
    this.listeners.set(event, (this.listeners.get(event) ?? []).filter((one) => one !== listener));
  }

  save_changes() {}

  send() {}

  // Let `analyse()` make the numbers, now and after each change of what they depend on.
  analyseBy(analyse) {
    let waiting;
    const run = () => this.set("analysis", analyse());
    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(run, ANALYSE_AFTER);
    };
    for (const name of ANALYSED) this.on(`change:${name}`, later);
    run();
  }
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function withBytes(picture) {
  return { ...picture, thumb: bytesOf(picture.thumb) };
}
