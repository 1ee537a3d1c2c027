// All pictures, small: what they are, what they lost, and which of them lie on the left and on the right.

import { button, make } from "./dom.js";
import { lostTitle, lostWords } from "./words.js";

export function filmstrip(table) {
  const element = make("ol", { class: "hdrkit-lt-filmstrip", "aria-label": "Pictures" });
  let items = [];
  const show = () => items.forEach((one, index) => one.show(index));
  const rebuild = () => {
    items = table.pictures.map((picture, index) => item(table, picture, index));
    element.replaceChildren(...items.map((one) => one.element));
    show();
  };
  for (const side of ["left", "right"]) table.model.on(`change:${side}`, show);
  table.model.on("change:pictures", rebuild);
  rebuild();
  return element;
}

function item(table, picture, index) {
  const address = URL.createObjectURL(new Blob([picture.thumb], { type: "image/jpeg" }));
  const image = make("img", { src: address, alt: "", onload: () => URL.revokeObjectURL(address) });
  const choose = (side) => button(side === "left" ? "L" : "R", `${picture.name} on the ${side}`, () => table.choose(side, index));
  const sides = { left: choose("left"), right: choose("right") };
  const facts = [picture.detail, ...lostWords(picture)].filter(Boolean);
  const take = (event) => table.choose(event.shiftKey ? "right" : "left", index);
  // The buttons say all of it to those who cannot see the picture.
  const face = make("div", { class: "hdrkit-lt-face", title: lostTitle(picture), onclick: take }, image, make("strong", {}, picture.name),
    ...facts.map((fact) => make("small", {}, fact)));
  const element = make("li", {}, face, make("span", { class: "hdrkit-lt-sides" }, sides.left, sides.right));
  const show = () => {
    for (const [side, one] of Object.entries(sides)) one.setAttribute("aria-pressed", table.index(side) === index);
  };
  return { element, show };
}
