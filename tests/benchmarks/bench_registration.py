"""Raw to aligned frames: the joint registration against that per frame on the same frames."""

import json
import time

import cv2
import numpy as np

from hdrkit.brackets import registration
from hdrkit.dataset.alignment import align
from hdrkit.dataset.scene_geometry import read_render
from hdrkit.images import raw

FASTER = 10
PATIENCE = 3  # registration per frame is stopped after this many times the time in which it would just pass


def per_frame(scenes, seconds):
    """Decode, register and resample as the authors' code did, scene after scene until the time is up.

    Yields (scene, file) and the map found for each frame. A frame that ECC is lost in takes its 5000 iterations, and
    so do those that start from its map: all scenes would take a quarter of an hour.
    """
    warp, end = registration.IDENTITY, time.perf_counter() + seconds
    for scene in scenes:
        if time.perf_counter() > end:
            return
        render = read_render(scene.render)
        size = render.shape[1::-1]
        frames = [raw.decode(frame.path, "libraw_default") for frame in scene.frames]
        found, warp = registration.register_per_frame(frames, render, warp)
        for frame, a_map in zip(frames, found.maps, strict=True):
            cv2.warpAffine(frame, a_map, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        yield from zip([(scene.name, f.path.name) for f in scene.frames], found.maps, strict=True)


def test_raw_to_aligned(scenes, tmp_path, say):
    start = time.perf_counter()
    aligned = align(scenes, tmp_path / "cache")
    ours = time.perf_counter() - start
    start = time.perf_counter()
    maps = dict(per_frame(scenes, PATIENCE * FASTER * ours))
    theirs = time.perf_counter() - start

    truth = json.loads((scenes[0].render.parent.parent / "truth.json").read_text(encoding="utf-8"))
    errors = {"per_frame": [], "joint": []}
    for scene in aligned:
        size = scene.render.shape[1::-1]
        for file, found in zip(scene.files, scene.maps, strict=True):
            if (scene.name, str(file)) not in maps:
                continue
            true = truth[scene.name][str(file)]
            errors["joint"].append(registration.displacement(found, true, size).mean())
            errors["per_frame"].append(registration.displacement(maps[scene.name, str(file)], true, size).mean())
    rates = {"joint": sum(len(scene.frames) for scene in scenes) / ours, "per_frame": len(maps) / theirs}
    for name, rate in rates.items():
        say(f"raw to aligned, {name}: {rate:.1f} frames/s, median error {np.median(errors[name]):.3f} px")
    ratio = rates["joint"] / rates["per_frame"]
    say(f"joint registration is {ratio:.1f} x as fast; per frame, {len(maps)} frames were done before the stop")
    assert ratio >= FASTER
    assert np.median(errors["joint"]) < np.median(errors["per_frame"])
