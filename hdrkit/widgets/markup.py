"""Pieces of the HTML that widgets show and leave on exported pages. Texts are escaped here."""

import base64
import html
from collections.abc import Iterable


def picture(data: bytes, alt: str, kind: str = "jpeg", **attributes: object) -> str:
    """Return an image of a file's bytes, with a text for those who cannot see it; `kind`: jpeg or png."""
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<img src="{source}" alt="{html.escape(alt)}"{more}>'


def figure(shown: str, caption: str, style: str = "margin: 0") -> str:
    """Return something shown, as HTML, with a caption below it."""
    return f'<figure style="{style}">{shown}<figcaption>{html.escape(caption)}</figcaption></figure>'


def row(parts: Iterable[str]) -> str:
    """Return pieces of HTML beside each other, in as many lines as they need."""
    return f'<div style="display: flex; flex-wrap: wrap; gap: 8px">{"".join(parts)}</div>'


def drawing(marks: Iterable[str], words: str, width: int, height: int) -> str:
    """Return an SVG of some marks, at most as wide as its place; `words` say what it shows."""
    box = f'viewBox="0 0 {width} {height}" width="{width}" style="max-width: 100%"'
    return f'<svg role="img" aria-label="{html.escape(words)}" {box}>{"".join(marks)}</svg>'
