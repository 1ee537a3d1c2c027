"""Brackets of nine 12-megapixel raw frames aligned: time and memory by workers and scenes, against the report's way.

Each alignment runs in a process of its own. Memory is that of the process with its children. A survey of many scenes
holds the same few brackets under many names; nothing is shared between names but the files.
"""

import os
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import pytest
import stand_in_fairchild

from hdrkit.simulation import embedded_views
from hdrkit.simulation.scenes import photograph

BRACKETS = 3
FEW, MANY = 10, 100  # scenes
FASTER = 8  # times the report's way
SPEED_UP = 1.7  # of two workers
LINEAR = 1.15  # times as much for each of many scenes as for each of few, at most
MOST_BYTES = 3 * 10**9

JOINT = """
from hdrkit.dataset.alignment import align
from hdrkit.dataset.survey import Survey
def work(folder, workers, cache):
    align(Survey(folder, cache).scenes, cache, workers=int(workers))
"""
# As the authors' code did it, onto the whole render: ECC of each frame at its size.
PER_FRAME = """
import cv2
from hdrkit.brackets import registration
from hdrkit.dataset.survey import Survey
from hdrkit.images import raw
def work(folder):
    scene = Survey(folder).scenes[0]
    render = cv2.cvtColor(cv2.imread(str(scene.render)), cv2.COLOR_BGR2RGB)
    frames = [raw.decode(frame.path, "libraw_default") for frame in scene.frames]
    found, _ = registration.register_per_frame(frames, render)
    for frame, a_map in zip(frames, found.maps, strict=True):
        cv2.warpAffine(frame, a_map, render.shape[1::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
"""
# Imports and a process's start are left out of the time, not out of the memory.
TIMED = """
import sys, time
start = time.perf_counter()
work(*sys.argv[1:])
print(time.perf_counter() - start)
"""


@pytest.fixture(scope="module")
def brackets(tmp_path_factory):
    """The frames and the render of each bracket, at the size of the report's camera."""
    folder = tmp_path_factory.mktemp("taken")
    made = []
    for i, view in enumerate(embedded_views.read_views()[:: 105 // BRACKETS][:BRACKETS]):
        (folder / str(i)).mkdir()
        photograph(view, 0, folder / str(i), stand_in_fairchild.frame_size())
        (folder / f"{i}.jpg").write_bytes(stand_in_fairchild.render(view, stand_in_fairchild.WIDTH))
        made.append((sorted((folder / str(i)).iterdir()), folder / f"{i}.jpg"))
    return made


def survey(folder, brackets, scenes):
    """Make a survey of so many scenes; return its folder."""
    for number in range(scenes):
        paths, render = brackets[number % BRACKETS]
        scene = folder / f"Scene{number:03d}"
        scene.mkdir(parents=True)
        for path in paths:
            os.link(path, scene / path.name)
        os.link(render, scene / f"{scene.name}Rendered.jpg")
    return folder


@pytest.fixture(scope="module")
def few(tmp_path_factory, brackets):
    return survey(tmp_path_factory.mktemp("few"), brackets, FEW)


@pytest.fixture(scope="module")
def many(tmp_path_factory, brackets):
    return survey(tmp_path_factory.mktemp("many"), brackets, MANY)


def timed(code, *arguments, seconds=None):
    """Return the seconds that the work of a process took, its peak of bytes, and whether it came to its end."""
    start, most = time.perf_counter(), 0
    command = [sys.executable, "-c", code + TIMED, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            if seconds and time.perf_counter() - start > seconds:
                process.kill()
                return seconds, most, False
            time.sleep(0.1)
        assert process.returncode == 0
        return float(process.stdout.read()), most, True


def resident(pid):
    found = 0
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                found += process.memory_info().rss
    return found


def test_raw_to_aligned(few, tmp_path, say):
    ours = timed(JOINT, few, 2, tmp_path)[0] / FEW
    theirs, _, done = timed(PER_FRAME, few, seconds=2 * FASTER * ours)
    more = "" if done else "more than "
    say(f"a scene, raw to aligned: {ours:.1f} s with two workers; the report's way, which takes one frame after")
    say(f"the other: {more}{theirs:.1f} s, {theirs / ours:.1f} x")
    assert theirs >= FASTER * ours


def test_two_workers(few, tmp_path, say):
    one, _, _ = timed(JOINT, few, 1, tmp_path / "one")
    two, most, _ = timed(JOINT, few, 2, tmp_path / "two")
    say(f"{FEW} scenes: {one:.1f} s with a worker, {two:.1f} s with two, {one / two:.2f} x as fast")
    say(f"{most / 1e9:.2f} GB at most with two workers")
    assert one >= SPEED_UP * two and most < MOST_BYTES


def test_many_scenes(few, many, tmp_path, say):
    of_few, few_bytes, _ = timed(JOINT, few, 2, tmp_path / "few")
    of_many, many_bytes, _ = timed(JOINT, many, 2, tmp_path / "many")
    again, kept_bytes, _ = timed(JOINT, many, 2, tmp_path / "many")
    ratio = of_many / of_few * FEW / MANY
    say(f"{of_few / FEW:.2f} s a scene of {FEW}, {of_many / MANY:.2f} s of {MANY}: {ratio:.2f} x; kept: {again:.1f} s")
    say(f"{few_bytes / 1e9:.2f} GB at most, {many_bytes / 1e9:.2f} GB, kept: {kept_bytes / 1e9:.2f} GB")
    assert ratio < LINEAR and max(many_bytes, kept_bytes) < MOST_BYTES
