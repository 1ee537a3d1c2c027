"""Figures as report.html holds them: a sixth of the files' size in all, and as sharp as a screen shows."""

import base64
import io
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from hdrkit.core.errors import HdrkitError

WIDEST = 1400  # pixels; the page shows a figure at most 1200 CSS pixels wide
QUALITY = 85  # lossy WebP, 0 to 100
CSS_DPI = 96  # CSS pixels per inch


class Preview(NamedTuple):
    """A figure to embed: its data URI, and the size in CSS pixels at which its text is as large as the page's."""

    uri: str
    width: int
    height: int


def preview(figure: Path) -> Preview:
    """Return a figure (PNG) as a WebP no wider than `WIDEST`. Raises HdrkitError for a file that is no picture."""
    try:
        with Image.open(figure) as opened:
            picture, dpi = opened.convert("RGB"), opened.info.get("dpi", (CSS_DPI, CSS_DPI))[0]
    except OSError as error:
        raise HdrkitError(f"{figure}: not a picture; remove it and run the notebook again ({error})") from None
    width, height = (round(side * CSS_DPI / dpi) for side in picture.size)
    picture.thumbnail((WIDEST, picture.height), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "WebP", quality=QUALITY)
    return Preview(f"data:image/webp;base64,{base64.b64encode(encoded.getvalue()).decode()}", width, height)
