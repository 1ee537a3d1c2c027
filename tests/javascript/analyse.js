// For test_javascript.py: what analysis.js says of pictures that come as JSON on the standard input.

import { readFileSync } from "node:fs";
import { analysed } from "../../hdrkit/widgets/light_table/analysis.js";
import { TileStore } from "../../hdrkit/widgets/light_table/tiles.js";

const { pictures, size, tile, tiles, asked } = JSON.parse(readFileSync(0, "utf8"));
const store = new TileStore(pictures, [size], tile, () => {}, () => {});
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
await Promise.all(Object.entries(tiles).map(([name, text]) => store.receive(name, bytes(text))));
console.log(JSON.stringify(analysed(store, asked)));
