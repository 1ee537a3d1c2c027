function render({ model, el }) {
  const labels = model.get("labels");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const readout = document.createElement("output");
  Object.assign(input, { type: "range", min: 0, max: labels.length - 1 });
  input.dataset.lmSuppressShortcuts = true; // the arrow keys are the slider's, JupyterLab would change the cell
  readout.ariaLive = "off"; // the slider says its value itself
  label.append(model.get("description"), input);
  el.classList.add("hdrkit-slider");
  el.append(label, readout);

  const show = () => {
    input.value = model.get("value");
    readout.value = labels[model.get("value")];
    input.ariaValueText = readout.value; // a screen reader says "EV +1", not "5"
  };
  input.addEventListener("input", () => {
    model.set("value", input.valueAsNumber);
    model.save_changes();
  });
  model.on("change:value", show);
  show();
  return () => model.off("change:value", show);
}

export default { render };
