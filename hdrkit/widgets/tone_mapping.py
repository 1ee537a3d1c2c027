"""The multi-exposure baselines with their parameters as sliders, and PSNR in both arithmetics as they move."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import ipywidgets
import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.vocabulary import FUSIONS
from hdrkit.dataset.alignment import AlignedScene
from hdrkit.display import figures, notation
from hdrkit.evaluation import metrics
from hdrkit.fusion import baselines
from hdrkit.widgets import markup
from hdrkit.widgets.light_table import LightTable, compare
from hdrkit.widgets.panel import ROW, Panel
from hdrkit.widgets.pictures import reference_name
from hdrkit.widgets.slider import Slider
from hdrkit.widgets.standalone import standalone_html

# What can be moved: lowest value, highest, step. The names are OpenCV's.
GAMMA, SATURATION, WEIGHT, SHARE = (0.5, 4, 0.1), (0, 4, 0.1), (0, 4, 0.5), (0, 1, 0.05)
RANGES: dict[str, dict[str, tuple[float, float, float]]] = {
    "debevec_reinhard": {
        "gamma": GAMMA,
        "intensity": (-8, 8, 0.5),
        "light_adaptation": SHARE,
        "color_adaptation": SHARE,
    },
    "debevec_drago": {"gamma": GAMMA, "saturation": SATURATION, "bias": (0.05, 1, 0.05)},
    "debevec_mantiuk": {"gamma": GAMMA, "scale": (0.1, 2, 0.1), "saturation": SATURATION},
    "mertens": {"contrast_weight": WEIGHT, "saturation_weight": WEIGHT, "exposure_weight": WEIGHT},
}
FUSED = "fused"  # its name on the light table
LAST = 200  # pictures whose scores are kept in sight
NOISE = float(20 * np.log10(255 / np.sqrt(np.mean(np.arange(256) ** 2 % 256))))  # dB of noise, wrapping
TOP = 40  # dB, the end of the chart


class Scores(NamedTuple):
    """PSNR of one picture in dB, in correct arithmetic and as uint8 wraps around."""

    correct: float
    wrapping: float


class Fusion:
    """All frames of a scene, ready to be fused again and again: what takes longest, the radiance map, is merged once.

    Raises HdrkitError where the frames cannot be merged, as `baselines.radiance` does.
    """

    def __init__(self, scene: AlignedScene):
        self.scene = scene
        self._light = baselines.radiance(scene.frames, scene.times)

    def picture(self, method: str, parameters: Mapping[str, float]) -> np.ndarray:
        """Return what a method of `baselines.METHODS` makes of the frames: uint8, height x width x 3.

        Raises HdrkitError where its operator gives up.
        """
        if method in baselines.TONE_MAPPINGS:
            return baselines.tone_map(self._light, method, **parameters)
        return baselines.fuse(self.scene.frames, self.scene.times, method, **parameters)

    def scores(self, picture: np.ndarray) -> Scores:
        """Return both PSNRs of a picture against the scene's render."""
        render = self.scene.render
        return Scores(metrics.psnr(picture, render, data_range=255), metrics.psnr_wrapping_uint8(picture, render))

    def sweep(self, method: str, name: str) -> list[Scores]:
        """Return the scores of all values of one parameter, the others being the kit's."""
        own = kits_own(method)
        return [self.scores(self.picture(method, own | {name: value})) for value in steps(*RANGES[method][name])]


def steps(low: float, high: float, step: float) -> list[float]:
    """Return all values of a slider, both ends included.

    >>> steps(0, 1, 0.25)
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    return [round(low + i * step, 6) for i in range(round((high - low) / step) + 1)]


def kits_own(method: str) -> dict[str, float]:
    """Return the values that the kit gives the parameters of a method in `RANGES`: the authors', or OpenCV's."""
    return {name: round(baselines.parameter(method, name), 6) for name in RANGES[method]}


def spread(history: Sequence[Scores]) -> str:
    """Say between which scores the pictures so far lie, in both arithmetics."""
    correct, wrapping = (np.array(values) for values in zip(*history, strict=True))
    return (
        f"{len(history)} pictures: correct arithmetic from {correct.min():.1f} to {correct.max():.1f} dB, "
        f"wrapping arithmetic from {wrapping.min():.1f} to {wrapping.max():.1f} dB"
    )


def chart(history: Sequence[Scores]) -> str:
    """Return an SVG with a dot for each picture's score, a row for each arithmetic; the last picture's is large."""
    rows = [("correct", figures.BLUE, 22), ("wrapping", figures.VERMILION, 52)]
    marks = [_text(110 + _at(db), 92, f"{db} dB") for db in range(0, TOP + 1, 10)]
    marks.append(f'<path d="M{110 + _at(NOISE):.1f} 6V76" stroke="currentColor" stroke-dasharray="3 3"/>')
    for arithmetic, colour, y in rows:
        marks.append(_text(100, y + 4, arithmetic, "end"))
        marks.append(f'<path d="M110 {y}H510" stroke="currentColor" opacity="0.3"/>')
        for scores in history:
            radius, opacity = (7, 1) if scores is history[-1] else (4, 0.35)
            x = 110 + _at(getattr(scores, arithmetic))
            marks.append(f'<circle cx="{x:.1f}" cy="{y}" r="{radius}" fill="{colour}" opacity="{opacity}"/>')
    alt = f"{spread(history)}; the dashed line is what noise scores by the latter, {NOISE:.1f} dB"
    return markup.drawing(marks, alt, 540, 100)


class Controls(ipywidgets.VBox):
    """A method to choose, and a slider for each of its parameters; calls `changed` when one is moved."""

    def __init__(self, changed: Callable[[], None]):
        self._changed = changed
        self.method = ipywidgets.Dropdown(options=[(FUSIONS[key], key) for key in RANGES], description="Method")
        self.sliders = {key: {name: _slider(key, name) for name in RANGES[key]} for key in RANGES}
        self.reset = ipywidgets.Button(description="The kit's parameters", layout=ipywidgets.Layout(width="auto"))
        self.method.observe(self._choose, "value")
        for slider in (slider for of_one in self.sliders.values() for slider in of_one.values()):
            slider.observe(lambda _change: changed(), "value")
        self.reset.on_click(self._restore)
        super().__init__()
        self._show()

    @property
    def parameters(self) -> dict[str, float]:
        """The values of the chosen method's parameters, by name."""
        chosen = self.method.value
        return {name: steps(*RANGES[chosen][name])[slider.value] for name, slider in self.sliders[chosen].items()}

    def _show(self) -> None:
        head = ipywidgets.HBox([self.method, self.reset], layout=ROW)
        self.children = [head, *self.sliders[self.method.value].values()]

    def _choose(self, _change: object) -> None:
        self._show()
        self._changed()

    def _restore(self, _button: object) -> None:
        for name, slider in self.sliders[self.method.value].items():
            slider.value = _place(self.method.value, name)


def tone_mapper(scene: AlignedScene) -> Panel:
    """Return the methods of `baselines` on a scene, their parameters as sliders, the picture beside the render.

    Raises HdrkitError where the scene's frames cannot be merged.
    """
    fusion = Fusion(scene)
    history: list[Scores] = []
    text = ipywidgets.HTML()

    def show() -> None:
        try:
            picture = fusion.picture(controls.method.value, controls.parameters)
        except HdrkitError as error:
            text.value = f"<p>{html.escape(str(error))}</p>"
            return
        history[:] = [*history, fusion.scores(picture)][-LAST:]
        table.replace(FUSED, picture)
        text.value = _told(history)

    def still() -> str:
        swept = fusion.sweep("debevec_reinhard", "intensity")
        text = "Small dots: Reinhard's intensity, moved from −8 to 8. Large: the picture below."
        return f"<p>{text}</p>{_told([*swept, *history[-1:]])}{standalone_html(table)}"

    controls = Controls(show)
    table = _table(scene, fusion.picture(controls.method.value, controls.parameters))
    show()
    return Panel([ipywidgets.HBox([controls, text], layout=ROW), table], still)


def _table(scene: AlignedScene, fused: np.ndarray) -> LightTable:
    metered = scene.nearest(0)
    control = notation.ev(scene.evs[metered])
    reference = reference_name(scene)
    table = compare({FUSED: fused, reference: scene.render, control: scene.frames[metered]}, reference, control)
    table.left = FUSED
    return table


def _slider(method: str, name: str) -> Slider:
    low, high, step = RANGES[method][name]
    decimals = 2 if step < 0.1 else 1
    labels = [notation.number(value, decimals) for value in steps(low, high, step)]
    return Slider(description=name.replace("_", " ").capitalize(), labels=labels, value=_place(method, name))


def _place(method: str, name: str) -> int:
    """Return where on its slider the kit's own value of a parameter stands."""
    return steps(*RANGES[method][name]).index(kits_own(method)[name])


def _told(history: Sequence[Scores]) -> str:
    last = history[-1]
    return (
        f"{chart(history)}<p>PSNR against the render: <b>{last.correct:.1f} dB</b> in correct arithmetic, "
        f"<b>{last.wrapping:.1f} dB</b> in that of the report's code.<br>{spread(history)}.</p>"
    )


def _at(decibel: float) -> float:
    """Return the place of a PSNR on the chart, pixels from its zero; what is beyond the chart stands at its end."""
    return min(decibel, TOP) * 10


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="currentColor" font-size="13">{text}</text>'
