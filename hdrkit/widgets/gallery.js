// Pictures to choose from: a listbox. Arrow keys go from one to the next, a click, Enter or the space bar chooses.

function render({ model, el }) {
  const list = document.createElement("div");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", model.get("description"));
  list.dataset.lmSuppressShortcuts = true; // the arrow keys are the gallery's, JupyterLab would change the cell
  el.classList.add("hdrkit-gallery");
  el.append(list);
  const choose = (place) => {
    model.set("value", place);
    model.save_changes();
  };
  const options = model.get("pictures").map((picture, place) => option(picture, () => choose(place)));

  const reach = (option) => list.querySelectorAll("button").forEach((button) => (button.tabIndex = button === option ? 0 : -1));
  const mark = () => {
    options.forEach((button, place) => button.setAttribute("aria-selected", place === model.get("value")));
    const chosen = options[model.get("value")];
    reach(chosen.isConnected ? chosen : list.firstElementChild);
  };
  const show = () => {
    const order = model.get("order");
    order.forEach((place) => {
      const caption = model.get("captions")[place];
      options[place].lastChild.textContent = caption;
      options[place].setAttribute("aria-label", `${model.get("names")[place]}: ${caption}`);
      options[place].title = model.get("names")[place];
    });
    list.replaceChildren(...order.map((place) => options[place]));
    list.scrollTop = 0;
    mark();
  };
  list.addEventListener("keydown", (event) => {
    const target = neighbour([...list.children], event.target, event.key);
    if (!target) return;
    event.preventDefault();
    reach(target);
    target.focus();
  });
  model.on("change:order change:captions", show);
  model.on("change:value", mark);
  show();
  return () => {
    model.off("change:order change:captions", show);
    model.off("change:value", mark);
  };
}

function option(picture, choose) {
  const button = document.createElement("button");
  const image = document.createElement("img");
  const address = URL.createObjectURL(new Blob([picture], { type: "image/jpeg" }));
  Object.assign(image, { src: address, alt: "", onload: () => URL.revokeObjectURL(address) });
  Object.assign(button, { type: "button", onclick: choose });
  button.setAttribute("role", "option");
  button.append(image, document.createElement("span"));
  return button;
}

// The option that a key leads to: beside this one, in the row above or below, or at an end.
function neighbour(options, from, key) {
  const at = options.indexOf(from);
  const row = options.findIndex((other) => other.offsetTop > options[0].offsetTop);
  const across = row < 0 ? options.length : row;
  const to = {
    ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - across, ArrowDown: at + across, Home: 0, End: options.length - 1,
  }[key];
  return options[to];
}

export default { render };
