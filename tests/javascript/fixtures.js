// Pictures of a few pixels, packed as pyramid.py packs tiles.

import { deflateSync } from "node:zlib";
import { TileStore } from "../../hdrkit/widgets/light_table/tiles.js";

// `values`: rows x columns x 3 whole numbers in one list.
export function packed(values, kind, columns) {
  const wide = kind !== "uint8";
  const numbers = wide ? Uint16Array.from(values) : Uint8Array.from(values);
  const differences = numbers.map((value, i) => (i % (3 * columns) < 3 ? value : value - numbers[i - 3]));
  const bytes = wide ? [...Array.from(differences, (v) => v & 255), ...Array.from(differences, (v) => v >> 8)] : differences;
  return new Uint8Array(deflateSync(Uint8Array.from(bytes)));
}

// A store that holds pictures of one tile each: {name: {kind, values}}.
export async function storeOf(pictures, [width, height]) {
  const about = pictures.map(({ kind, linear = kind === "float16" }) => ({ kind, linear }));
  const store = new TileStore(about, [[width, height]], 256, () => {}, () => {});
  await Promise.all(pictures.map(({ values, kind }, i) => store.receive(`${i}/0/0/0`, packed(values, kind, width))));
  return store;
}
