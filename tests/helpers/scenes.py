"""A small aligned scene, made without a camera, for tests of what comes after alignment."""

import numpy as np

from hdrkit.dataset.alignment import AlignedScene
from hdrkit.images import srgb

EVS = np.arange(-4, 5, dtype=np.float32)


def make_scene(name="barn", split="train", size=(24, 36), seed=0):
    """A scene of smooth random radiance, exposed at nine values; the render is its gamma 1/3."""
    rng = np.random.default_rng(seed)
    coarse = rng.lognormal(-2, 1, (4, 6, 3)).astype(np.float32)
    radiance = np.kron(coarse, np.ones((size[0] // 4, size[1] // 6, 1), np.float32))
    frames = [np.round(srgb.encode(radiance * 2**ev) * 255).astype(np.uint8) for ev in EVS]
    render = np.round(np.clip(radiance ** (1 / 3), 0, 1) * 255).astype(np.uint8)
    return AlignedScene(
        name=name, place=name, split=split, frames=np.stack(frames), render=render,
        files=np.array([f"{i}.DNG" for i in range(9)]), evs=EVS, times=2.0**EVS / 60,
        maps=np.tile(np.eye(2, 3, dtype=np.float32), (9, 1, 1)), left_out=np.array([], str), remarks=np.array([], str),
    )  # fmt: skip
