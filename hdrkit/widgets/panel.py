"""Widgets one above the other, with something to see where there is no kernel."""

from collections.abc import Callable, Sequence

import ipywidgets

ROW = {"flex_flow": "row wrap"}  # the layout of a box whose widgets go on below where there is no more room


class Panel(ipywidgets.VBox):
    """A column of widgets. `still()` returns HTML that needs no script: exported pages show it in their place."""

    def __init__(self, children: Sequence[ipywidgets.Widget], still: Callable[[], str]):
        super().__init__(children)
        self._still = still

    def _repr_mimebundle_(self, **options: object) -> dict:
        return super()._repr_mimebundle_(**options) | {"text/html": self._still()}
