"""Things to move by hand. Each is a function that makes a picture, and a thin interface around it."""

from hdrkit.widgets.exposures import exposure_slider

__all__ = ["exposure_slider"]
