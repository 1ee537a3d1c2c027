"""A hand-held bracket of nine 12-megapixel JPEG frames aligned and fused: the kit against OpenCV's own pipeline.

Each runs in a process of its own, which also says how much memory it took at most. Both read, align and fuse the same
files with as many threads; OpenCV's MergeMertens is in both.
"""

import json
import subprocess
import sys

import numpy as np
import pytest
from helpers import cameras

from hdrkit.images import jpeg

SIZE = (4000, 3000)
STOPS = np.arange(-4.0, 5.0)
MOST = 2.0  # times OpenCV's time
MOST_MEMORY = 1.25  # times OpenCV's peak

KIT = """
from pathlib import Path
from hdrkit.fusion.bracket import fuse_files
def fuse(paths):
    return fuse_files([Path(path) for path in paths]).picture
"""
OPENCV = """
import cv2
import numpy as np
def fuse(paths):
    frames = [cv2.imread(path) for path in paths]
    cv2.createAlignMTB().process(frames, frames)
    return np.clip(cv2.createMergeMertens().process(frames) * 255 + 0.5, 0, 255).astype(np.uint8)
"""
# The import and a process's start are left out of the time, not out of the memory.
TIMED = """
import json, resource, sys, time
start = time.perf_counter()
fuse(sys.argv[1:])
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20]))
"""


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Nine frames a stop apart, each moved by up to 60 pixels and turned by up to a degree."""
    folder, rng = tmp_path_factory.mktemp("bracket"), np.random.default_rng(0)
    found = []
    for i, stop in enumerate(STOPS):
        bracket = cameras.simulate("S-shaped", [stop], "city", shifts=[rng.uniform(-60, 60, 2)],
                                   turns=[rng.uniform(-1, 1)], seed=i, size=SIZE)  # fmt: skip
        found.append(folder / f"{i}.jpg")
        found[-1].write_bytes(jpeg.encode(bracket.frames[0], 92))
    return found


def run(fuse, paths):
    """Return the seconds and the gigabytes that a way to fuse took."""
    command = [sys.executable, "-c", fuse + TIMED, *map(str, paths)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_nine_frames_of_12_megapixels(paths, say):
    turns = [[run(fuse, paths) for fuse in (KIT, OPENCV)] for _ in range(2)]  # by turns, as other load comes and goes
    (ours, memory), (theirs, their_memory) = np.min(turns, axis=0)
    say(f"nine frames of 12 megapixels: {ours:.1f} s, AlignMTB and MergeMertens {theirs:.1f} s: {ours / theirs:.2f} x")
    say(f"peak memory: {memory:.2f} GB, AlignMTB and MergeMertens {their_memory:.2f} GB")
    assert ours <= MOST * theirs
    assert memory <= MOST_MEMORY * their_memory
