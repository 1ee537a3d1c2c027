"""Write a stand-in of the HDR Photographic Survey, as its site publishes it, to rehearse a run on the real one.

    python tools/stand_in_fairchild.py build/rehearsal/site    a dozen scenes at 4288 x 2848 pixels, 12 minutes, 3 GB
    hdrkit download fairchild --from build/rehearsal/site --out build/rehearsal/fairchild

Scenes have names and splits of the survey's own. What they show is the embedded survey: its camera photographs its
panoramas, at the size of the survey's camera. A panorama has fewer pixels than such a frame, so frames are not sharp;
their noise is.
"""

import argparse
import csv
import re
import tempfile
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile

import cv2
import numpy as np

from hdrkit.core.files import DATA, written_whole
from hdrkit.core.progress_bar import bar
from hdrkit.core.scene_names import RENDER_ENDING
from hdrkit.core.vocabulary import SPLITS
from hdrkit.downloads.addresses import read_addresses
from hdrkit.images import jpeg
from hdrkit.simulation import embedded_views, scenes
from hdrkit.simulation.views import View

WIDTH, HEIGHT = 4288, 2848  # pixels of the Nikon D2X
RENDER_SHARE = 14 / 15  # of the frames' width, rounded to pixels: 4002 x 2668
SHARES = {"train": 2, "dev": 1, "test": 1}  # of four scenes


def choose(count: int) -> list[str]:
    """Return names of scenes as files of the survey are called; half are of the train split, quarters of the others."""
    with open(DATA / "fairchild" / "scenes.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    chosen = []
    for split in SPLITS:
        names = [row["render"].removesuffix(RENDER_ENDING) for row in rows if row["split"] == split]
        wanted = min(len(names), max(1, count * SHARES[split] // sum(SHARES.values())))
        chosen += names[:: len(names) // wanted][:wanted]
    return chosen


def folder_of(scene: str) -> str:
    """Return what the archive calls the folder of a scene, nearly: words stand apart."""
    return re.sub(r"(?<=[a-z])(?=[A-Z(])", " ", scene)


def frame_size(width: int = WIDTH) -> tuple[int, int]:
    """Return the width and height of frames of the survey's shape, in pixels; raw frames have even numbers of them."""
    return width, round(width * HEIGHT / WIDTH / 2) * 2


def render(view: View, width: int) -> bytes:
    """Return the render of a view as a JPEG file, for frames that are `width` pixels wide."""
    size = round(width * RENDER_SHARE / 6) * 6, round(width * RENDER_SHARE / 6) * 4
    picture = cv2.resize(scenes.render(view, 0), size, interpolation=cv2.INTER_LINEAR)
    return jpeg.encode(np.rint(picture * 255).astype(np.uint8), scenes.JPEG_QUALITY)


def write(out: Path, count: int, width: int = WIDTH) -> list[str]:
    """Write the archive of frames and the renders below `out`, where data/downloads.toml says; return the scenes."""
    section, names, places = read_addresses("fairchild"), choose(count), embedded_views.read_views()
    archive = out / PurePosixPath(section["frames"])
    with written_whole(archive) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED, compresslevel=1) as frames:
        for i, scene in enumerate(bar(names, "taking the stand-in", unit="scene")):
            view = places[i * len(places) // len(names)]
            with tempfile.TemporaryDirectory() as folder:
                scenes.photograph(view, 0, Path(folder), frame_size(width))
                for path in sorted(Path(folder).iterdir()):
                    frames.write(path, f"HDRPS Raws/{folder_of(scene)}/{path.stem}.NEF")
            with written_whole(out / section["render"].format(scene=scene)) as made:
                made.write_bytes(render(view, width))
    return names


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder that takes the place of the survey's site")
    parser.add_argument("--scenes", type=int, default=12, help="how many (12)")
    parser.add_argument("--width", type=int, default=WIDTH, help="of a frame, in pixels (4288)")
    arguments = parser.parse_args()
    print(*write(arguments.out, arguments.scenes, arguments.width), sep="\n")
