"""A light table as HTML that needs no kernel and no network: smaller pictures, all their tiles, and the same modules.

Where scripts are taken out, as on GitHub, a picture of the pair stays.
"""

import base64
import hashlib
import json
import math
from collections import ChainMap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hdrkit.core.files import written_whole
from hdrkit.core.workers import opencv_workers
from hdrkit.display import notation
from hdrkit.images import jpeg
from hdrkit.images.composition import beside
from hdrkit.widgets import markup, pyramid
from hdrkit.widgets.analysis import pushed
from hdrkit.widgets.modules import ENTRY, SOURCES, STYLE, joined

if TYPE_CHECKING:
    from hdrkit.widgets.light_table import LightTable

LARGEST = 1_500_000  # bytes
TIGHT = 0.9  # share of the room that is used well
ATTEMPTS = 6
STILL_WIDTH, GAP, QUALITY = 480, 8, 80  # of the static picture: pixels of each half, between them; of JPEG
SAME = (  # traits that do not depend on the size
    *("tile_size", "reference", "control", "left", "right", "mode", "position", "push", "overlay"),
    *("error_range", "blink_seconds", "histogram_scale", "response"),
)
# A page may hold one table twice: each script takes the first that none has taken.
MOUNT = """{
  const figure = document.querySelector("#%s:not([data-mounted])");
  figure.dataset.mounted = "";
  const state = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  mountStandalone(figure.querySelector(".hdrkit-light-table-mount"), state);
}"""


def standalone_html(table: "LightTable") -> str:
    """Return a table as it stands as HTML of at most 1.5 MB, its pictures as large as fits, never enlarged."""
    still, modules, css = _still(table), joined(SOURCES, ENTRY), STYLE.read_text(encoding="utf-8")
    state = _state(table)
    frame = _page("", still, css, "", modules)
    room = LARGEST - len(frame.encode()) - len(_json(state).encode()) - 1000
    size, tiles = _largest(list(table.sparse.values()), room)
    text = _json(state | _at_size(table, size) | {"tiles": tiles})
    return _page(f"hdrkit-{hashlib.sha256(text.encode()).hexdigest()[:12]}", still, css, text, modules)


def keep(table: "LightTable", out: str | Path, name: str) -> None:
    """Keep a table as it stands as <out>/figures/<name>.html, for report.html."""
    with written_whole(Path(out) / "figures" / f"{name}.html") as temporary:
        temporary.write_text(standalone_html(table), encoding="utf-8")


def _page(identity: str, still: str, css: str, state: str, modules: str) -> str:
    return (
        f'<figure class="hdrkit-standalone" id="{identity}"><style>{css}</style>'
        f'<div class="hdrkit-light-table-mount">{still}</div>'
        f'<script type="application/json" data-hdrkit>{state}</script>'
        f'<script type="module" data-hdrkit>\n{modules}\n{MOUNT % identity}\n</script></figure>'
    )


def _state(table: "LightTable") -> dict:
    """Return the part of the state that is the same at any size."""
    pictures = [picture | {"thumb": _text(picture["thumb"])} for picture in table.pictures]
    return {name: getattr(table, name) for name in SAME} | {"pictures": pictures, "analysis": {}}


def _at_size(table: "LightTable", size: tuple[int, int]) -> dict:
    """Return the part of the state that counts pixels, in those of the smaller pictures."""
    scale = size[0] / table.size[0]
    x, y, zoom = table.view
    ends = [round(value * scale) for value in _corners(table.rectangle)]
    rectangle = [ends[0], ends[1], max(1, ends[2] - ends[0]), max(1, ends[3] - ends[1])] if ends else []
    return {
        "size": list(size),
        "full_size": list(table.size),
        "scale": scale,
        "view": [x * scale, y * scale, zoom / scale],
        "rectangle": rectangle,
    }


def _corners(rectangle: list[int]) -> list[int]:
    if not rectangle:
        return []
    x, y, width, height = rectangle
    return [x, y, x + width, y + height]


def _largest(pictures: Sequence[np.ndarray], room: int) -> tuple[tuple[int, int], dict[str, str]]:
    """Return (width, height) of the largest pictures whose tiles fit into `room` bytes of JSON, and these tiles."""
    height, width = pictures[0].shape[:2]
    whole = sum(picture.nbytes for picture in pictures)
    scale = min(1.0, math.sqrt(room / whole))  # of photographs, tiles in text take about as many bytes as pixels
    best: tuple[tuple[int, int], dict[str, str]] = ((0, 0), {})
    for _ in range(ATTEMPTS):
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        tiles = _all_tiles(pictures, size)
        used = len(json.dumps(tiles))
        if used <= room and size > best[0]:
            best = (size, tiles)
        if used <= room and (scale == 1 or used > TIGHT * room):
            break
        scale = min(1.0, scale * math.sqrt(room / used) * 0.98)
    return best


def _all_tiles(pictures: Sequence[np.ndarray], size: tuple[int, int]) -> dict[str, str]:
    def tiles_of(index: int) -> dict[str, str]:
        small = pyramid.resized(pictures[index], *size)
        return {
            f"{index}/{level}/{x}/{y}": _text(pyramid.pack(pyramid.tile(small, level, x, y)))
            for level in range(len(pyramid.level_sizes(*size)))
            for x, y in pyramid.places(size, level)
        }

    with opencv_workers() as pool:
        return dict(ChainMap(*pool.map(tiles_of, range(len(pictures)))))


def _still(table: "LightTable") -> str:
    """Return the picture that stands there until a script runs: left and right beside each other, and what they are."""
    halves = [_shown(table, table.left, table.push), _shown(table, table.right, 0.0)]
    both = beside(*halves, gap=GAP)
    size = {"width": both.shape[1], "height": both.shape[0], "style": "max-width: 100%; height: auto"}
    return markup.picture(jpeg.encode(both, QUALITY), _sentence(table), **size)


def _shown(table: "LightTable", name: str, push: float) -> np.ndarray:
    sparse = table.sparse[name]
    height, width = sparse.shape[:2]
    scale = min(1.0, STILL_WIDTH / width)
    small = pyramid.resized(sparse, max(1, round(width * scale)), max(1, round(height * scale)))
    return pyramid.from_light(pyramid.to_light(pushed(small, push)), np.dtype(np.uint8))


def _sentence(table: "LightTable") -> str:
    about = {picture["name"]: picture for picture in table.pictures}
    by = f", pushed by {notation.stops(table.push)} stops" if table.push else ""
    psnr = table.numbers(with_ssim=False).psnr[0]
    ratio = "they are identical" if math.isinf(psnr) else f"PSNR {psnr:.1f} dB"
    left, right = (_described(about[name]) for name in (table.left, table.right))
    return f"On the left {left}{by}; on the right {right}; {ratio}"


def _described(picture: dict) -> str:
    detail = f"{picture['detail']}, " if picture["detail"] else ""
    bright = "brighter than white" if picture["linear"] else "clipped"
    return f"{picture['name']} ({detail}{picture['clipped']:.0%} {bright}, {picture['under']:.0%} under-exposed)"


def _json(value: dict) -> str:
    """Return JSON that no text in it can end the script of."""
    return json.dumps(value).replace("<", "\\u003c")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
