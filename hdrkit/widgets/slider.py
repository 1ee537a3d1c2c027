"""A slider whose steps have names."""

import anywidget
import traitlets

from hdrkit.core.files import PACKAGE


class Slider(anywidget.AnyWidget):
    """A slider over `labels`; `value` is the place in them.

    To a screen reader, ipywidgets' own sliders have no name and say a number where they show a label.
    """

    _esm = PACKAGE / "widgets" / "slider.js"
    _css = PACKAGE / "widgets" / "slider.css"
    description = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Int().tag(sync=True)

    @property
    def label(self) -> str:
        """The label of the step that it stands on."""
        return self.labels[self.value]
