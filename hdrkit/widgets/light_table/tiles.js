// Tiles as they travel (see pyramid.py): differences along each row, 16-bit numbers as low and high bytes, deflated.

import { decode, encode } from "./color.js";
import { key } from "./pyramid.js";

const BUDGET = 384 * 2 ** 20; // bytes of decoded tiles that are kept
const AT_A_TIME = 32;

// The value of a float16 that is not negative, from its bits.
function halfFloat(bits) {
  const [exponent, fraction] = [bits >> 10, bits & 1023];
  return exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction;
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The values of a tile, rows x columns x 3: Uint8Array, or Uint16Array for 16-bit kinds.
export async function unpacked(bytes, kind, columns) {
  const raw = await inflated(bytes);
  const values = kind === "uint8" ? raw : joinedBytes(raw);
  const row = columns * 3;
  for (let start = 0; start < values.length; start += row) {
    for (let i = start + 3; i < start + row; i++) values[i] += values[i - 3]; // typed arrays wrap round
  }
  return values;
}

function joinedBytes(raw) {
  const count = raw.length / 2;
  const values = new Uint16Array(count);
  for (let i = 0; i < count; i++) values[i] = raw[i] | (raw[count + i] << 8);
  return values;
}

// What a stored number means: the encoded value in [0, 1] of whole numbers, linear light of float16.
export function meaning(kind) {
  if (kind === "uint8") return (stored) => stored / 255;
  if (kind === "uint16") return (stored) => stored / 65535;
  return halfFloat;
}

// The channel values of a pixel as light, pushed by some stops, and encoded: {light: [r, g, b], encoded: [r, g, b]}.
export function appearance(stored, picture, push = 0) {
  const values = Array.from(stored, meaning(picture.kind));
  if (!picture.linear && push === 0) return { light: values.map(decode), encoded: values };
  const light = values.map((value) => (picture.linear ? value : decode(value)) * 2 ** push);
  return { light, encoded: light.map(encode) };
}

// What `appearance` gives for every number that a tile can hold: 65536 at most, far fewer than pictures have pixels.
export function everyAppearance({ kind, linear }, push) {
  return appearance(Uint16Array.from({ length: kind === "uint8" ? 256 : 65536 }, (_, stored) => stored), { kind, linear }, push);
}

// Tiles by key: what is there, and what is on its way. `fetch(keys)` asks for more; `receive` takes them in.
export class TileStore {
  constructor(pictures, sizes, tile, fetch, changed) {
    Object.assign(this, { pictures, sizes, tile, fetch, changed });
    this.held = new Map(); // in the order of their last use
    this.asked = new Set();
    this.wanted = new Set();
    this.bytes = 0;
  }

  get(picture, level, x, y) {
    const name = key(picture, level, x, y);
    const found = this.held.get(name);
    if (found) {
      this.held.delete(name);
      this.held.set(name, found);
    }
    return found;
  }

  // Forget what was wanted and has not been asked for: the view has moved on.
  newFrame() {
    this.wanted.clear();
  }

  want(picture, level, x, y) {
    const name = key(picture, level, x, y);
    if (this.held.has(name) || this.asked.has(name)) return;
    if (!this.wanted.size) queueMicrotask(() => this.#ask());
    this.wanted.add(name);
  }

  // Only so many tiles are on their way at a time: the rest may no longer be wanted when its turn comes.
  #ask() {
    const names = [...this.wanted].slice(0, Math.max(AT_A_TIME - this.asked.size, 0));
    for (const name of names) {
      this.wanted.delete(name);
      this.asked.add(name);
    }
    if (names.length) this.fetch(names);
  }

  async receive(name, bytes) {
    this.#hold(await this.#unpacked(name, bytes));
    this.#ask();
    this.changed();
  }

  // Put other pixels in the place of a picture's. What was shown stays until the new tiles are there.
  async replace(picture, named) {
    const tiles = await Promise.all(named.map(([name, bytes]) => this.#unpacked(name, bytes)));
    for (const [name, { data }] of this.held) {
      if (!name.startsWith(`${picture}/`)) continue;
      this.held.delete(name);
      this.bytes -= data.byteLength;
    }
    tiles.forEach((tile) => this.#hold(tile));
    this.changed();
  }

  async #unpacked(name, bytes) {
    const [picture, level, x, y] = name.split("/").map(Number);
    const [width, height] = this.sizes[level];
    const columns = Math.min(width - x * this.tile, this.tile);
    const rows = Math.min(height - y * this.tile, this.tile);
    const { kind, linear } = this.pictures[picture];
    return { name, columns, rows, kind, linear, data: await unpacked(bytes, kind, columns) };
  }

  #hold(tile) {
    this.asked.delete(tile.name);
    this.bytes += tile.data.byteLength - (this.held.get(tile.name)?.data.byteLength ?? 0);
    this.held.set(tile.name, tile);
    for (const [oldest, { data }] of this.held) {
      if (this.bytes <= BUDGET || oldest === tile.name) break;
      this.held.delete(oldest);
      this.bytes -= data.byteLength;
    }
  }

  // The finest tile that is there for a place of a level, itself or one that covers it: {tile, level, x, y}.
  best(picture, level, x, y) {
    for (let up = 0; level + up < this.sizes.length; up++) {
      const place = [level + up, x >> up, y >> up];
      const tile = this.get(picture, ...place);
      if (tile) return { tile, level: place[0], x: place[1], y: place[2] };
    }
    return undefined;
  }

  // The stored numbers of a picture's pixel, from the finest level that is there: {stored, level}.
  pixel(picture, [x, y]) {
    const found = this.best(picture, 0, Math.floor(x / this.tile), Math.floor(y / this.tile));
    if (!found) return undefined;
    const { tile, level } = found;
    const column = Math.min(Math.floor(x / 2 ** level) - found.x * this.tile, tile.columns - 1);
    const row = Math.min(Math.floor(y / 2 ** level) - found.y * this.tile, tile.rows - 1);
    const start = (row * tile.columns + column) * 3;
    return { stored: tile.data.subarray(start, start + 3), level };
  }
}
