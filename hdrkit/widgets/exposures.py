"""A slider over a scene's exposures, beside the render, with what each of them lost painted in."""

import cv2
import ipywidgets
import numpy as np

from hdrkit.evaluation import region_masks
from hdrkit.prepare import PreparedScene

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


def beside_render(scene: PreparedScene, index: int, lost: bool = True) -> np.ndarray:
    """Return frame `index` of a scene and its render, side by side: uint8, height x (2 width + gap) x 3."""
    frame = scene.frames[index]
    gap = np.full((frame.shape[0], GAP, 3), 255, np.uint8)
    return np.hstack([mark_lost(frame) if lost else frame, gap, scene.render])


def lost_share(frame: np.ndarray) -> str:
    """Say how much of a frame is lost, in words."""
    masks = region_masks(frame)
    return f"{masks['clipped'].mean():.0%} clipped (orange), {masks['under'].mean():.0%} under-exposed (blue)"


def exposure_slider(scene: PreparedScene) -> ipywidgets.VBox:
    """Return a slider over the exposures of a prepared scene; it starts at the metered frame."""
    start = int(np.abs(scene.evs).argmin())
    options = [(f"EV {ev:+g}", i) for i, ev in enumerate(scene.evs)]
    slider = ipywidgets.SelectionSlider(options=options, value=start, description="Exposure")
    lost = ipywidgets.Checkbox(value=True, description="Show what is lost", indent=False)
    image, text = ipywidgets.Image(format="png"), ipywidgets.Label()
    image.layout.max_width = "100%"

    def show(_change=None) -> None:
        picture = beside_render(scene, slider.value, lost.value)
        image.value = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes()
        text.value = f"{scene.name}: {lost_share(scene.frames[slider.value])}; the render is on the right"

    slider.observe(show, "value")
    lost.observe(show, "value")
    show()
    return ipywidgets.VBox([ipywidgets.HBox([slider, lost]), image, text])
