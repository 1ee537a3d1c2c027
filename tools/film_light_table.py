"""Film the light table for the top of README.md: the real widget in a real Chromium, moved by its mouse.

    python tools/film_light_table.py

Writes docs/light_table.webp, which begins again where it ends, and docs/light_table.jpg, its first picture, for readers
who do not want things to move. The scene is captured for this from a panorama of the kit, with the survey's seed; the
hand moves by pictures and not by the clock. So another run gives the same film, as long as the browser draws the same.
"""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Page, sync_playwright

from hdrkit.cli.checks.browser import find_chromium
from hdrkit.core.files import DATA, written_whole
from hdrkit.dataset.alignment import align_scene
from hdrkit.dataset.survey import Survey
from hdrkit.display import notation
from hdrkit.simulation import embedded_survey
from hdrkit.widgets import compare
from hdrkit.widgets.pictures import of_scene
from hdrkit.widgets.standalone import standalone_html

FILM, STILL = (DATA.parent / "docs" / f"light_table.{ending}" for ending in ("webp", "jpg"))
SCENE = "Venice Sunset (7)"
SHOWN = (-4, -2, 0, 2, 4)  # exposure values; all nine would not fit beside each other
WIDTH, HEIGHT, EDGE = 780, 700, 3  # CSS pixels: about what GitHub has for a picture; below it, an edge
SCALE = 1.3  # pixels per CSS pixel; from 1.5 on, a square of the largest zoom has no room for its numbers
STEP = 80  # ms that a picture stands
QUALITY = 70  # of WebP
REST = (0.62, 0.75)  # where the hand waits, in shares of the stage
PIXELS = (0.5, 0.36)  # where it zooms to
ZOOM = 3100  # pixels of the wheel on this screen, from the whole picture to 62 pixels per pixel; 64 is the limit
STOPS, LIMIT, THUMB = 4, 8, 16  # of the push; of its slider, and CSS pixels of what is moved along it

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A light table</title>
<style>
  body { margin: 0 } .hdrkit-lt-stage { height: 340px !important; cursor: none !important }
  .hdrkit-light-table :focus-visible { outline: none !important } /* a ring for keys, which nobody here uses */
  #hand { position: fixed; z-index: 9; pointer-events: none; filter: drop-shadow(0 1px 2px #0008) }
</style>%s
<svg id="hand" width="20" height="26" viewBox="0 0 20 26">
  <path d="M2 1v19l5-4 3 8 4-1.600-3-8h7z" fill="white" stroke="black" stroke-width="1.500"/></svg>
<script>
  addEventListener("pointermove", ({ clientX, clientY }) => {
    document.querySelector("#hand").style.cssText = `left: ${clientX - 2}px; top: ${clientY - 1}px`;
  }, true);
</script></html>"""
# What is shown is drawn, and its numbers are there.
SETTLED = """async () => {
  const { table } = document.querySelector(".hdrkit-light-table").lightTable;
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  do await drawn(); while (!table.numbers());
}"""


class Camera:
    """Takes pictures of a page while a hand moves over it; what does not change is one picture that stands longer."""

    def __init__(self, page: Page, clip: FloatRect, hand: tuple[float, float]):
        """Take the first picture; `clip`: what is filmed, and `hand`: where the mouse is, in CSS pixels."""
        self.page, self.clip, self.hand = page, clip, hand
        self.pictures: list[Image.Image] = []
        self.counts: list[int] = []
        page.mouse.move(*hand)
        self.take()

    def take(self, count: int = 1) -> None:
        """Take what is there now as so many pictures."""
        self.page.evaluate(SETTLED)
        picture = Image.open(io.BytesIO(self.page.screenshot(clip=self.clip))).convert("RGB")
        if self.pictures and picture.tobytes() == self.pictures[-1].tobytes():
            self.counts[-1] += count
        else:
            self.pictures.append(picture)
            self.counts.append(count)

    def during(self, seconds: float, act: Callable[[float], None]) -> None:
        """Let `act` bring about each share of a movement, from just above 0 to 1, that begins and ends gently."""
        steps = round(1000 * seconds / STEP)
        for step in range(1, steps + 1):
            share = step / steps
            act(share * share * (3 - 2 * share))
            self.take()

    def move(self, seconds: float, to: tuple[float, float]) -> None:
        """Move the hand, and what it holds."""
        start = self.hand

        def act(share: float) -> None:
            self.hand = start[0] + (to[0] - start[0]) * share, start[1] + (to[1] - start[1]) * share
            self.page.mouse.move(*self.hand)

        self.during(seconds, act)

    def drag(self, *ways: tuple[float, tuple[float, float]]) -> None:
        """Hold what is under the hand, and move it: for so many seconds to each place."""
        self.page.mouse.down()
        for seconds, to in ways:
            self.move(seconds, to)
        self.page.mouse.up()

    def zoom(self, seconds: float, pixels: float) -> None:
        """Turn the wheel; the light table must have been clicked."""
        turned = 0.0

        def act(share: float) -> None:
            nonlocal turned
            self.page.mouse.wheel(0, turned - share * pixels)
            turned = share * pixels

        self.during(seconds, act)

    def wait(self, seconds: float) -> None:
        """Let what is there stand."""
        self.take(round(1000 * seconds / STEP))


def open_table(page: Page, folder: Path) -> None:
    """Show some frames of the scene and its render on a page of their own."""
    survey = Survey(embedded_survey.capture(folder / "survey", scenes=[SCENE]))
    wanted = [*map(notation.ev, SHOWN), "render"]
    pictures = of_scene(align_scene(survey.scenes[0]))
    table = compare({name: pictures[name] for name in wanted}, "render")
    table.left, table.right, table.mode = notation.ev(-STOPS), notation.ev(0), "divider"
    (folder / "table.html").write_text(PAGE % standalone_html(table), encoding="utf-8")
    page.goto((folder / "table.html").as_uri())
    page.wait_for_function("document.querySelector('.hdrkit-light-table')?.lightTable.stage.frames > 0")


def place(page: Page, selector: str, across: float, down: float) -> tuple[float, float]:
    """Return a place in an element, given in shares of its width and height, in CSS pixels of the page."""
    box = page.locator(selector).bounding_box()
    assert box, selector
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def film(page: Page) -> Camera:
    """Move the divider, push the dark frame, look at its pixels, and take all of it back."""
    stage, name = ".hdrkit-lt-stage", ".hdrkit-lt-face strong >> nth=0"
    rest, middle, spot = (place(page, stage, *at) for at in (REST, (0.5, 0.5), PIXELS))
    slider = page.get_by_role("slider", name="Push").bounding_box()
    assert slider
    none = slider["x"] + slider["width"] / 2, slider["y"] + slider["height"] / 2
    pushed = none[0] + STOPS / LIMIT * (slider["width"] - THUMB) / 2, none[1]
    camera = Camera(page, {"x": 0, "y": 0, "width": WIDTH, "height": place(page, name, 1, 1)[1] + EDGE}, rest)
    camera.wait(0.6)
    camera.move(0.5, middle)
    camera.drag((0.7, place(page, stage, 0.3, 0.5)), (1.1, place(page, stage, 0.7, 0.5)), (0.7, middle))
    camera.move(0.5, none)
    camera.drag((1, pushed))
    camera.wait(0.5)
    camera.move(0.4, spot)
    page.mouse.click(*spot)
    camera.zoom(1.4, ZOOM)
    camera.wait(1.5)
    camera.zoom(1.2, -ZOOM)
    camera.move(0.4, pushed)
    camera.drag((0.7, none))
    camera.move(0.4, rest)
    return camera


def write(camera: Camera) -> None:
    """Write the film and its first picture."""
    first, *others = camera.pictures
    durations = [count * STEP for count in camera.counts]
    with written_whole(FILM) as path:
        first.save(path, "WEBP", save_all=True, append_images=others, duration=durations, loop=0, quality=QUALITY,
                   method=6)  # fmt: skip
    with written_whole(STILL) as path:
        first.save(path, "JPEG", quality=90)
    print(f"Written: {FILM}, {sum(durations) / 1000:.1f} s, {FILM.stat().st_size / 2**20:.2f} MB; {STILL}")


def main() -> None:
    """Show the light table, film it, and write the film."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium())
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
        open_table(page, Path(folder))
        camera = film(page)
    write(camera)


if __name__ == "__main__":
    main()
