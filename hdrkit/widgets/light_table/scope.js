// A model as one view of it sees it: whatever the view listens to ends with the view.

export function scope(model) {
  const listening = [];
  return {
    get: (name) => model.get(name),
    set: (name, value) => model.set(name, value),
    save_changes: () => model.save_changes(),
    send: (message) => model.send(message),
    on(event, listener) {
      listening.push([event, listener]);
      model.on(event, listener);
    },
    end() {
      for (const [event, listener] of listening) model.off(event, listener);
    },
  };
}
