"""Registration by hand: a frame over its render, six numbers to move it, and ECC to finish what the hands began."""

import html
import math
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import cv2
import ipywidgets
import numpy as np
from numpy.typing import ArrayLike

from hdrkit.brackets.registration import CRITERIA, compose, displacement, resample, stretch, structure
from hdrkit.core.errors import HdrkitError
from hdrkit.display import notation
from hdrkit.evaluation.controls import histogram_match
from hdrkit.images import srgb
from hdrkit.widgets.background import Newest
from hdrkit.widgets.light_table import compare
from hdrkit.widgets.panel import ROW, Panel
from hdrkit.widgets.slider import Slider
from hdrkit.widgets.standalone import standalone_html

FRAME, RENDER = "frame", "render"
GREY, STRUCTURE = "grey values", "structure"  # what ECC can compare
STEPS = 200  # of a slider, to each side of its middle
FARTHEST = 1 / 10  # share of the render's width that the frame can be moved by
BLUR = 5  # pixels, of the Gaussian that OpenCV's ECC puts before itself
EPSILON, MOST = CRITERIA[2], CRITERIA[1]  # gain of the coefficient below which ECC ends; iterations
PACE, LONGEST = 0.03, 2.0  # seconds per iteration, so that the eye can follow; in all
CURVE = (240, 60)  # pixels


class Numbers(NamedTuple):
    """An affine map by what it does to a frame that was stretched to the render's size, about the render's centre.

    `right`, `down`: pixels of the render. `turn`: degrees, clockwise. `width`, `height`, `shear`: per cent of the size.
    """

    right: float = 0.0
    down: float = 0.0
    turn: float = 0.0
    width: float = 100.0
    height: float = 100.0
    shear: float = 0.0


class Knob(NamedTuple):
    """A number's slider: from `middle` - `reach` to `middle` + `reach`."""

    middle: float
    reach: float
    unit: str
    decimals: int

    def place(self, number: float) -> int:
        """Return the slider's step that is nearest to a number."""
        return round(min(max((number - self.middle) / self.reach, -1), 1) * STEPS) + STEPS

    def number(self, place: int) -> float:
        """Return the number of a step."""
        return self.middle + self.reach * (place - STEPS) / STEPS

    def label(self, number: float) -> str:
        """Return a number with its unit, and with its sign where both are possible."""
        text = notation.number if self.middle else notation.signed
        return f"{text(number, self.decimals)}{self.unit}"


def knobs(width: int) -> dict[str, Knob]:
    """Return the knob of each number, for a render that is `width` pixels wide."""
    move, size = Knob(0, FARTHEST * width, " px", 1), Knob(100, 20, " %", 1)
    six = (move, move, Knob(0, 4, "°", 2), size, size, Knob(0, 4, " %", 2))
    return dict(zip(Numbers._fields, six, strict=True))


def to_map(numbers: Numbers, size: tuple[int, int], frame_size: tuple[int, int]) -> np.ndarray:
    """Return the map (float32, 2 x 3) from render pixels to frame pixels; sizes are (width, height)."""
    turn = np.radians(numbers.turn)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = rotation @ [[numbers.width / 100, numbers.shear / 100], [0, numbers.height / 100]]
    centre = (np.array(size) - 1) / 2
    moved = np.column_stack([linear, centre + numbers[:2] - linear @ centre])
    return compose(stretch(size, frame_size), cv2.invertAffineTransform(moved))


def to_numbers(to_frame: np.ndarray, size: tuple[int, int], frame_size: tuple[int, int]) -> Numbers:
    """Return the six numbers of a map from render pixels to frame pixels: what `to_map` takes."""
    moved = cv2.invertAffineTransform(compose(stretch(frame_size, size), to_frame).astype(float))
    centre = (np.array(size) - 1) / 2
    right, down = moved @ [*centre, 1] - centre
    turn = np.arctan2(moved[1, 0], moved[0, 0])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    (width, shear), (_, height) = 100 * rotation.T @ moved[:, :2]
    return Numbers(*map(float, (right, down, np.degrees(turn), width, height, shear)))


class Sight(NamedTuple):
    """What ECC compares, float32, height x width: the render is the template, the frame the sample."""

    template: np.ndarray
    sample: np.ndarray

    def coefficient(self, to_frame: np.ndarray) -> float:
        """Return the correlation of the render with the frame as a map lays it, where there is a frame: [-1, 1].

        0 where there is none, or nothing but one grey.
        """
        size = self.template.shape[::-1]
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        laid = cv2.warpAffine(self.sample, to_frame, size, flags=flags)
        there = cv2.warpAffine(np.ones(self.sample.shape, np.uint8), to_frame, size, flags=flags)
        correlation = cv2.computeECC(self.template, laid, there) if there.any() else 0.0
        return correlation if math.isfinite(correlation) else 0.0

    def iterations(self, to_frame: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
        """Yield coefficient and map after each of ECC's iterations from `to_frame` on, until it grows no more.

        Raises HdrkitError where ECC finds no way up.
        """
        once, reached = (cv2.TERM_CRITERIA_COUNT, 1, 0.0), self.coefficient(to_frame)
        for _ in range(MOST):
            last = reached
            try:
                # OpenCV's stubs forbid the None that its documentation gives for "no mask".
                _, to_frame = cv2.findTransformECC(  # type: ignore[call-overload]
                    *self, to_frame.copy(), cv2.MOTION_AFFINE, once, None, 1
                )
                reached = self.coefficient(to_frame)
            except cv2.error as error:
                raise HdrkitError("ECC finds no way from here; bring the frame closer by hand") from error
            yield reached, to_frame
            if abs(reached - last) < EPSILON:
                return


def sights(linear: np.ndarray, render: np.ndarray) -> dict[str, Sight]:
    """Return what ECC can compare: grey values, as the report's authors had it, and structure, as this kit has it.

    `linear`: the frame's light, float32, height x width x 3, [0, 1]; `render`: uint8, encoded.
    """
    encoded = srgb.encode_integers(linear, np.uint8)
    light = srgb.luminance(srgb.decode(render.astype(np.float32) / 255))
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) for picture in (render, encoded)]
    shapes = [structure(light), structure(srgb.luminance(linear))]
    return {name: _blurred(*pictures) for name, pictures in ((GREY, grey), (STRUCTURE, shapes))}


def _blurred(template: np.ndarray, sample: np.ndarray) -> Sight:
    """Blur both as OpenCV's ECC does by itself, so that it and `coefficient` see the same."""
    return Sight(*(cv2.GaussianBlur(picture, (BLUR, BLUR), 0) for picture in (template, sample)))


def curve(coefficients: Sequence[float]) -> str:
    """Draw coefficients, one per iteration, as SVG; said in words, too."""
    steps, top = np.array(coefficients), CURVE[1]
    rise = (steps - steps.min()) / max(np.ptp(steps), 1e-9)
    across = np.linspace(2, CURVE[0] - 2, len(steps))
    points = " ".join(f"{x:.0f},{y:.0f}" for x, y in zip(across, top - 2 - rise * (top - 4), strict=True))
    count = f"{len(steps) - 1} iteration" + "s" * (len(steps) != 2)
    words = f"{count}, coefficient from {steps[0]:.3f} to {steps[-1]:.3f}"
    return (
        f'<svg role="img" aria-label="ECC, {words}" width="{CURVE[0]}" height="{top}">'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
        f"<div>ECC: {words}.</div>"
    )


class ByHand(Panel):
    """A frame over its render, moved by six sliders. Made by `register_by_hand`.

    What the hands did can be read: `numbers`, the map `to_frame` (2 x 3, render pixel to frame pixel), ECC's
    `coefficient`, the `error` in pixels (NaN where the true map is not known), and the `coefficients` of ECC's last
    run, one per iteration. `table` is the light table.
    """

    def __init__(self, linear: np.ndarray, render: np.ndarray, true: np.ndarray | None):
        self._sizes = render.shape[1::-1], linear.shape[1::-1]
        self._sights, self._true = sights(linear, render), true
        # For the eye only: with the render's colours, what differs is position.
        self._coloured = histogram_match(srgb.encode_integers(linear, np.uint8), render)
        self.to_frame = to_map(Numbers(), *self._sizes)
        self.coefficients: list[float] = []
        self._lock, self._newest = threading.RLock(), Newest(self._run)
        self.table = compare({FRAME: self._laid(), RENDER: render}, reference=RENDER)
        self.table.mode = "difference"
        self._knobs = knobs(self._sizes[0][0])
        self.sliders = {name: _slider(name, knob) for name, knob in self._knobs.items()}
        self.sees = ipywidgets.Dropdown(options=list(self._sights), description="ECC sees")
        self.finish, self.again = (ipywidgets.Button(description=name) for name in ("Let ECC finish", "Start again"))
        self._said = ipywidgets.HTML()
        self._run_said = ipywidgets.HTML(layout=ipywidgets.Layout(min_height="6.5em"))  # the table below stays in place
        for name, slider in self.sliders.items():
            slider.observe(partial(self._move, name), "value")
        self.sees.observe(self._look, "value")
        self.finish.on_click(self._ask)
        self.again.on_click(self._restart)
        self._show()
        buttons = ipywidgets.HBox([self.sees, self.finish, self.again], layout=ROW)
        grid = ipywidgets.Layout(grid_template_columns="repeat(auto-fill, minmax(min(22em, 100%), 1fr))")
        hands = ipywidgets.GridBox(list(self.sliders.values()), layout=grid)
        super().__init__([hands, buttons, self._said, self._run_said, self.table], self._stands)

    @property
    def numbers(self) -> Numbers:
        """Where the frame lies, as six numbers."""
        return to_numbers(self.to_frame, *self._sizes)

    @property
    def coefficient(self) -> float:
        """ECC's coefficient, of what it is told to see."""
        return self._sights[self.sees.value].coefficient(self.to_frame)

    @property
    def error(self) -> float:
        """How far the map sends the render's pixels from their true place: the mean over the picture, in pixels."""
        return math.nan if self._true is None else float(displacement(self.to_frame, self._true, self._sizes[0]).mean())

    def wait(self) -> None:
        """Wait until ECC has finished, as programs may that click for the student."""
        self._newest.finish()

    def _laid(self) -> np.ndarray:
        return resample(self._coloured, self.to_frame, self._sizes[0])

    def _move(self, name: str, change: dict) -> None:
        """Follow a slider that the student moved; one that this panel set stands where it should."""
        with self._lock:
            numbers, knob = self.numbers, self._knobs[name]
            if change["new"] == knob.place(getattr(numbers, name)):
                return
            self._stop()
            self._set(to_map(numbers._replace(**{name: knob.number(change["new"])}), *self._sizes))

    def _look(self, _change: object) -> None:
        with self._lock:
            self._stop()
            self._show()

    def _restart(self, _button: object) -> None:
        with self._lock:
            self._stop()
            self._set(to_map(Numbers(), *self._sizes))

    def _stop(self) -> None:
        self._newest.ask(None)
        self._run_said.value = ""

    def _ask(self, _button: object) -> None:
        with self._lock:
            self._newest.ask(self.to_frame)

    def _run(self, start: np.ndarray | None) -> None:
        """Let ECC go on from `start` until it is done or half of the time is over, then show what it did."""
        if start is None:
            return
        sight, begun = self._sights[self.sees.value], time.monotonic()
        steps, ending = [(sight.coefficient(start), start)], ""
        try:
            for step in sight.iterations(start):
                steps.append(step)
                if time.monotonic() > begun + LONGEST / 2:
                    ending = "That was all the time it has; let it go on from here."
                    break
        except HdrkitError as error:
            ending = f"{error}."
        self._play(steps, ending, begun + LONGEST)

    def _play(self, steps: Sequence[tuple[float, np.ndarray]], ending: str, ends: float) -> None:
        """Show the steps one after the other, and when time is over the last one, unless something newer is asked."""
        for count, (_, to_frame) in enumerate(steps, start=1):
            last = count == len(steps)
            if time.monotonic() > ends and not last:
                continue
            with self._lock:
                if self._newest.superseded():
                    return
                self.coefficients = [coefficient for coefficient, _ in steps[:count]]
                self._set(to_frame)
                self._run_said.value = curve(self.coefficients) + (f"<div>{html.escape(ending)}</div>" if last else "")
            time.sleep(PACE)

    def _set(self, to_frame: np.ndarray) -> None:
        self.to_frame = to_frame
        self.table.replace(FRAME, self._laid())
        self._show()

    def _show(self) -> None:
        for name, number in self.numbers._asdict().items():
            self.sliders[name].value = self._knobs[name].place(number)
        self._said.value = f"<div>{self._sentence()}</div>"

    def _sentence(self) -> str:
        error = "not known, as on any real photograph"
        if self._true is not None:
            error = f"{self.error:.2f} px, the mean over the picture"
        return f"ECC coefficient of {self.sees.value}: {self.coefficient:.3f}. True error: {error}."

    def _stands(self) -> str:
        told = ", ".join(f"{name} {slider.label}" for name, slider in self.sliders.items())
        return f"{standalone_html(self.table)}<p>The frame as it was moved: {told}. {self._sentence()}</p>"


def _slider(name: str, knob: Knob) -> Slider:
    labels = [knob.label(knob.number(place)) for place in range(2 * STEPS + 1)]
    return Slider(description=name.capitalize(), labels=labels, value=STEPS)


def register_by_hand(linear: np.ndarray, render: np.ndarray, true: ArrayLike | None = None) -> ByHand:
    """Return a frame over its render, six sliders that move it, and a button that lets ECC go on from there.

    The frame starts stretched to the render's size. `linear`: its light, float32, height x width x 3, [0, 1];
    `render`: uint8, encoded, any size; `true`: the map (2 x 3) from render pixels to frame pixels, where it is known.
    Raises HdrkitError for what is no such picture or map.
    """
    for name, picture, kind in (("linear", linear, np.floating), ("render", render, np.uint8)):
        if picture.ndim != 3 or picture.shape[2] != 3 or not np.issubdtype(picture.dtype, kind):
            wanted = f"height x width x 3, {'uint8' if kind is np.uint8 else 'linear light in floating point'}"
            raise HdrkitError(f"{name}: {picture.dtype} of shape {picture.shape}; it takes {wanted}")
    if true is not None and np.shape(true) != (2, 3):
        raise HdrkitError(f"true: of shape {np.shape(true)}; a map is 2 x 3")
    return ByHand(linear.astype(np.float32, copy=False), render, None if true is None else np.asarray(true))
