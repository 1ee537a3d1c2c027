"""Things to move by hand. Each is a function that makes a picture, and a thin interface around it."""

from hdrkit.widgets.exposures import exposure_slider
from hdrkit.widgets.light_table import LightTable, compare
from hdrkit.widgets.pictures import Picture

__all__ = ["LightTable", "Picture", "compare", "exposure_slider"]
