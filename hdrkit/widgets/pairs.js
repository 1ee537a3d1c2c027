function render({ model, el }) {
  const list = document.createElement("ol");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  el.classList.add("hdrkit-pairs");
  el.append(list, status);
  const items = model.get("names").map((name, place) => item(name, model.get("pictures")[place], () => model.send({ place })));
  list.append(...items.map(({ element }) => element));

  const show = () => {
    items.forEach(({ button, told }, place) => {
      button.setAttribute("aria-pressed", model.get("pressed")[place]);
      told.textContent = model.get("told")[place];
    });
    status.textContent = model.get("status");
  };
  model.on("change:pressed change:told change:status", show);
  show();
  return () => model.off("change:pressed change:told change:status", show);
}

function item(name, picture, mark) {
  const element = document.createElement("li");
  const button = document.createElement("button");
  const image = document.createElement("img");
  const told = document.createElement("small");
  const address = URL.createObjectURL(new Blob([picture], { type: "image/jpeg" }));
  Object.assign(image, { src: address, alt: "", onload: () => URL.revokeObjectURL(address) });
  Object.assign(button, { type: "button", onclick: mark });
  button.append(image, name);
  element.append(button, told);
  return { element, button, told };
}

export default { render };
