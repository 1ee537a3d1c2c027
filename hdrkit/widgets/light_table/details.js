// Below the pictures: the pixel under the pointer, PSNR and SSIM, and both histograms.

import { make } from "./dom.js";
import { histogramPicture } from "./histogram.js";
import { ANALYSED } from "./table.js";
import { decibel, pixelWords, similarity } from "./words.js";

export function details(table, store) {
  const parts = { loupe: make("div"), numbers: make("div"), histogram: make("div") };
  const element = make("div", { class: "hdrkit-lt-details" }, parts.loupe, parts.numbers, parts.histogram);
  const showLoupe = () => parts.loupe.replaceChildren(loupe(table, store));
  const showNumbers = () => parts.numbers.replaceChildren(numbers(table));
  const showHistogram = () => parts.histogram.replaceChildren(histograms(table));
  for (const name of ["analysis", ...ANALYSED]) table.model.on(`change:${name}`, showNumbers);
  for (const name of ["analysis", "histogram_scale"]) table.model.on(`change:${name}`, showHistogram);
  for (const show of [showLoupe, showNumbers, showHistogram]) show();
  return { element, showLoupe };
}

function rows(caption, head, body) {
  const cells = (tag, texts, scope) => texts.map((text, i) => make(i ? tag : "th", scope(i) ? { scope: scope(i) } : {}, text));
  return make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...cells("th", head, () => "col"))),
    make("tbody", {}, ...body.map((texts) => make("tr", {}, ...cells("td", texts, (i) => (i ? "" : "row"))))));
}

function loupe(table, store) {
  const place = table.point().map(Math.floor);
  const body = ["left", "right"].map((side) => {
    const index = table.index(side);
    store.want(index, 0, Math.floor(place[0] / store.tile), Math.floor(place[1] / store.tile));
    const found = store.pixel(index, place);
    if (!found) return [table.get(side), "…", "…", "…"];
    const words = pixelWords(found.stored, table.pictures[index], side === "left" ? table.get("push") : 0);
    const mean = found.level ? ` (mean of ${2 ** found.level} × ${2 ** found.level})` : "";
    return [table.get(side) + mean, words.encoded.join(" "), words.linear.join(" "), words.stops];
  });
  return rows(`Pixel ${place.join(", ")}${table.hover ? "" : ", in the middle"}`, ["Picture", "Encoded R G B", "Linear light R G B", "Stops from middle grey"], body);
}

function numbers(table) {
  const { pending } = table.get("analysis");
  const control = table.get("control");
  const body = (table.numbers() ?? []).flatMap((one) => [
    [`${table.shownName("left")}: ${one.what}`, decibel(one.psnr), similarity(one.ssim, pending)],
    // Held against itself, a control says nothing.
    ...(control === table.get("right") ? []
      : [[`${control}, untouched: ${one.what}`, decibel(one.control_psnr), similarity(one.control_ssim, pending)]]),
  ]);
  if (!body.length) return make("p", {}, "Measuring …");
  return rows(`Against ${table.get("right")}${scaleWords(table)}`, ["Picture", "PSNR", "SSIM"], body);
}

function scaleWords(table) {
  const full = table.get("full_size");
  return full && full[0] !== table.size[0] ? `, at ${table.size.join(" × ")} of ${full.join(" × ")} pixels` : "";
}

function histograms(table) {
  const { histograms: counts } = table.get("analysis");
  if (!counts) return make("p", {}, "");
  const of = (side) => histogramPicture(counts[side], table.get(side), table.get("histogram_scale"), table.get("response"));
  const where = table.get("rectangle").length ? "rectangle" : "whole picture";
  return make("figure", {}, of("left"), of("right"),
    make("figcaption", {}, `Histograms of the ${where}: linear light, stops from middle grey${table.get("response").length ? "; dashed: the camera's response" : ""}`));
}
