"""Raw to aligned frames: the corrected chain against the published one on the same frames."""

import json
import time

import cv2
import numpy as np

from hdrkit import raw, registration
from hdrkit.prepare import prepare, read_render

FASTER = 10


def published(scenes):
    """Decode, register and resample as the authors' code did; yields the error of each frame in pixels."""
    warp = registration.IDENTITY
    for scene in scenes:
        render = read_render(scene.render)
        size = render.shape[1::-1]
        frames = [raw.decode(frame.path, "published") for frame in scene.frames]
        found, warp = registration.register_as_published(frames, render, warp)
        for frame, a_map in zip(frames, found.maps, strict=True):
            cv2.warpAffine(frame, a_map, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        yield from zip([(scene.name, f.path.name) for f in scene.frames], found.maps, strict=True)


def test_raw_to_aligned(scenes, tmp_path, say):
    start = time.perf_counter()
    prepared = prepare(scenes, tmp_path / "cache")
    ours = time.perf_counter() - start
    start = time.perf_counter()
    maps = dict(published(scenes))
    theirs = time.perf_counter() - start

    truth = json.loads((scenes[0].render.parent.parent / "truth.json").read_text())
    errors = {"published": [], "corrected": []}
    for scene in prepared:
        size = scene.render.shape[1::-1]
        for file, found in zip(scene.files, scene.maps, strict=True):
            true = truth[scene.name][str(file)]
            errors["corrected"].append(registration.displacement(found, true, size).mean())
            errors["published"].append(registration.displacement(maps[scene.name, str(file)], true, size).mean())
    frames = len(maps)
    for name, spent in (("corrected", ours), ("published", theirs)):
        say(f"raw to aligned, {name}: {frames / spent:.1f} frames/s, median error {np.median(errors[name]):.3f} px")
    say(f"corrected is {theirs / ours:.1f} x as fast")
    assert theirs / ours >= FASTER
    assert np.median(errors["corrected"]) < np.median(errors["published"])
