"""Pictures that lie beside the frames they were made from: fused, tone-mapped or rendered ones, told by their names."""

import re
from collections.abc import Sequence
from pathlib import Path

# Of long words, parts of a name count (`SceneRendered`); short ones must stand alone (`hdr.png`, but not `hdrama.png`).
WORDS = re.compile(
    r"result|tone_?-? ?mapp|tonemap|rendered|mertens|debevec|robertson|reinhard|mantiuk|radiance|enhanced|merged"
    r"|(?<![a-z])(?:hdr|ldr|fused|fusion|drago|durand|output)(?![a-z])",
    re.I,
)


def apart(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the frames, and what was made from them; all are frames where fewer than two have another name.

    >>> apart([Path("1.jpg"), Path("2.jpg"), Path("hdr.png")])[1] == [Path("hdr.png")]
    True
    """
    frames = [path for path in paths if not WORDS.search(path.stem)]
    if len(frames) < 2:
        return list(paths), []
    return frames, [path for path in paths if path not in frames]
