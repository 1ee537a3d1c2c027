"""A slider over a scene's exposures, beside the render, with what each of them lost painted in."""

import base64
import html

import cv2
import ipywidgets
import numpy as np

from hdrkit.dataset.alignment import AlignedScene
from hdrkit.display import notation
from hdrkit.evaluation.scoring import CLIPPED, UNDER, region_masks
from hdrkit.widgets.slider import Slider

# Okabe and Ito's colours, told apart with any colour vision.
CLIPPED_COLOUR, UNDER_COLOUR = (230, 159, 0), (0, 114, 178)
GAP = 8  # pixels of white between the two pictures


def mark_lost(frame: np.ndarray) -> np.ndarray:
    """Paint a frame's clipped pixels orange and its under-exposed ones blue: uint8, height x width x 3."""
    masks = region_masks(frame)
    marked = frame.copy()
    marked[masks["clipped"]] = CLIPPED_COLOUR
    marked[masks["under"]] = UNDER_COLOUR
    return marked


def beside_render(scene: AlignedScene, index: int, lost: bool = True) -> np.ndarray:
    """Return frame `index` of a scene and its render, side by side: uint8, height x (2 width + gap) x 3."""
    frame = scene.frames[index]
    gap = np.full((frame.shape[0], GAP, 3), 255, np.uint8)
    return np.hstack([mark_lost(frame) if lost else frame, gap, scene.render])


def lost_share(frame: np.ndarray, painted: bool = True) -> str:
    """Say how much of a frame is lost, within which limits, and, if it is `painted`, in which colours."""
    masks = region_masks(frame)
    orange, blue = (", orange", ", blue") if painted else ("", "")
    return (
        f"{masks['clipped'].mean():.0%} clipped (brightest channel {CLIPPED} or more of 255{orange}), "
        f"{masks['under'].mean():.0%} under-exposed ({UNDER} or less{blue})"
    )


def exposure_slider(scene: AlignedScene) -> ipywidgets.VBox:
    """Return a slider over the exposures of an aligned scene; it starts at the metered frame."""
    slider = Slider(description="Exposure", labels=[notation.ev(ev) for ev in scene.evs], value=scene.nearest(0))
    lost = ipywidgets.Checkbox(value=True, description="Show what is lost", indent=False)
    shown = ipywidgets.HTML()  # neither an Image can say what it shows, nor a Label break its line

    def show(_change: object = None) -> None:
        shown.value = _figure(scene, slider.value, lost.value)

    slider.observe(show, "value")
    lost.observe(show, "value")
    show()
    controls = ipywidgets.HBox([slider, lost], layout=ipywidgets.Layout(flex_flow="row wrap"))
    return ipywidgets.VBox([controls, shown])


def _figure(scene: AlignedScene, index: int, lost: bool) -> str:
    """Return the picture of a frame and the sentence below it, as HTML."""
    picture = beside_render(scene, index, lost)
    height, width, _ = picture.shape
    png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes()
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    name = html.escape(scene.name)
    alt = f"{name} at {notation.ev(scene.evs[index])}, beside its render"
    # Its size known and decoded at once, a picture takes the place of the last one without a flicker.
    return (
        f'<img src="{source}" alt="{alt}" width="{width}" height="{height}" decoding="sync" '
        'style="width: 100%; height: auto">'
        f"<div>{name}: {lost_share(scene.frames[index], lost)}; the render is on the right</div>"
    )
