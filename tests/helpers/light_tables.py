"""Light tables in a browser, and NumPy's own picture of what they should show."""

import base64

import cv2
import matplotlib
import numpy as np

from hdrkit.images import srgb
from hdrkit.widgets import Picture
from hdrkit.widgets.standalone import standalone_html

KINDS = ("uint8", "uint16", "float32")
MODES = ("side_by_side", "divider", "blink", "difference", "error")
SIZE = (280, 120)  # width and height of the pictures: two tiles
GAP = 4  # screen pixels between two pictures that lie side by side
BACKGROUND = 41
CLIPPED, UNDER = (230, 159, 0), (0, 114, 178)
DIFFERENCE = np.array([(0, 68, 136), (0, 114, 178), (245, 245, 245), (213, 94, 0), (136, 46, 0)])
ROOT = ".hdrkit-light-table"
DRAWN = f"document.querySelector('{ROOT}')?.lightTable.stage.frames > 0"
# The pane's size depends on the mode, and the view that has a pixel in its corner on the pane's size.
SHOW = """(table.set(given[0]), (([left, top], zoom, [width, height]) =>
    table.set({ view: [left + width / 2 / zoom, top + height / 2 / zoom, zoom] })
)(given[1], given[2], stage.panes()[0].frame.slice(2)))"""
# What was drawn may change the layout, and that is drawn again; a table that blinks never comes to rest.
SETTLED = f"""(async () => {{
    const {{ stage }} = document.querySelector("{ROOT}").lightTable;
    let drawn = -1;
    for (let tries = 0; drawn !== stage.frames && tries < 10; tries++) {{
        drawn = stage.frames;
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    }}
}})()"""
# The mean of what the light table holds of its first picture, its first 256 x 256 pixels.
HELD = """() => {
    const { store } = document.querySelector(".hdrkit-light-table").lightTable;
    const data = store.get(0, 0, 0, 0)?.data ?? [];
    return data.reduce((sum, value) => sum + value, 0) / data.length;
}"""


def make_pictures(kind="uint8", size=SIZE, seed=0):
    """Return noise, from black to clipped, two stops darker ("dark"), as metered, and rendered."""
    light = np.random.default_rng(seed).lognormal(-2, 1.5, (size[1], size[0], 3)).astype(np.float32)
    shown = {"dark": (light / 4, -2, 1 / 250), "metered": (light, 0, 1 / 60), "render": (light**0.7 * 0.6, None, None)}
    return {name: Picture(stored(light, kind), ev, seconds) for name, (light, ev, seconds) in shown.items()}


def stored(light, kind):
    """Return linear light as an array of a kind."""
    if kind == "float32":
        return light.astype(np.float32)
    return np.round(srgb.encode(light) * np.iinfo(kind).max).astype(kind)


def write_page(path, *tables):
    """Write a page that shows tables without a kernel; return its address."""
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A light table</title></head><body>'
    body = "".join(map(standalone_html, tables))
    path.write_text(f"{head}<main><h1>A light table</h1>{body}</main></body></html>", encoding="utf-8")
    return path.as_uri()


class ShownTable:
    """A light table on a page, as a test reads and sets it."""

    def __init__(self, page):
        """Wait until the page's table is drawn."""
        self.page = page
        page.wait_for_function(DRAWN)
        page.evaluate(f"document.querySelector('{ROOT}').lightTable.ready")
        self.stage = page.locator(".hdrkit-lt-stage")
        self.settle()

    def visible(self, selector, script):
        """Return what JavaScript makes of the visible elements of a selector.

        In one step: what a locator has found may be drawn anew before the locator reads it.
        """
        found = "[...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())"
        return self.page.evaluate(f"(selector) => ({script})({found})", selector)

    def settle(self):
        """Wait until what was changed is drawn."""
        self.page.evaluate(SETTLED)

    def run(self, script, argument=None):
        """Return what JavaScript makes of `table`, `stage` and an argument `given`."""
        start = f"const {{ table, stage, store }} = document.querySelector('{ROOT}').lightTable;"
        return self.page.evaluate(f"given => {{ {start} return {script}; }}", argument)

    def get(self, name):
        return self.run("table.get(given)", name)

    def set(self, **values):
        self.run("table.set(given)", values)
        self.settle()

    def show(self, corner=(0, 0), zoom=4, **values):
        """Set state, and the pixel of the picture that lies in the corner of each pane; far enough inside, exactly."""
        self.run(SHOW, [values, corner, zoom])
        self.settle()

    def picture_at(self, place):
        """Return where in the picture a place of the page lies, [x, y] in pixels."""
        box = self.stage.bounding_box()
        at = [place[0] - box["x"], place[1] - box["y"]]
        view, frame = self.run("[table.view(), stage.panes()[0].frame]")
        corner = [round(length / 2 - centre * view[2]) for length, centre in zip(frame[2:], view[:2], strict=True)]
        return [(a - start) / view[2] for a, start in zip(at, corner, strict=True)]

    def canvas(self, which="canvas"):
        """Return what a canvas of the stage ("canvas", or "over") shows, as RGB, of "over" as RGBA."""
        return decoded(self.run(f"stage.{which}.toDataURL()").split(",")[1], with_alpha=which == "over")

    def middle(self, pane=0):
        """Return the place of a pane's middle on the page, (x, y) in CSS pixels."""
        box = self.stage.bounding_box()
        x, y, width, height = self.run("stage.panes()[given].clip", pane)
        return box["x"] + x + width / 2, box["y"] + y + height / 2


def decoded(png, with_alpha=False):
    """Return the picture of a PNG in base64: height x width x RGB, or RGBA."""
    image = cv2.imdecode(np.frombuffer(base64.b64decode(png), np.uint8), cv2.IMREAD_UNCHANGED)
    alpha = image.shape[2] == 4
    return cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA if alpha else cv2.COLOR_BGR2RGB)[..., : 4 if with_alpha else 3]


def painted(table, pictures):
    """Return the whole canvas as it should be, by the state of a table, at a zoom without anything between pixels."""
    names = ("left", "right", "mode", "position", "push", "overlay", "view", "error_range")
    state = table.run("Object.fromEntries(given.map((name) => [name, table.get(name)]))", names)
    held, flipped = table.run("[table.held, table.flipped]")
    width, height = table.run("[stage.canvas.width, stage.canvas.height]")
    canvas = np.full((height, width, 3), BACKGROUND, float)
    both = (encoded(pictures[state["left"]].array, state["push"]), encoded(pictures[state["right"]].array))
    for look, clip, frame in _panes("held" if held else state["mode"], state["position"], flipped, width, height):
        rows, columns, place = _indices(state["view"], both[0].shape, frame)
        left, right = (picture[rows, columns] for picture in both)
        pane = canvas[frame[1] : frame[1] + frame[3], frame[0] : frame[0] + frame[2]]
        image = _look(look, left, right, state, [axis + start for axis, start in zip(place, frame[1::-1], strict=True)])
        target = (place[0][:, None], place[1][None, :])
        inside = (place[1] + frame[0] >= clip[0]) & (place[1] + frame[0] < clip[0] + clip[2])
        pane[target[0], target[1][:, inside]] = image[:, inside]
    return canvas


def _panes(mode, position, flipped, width, height):
    whole = (0, 0, width, height)
    if mode == "side_by_side":
        half = (width - GAP) // 2
        boxes = [("left", (0, 0, half, height)), ("right", (half + GAP, 0, half, height))]
        return [(look, box, box) for look, box in boxes]
    if mode == "divider":
        edge = int(position * width + 0.5)
        return [("left", (0, 0, edge, height), whole), ("right", (edge, 0, width - edge, height), whole)]
    looks = {"blink": "right" if flipped else "left", "held": "right"}
    return [(looks.get(mode, mode), whole, whole)]


def _indices(view, shape, frame):
    """Return rows and columns of the picture (as for `np.ix_`) and where in the frame they are shown."""
    axes, places = [], []
    for centre, length, pane in zip(view[1::-1], shape[:2], frame[:1:-1], strict=True):
        seen = pane / view[2]  # no view goes beyond the picture's edges
        centre = length / 2 if seen >= length else np.clip(centre, seen / 2, length - seen / 2)
        start = np.floor(pane / 2 - centre * view[2] + 0.5)
        at = np.floor((np.arange(pane) + 0.5 - start) / view[2]).astype(int)
        inside = (at >= 0) & (at < length)
        axes.append(at[inside])
        places.append(np.flatnonzero(inside))
    return *np.ix_(*axes), places


def _look(look, left, right, state, place):
    if look in ("left", "right"):
        return _with_what_is_lost(left if look == "left" else right, state["overlay"], place)
    apart = 255 * (left - right)
    if look == "difference":
        return _coloured(DIFFERENCE, 0.5 + apart.mean(axis=-1) / (2 * state["error_range"]))
    viridis = 255 * matplotlib.colormaps["viridis"](np.linspace(0, 1, 10))[:, :3]
    return _coloured(viridis, np.abs(apart).mean(axis=-1) / state["error_range"])


def encoded(array, push=0.0):
    """Return a picture sRGB-encoded in [0, 1], with 2^push times its light."""
    if array.dtype == np.float32:
        return srgb.encode(array.astype(np.float16).astype(np.float64) * 2**push)
    values = array / float(np.iinfo(array.dtype).max)
    return srgb.encode(srgb.decode(values) * 2**push) if push else values


def _coloured(colours, place):
    steps = np.linspace(0, 1, len(colours))
    return np.stack([np.interp(place, steps, channel) for channel in colours.T], axis=-1)


def _with_what_is_lost(image, overlay, place):
    shown = 255 * image
    if overlay == "off":
        return shown
    value = image.max(axis=-1) if overlay == "any" else image[..., ["red", "green", "blue"].index(overlay)]
    row, column = np.ix_(*place)
    shown[(value >= 250 / 255 - 1e-6) & ((column + row) % 8 < 4)] = CLIPPED
    shown[(value <= 25 / 255 + 1e-6) & ((column - row) % 8 < 4)] = UNDER
    return shown


def assert_alike(shown, wanted, levels=4, share=0.001):
    """Compare pictures: but for a share of pixels, which lie on a limit, no channel is so many levels apart."""
    assert shown.shape == wanted.shape
    apart = np.abs(shown - wanted).max(axis=-1)
    wrong = (apart > levels).mean()
    assert wrong <= share, f"{wrong:.2%} of the pixels are wrong, by up to {apart.max():.0f} levels"
