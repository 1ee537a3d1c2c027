"""Pictures that lie beside the frames they were made from: fused, tone-mapped or rendered ones, told by their names."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

# Of long words, parts of a name count (`SceneRendered`); short ones must stand alone (`hdr.png`, but not `hdrama.png`).
WORDS = re.compile(
    r"result|tone_?-? ?mapp|tonemap|rendered|mertens|debevec|robertson|reinhard|mantiuk|local_laplacian|radiance"
    r"|enhanced|merged|(?<![a-z])(?:hdr|ldr|fused|fusion|drago|durand|output)(?![a-z])",
    re.I,
)


def apart(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the frames, and what was made from them.

    All are frames where fewer than two have another name, or where more are numbered: HDR_1 to HDR_5 beside two others.

    >>> apart([Path("1.jpg"), Path("2.jpg"), Path("hdr.png")])[1] == [Path("hdr.png")]
    True
    """
    frames = [path for path in paths if not WORDS.search(path.stem)]
    results = [path for path in paths if WORDS.search(path.stem)]
    numbered = Counter(re.sub(r"\d+", "1", path.stem) for path in results)
    if len(frames) < max(2, *numbered.values(), 0):
        return list(paths), []
    return frames, results
