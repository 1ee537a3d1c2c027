// How the stage is divided: each pane is {clip, frame, look}. `frame`: the box in whose middle the view's pixel lies;
// `clip`: the part of it that is drawn; both [x, y, width, height] in screen pixels.

const GAP = 4;
const NARROW = 560; // CSS pixels; below it, pictures lie one above the other

// `held`: the key that shows the right picture is down; `flipped`: blink's turn of the right one.
export function panesOf(mode, [width, height], position, ratio, held, flipped) {
  const all = [0, 0, width, height];
  if (held) return [{ clip: all, frame: all, look: "right" }];
  if (mode === "side_by_side") return sideBySide(width, height, width / ratio < NARROW);
  if (mode === "divider") {
    const edge = Math.round(position * width);
    return [
      { clip: [0, 0, edge, height], frame: all, look: "left" },
      { clip: [edge, 0, width - edge, height], frame: all, look: "right" },
    ];
  }
  const look = mode === "blink" ? (flipped ? "right" : "left") : mode;
  return [{ clip: all, frame: all, look }];
}

function sideBySide(width, height, stacked) {
  const [w, h] = stacked ? [width, Math.floor((height - GAP) / 2)] : [Math.floor((width - GAP) / 2), height];
  const first = [0, 0, w, h];
  const second = stacked ? [0, h + GAP, w, h] : [w + GAP, 0, w, h];
  return [{ clip: first, frame: first, look: "left" }, { clip: second, frame: second, look: "right" }];
}

export function paneAt(panes, [x, y]) {
  const inside = ({ clip }) => x >= clip[0] && y >= clip[1] && x < clip[0] + clip[2] && y < clip[1] + clip[3];
  return panes.find(inside) ?? panes[0];
}
