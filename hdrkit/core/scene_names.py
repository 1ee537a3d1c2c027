"""What the scenes of a survey are called: in its folders, its lists and its renders."""

import re

RENDER_ENDING = "Rendered.jpg"


def plain(name: str) -> str:
    """Reduce a scene's name to what its folder, render and list entry share.

    >>> plain("The Narrows (1)")
    'thenarrows1'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())
