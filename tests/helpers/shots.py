"""Raw frames of one scene, as a camera with exposure times would leave them."""

import numpy as np

from hdrkit.images import dng
from hdrkit.simulation import camera, embedded_views, panorama


def write_shot(path, time, shift=0, seed=0, stated=None, tint=(1, 1, 1)):
    """Write a raw frame of a train place, 300 x 200 pixels, and return its path.

    time: in seconds; the file states `stated` instead where it is given. shift: in pixels to the right.
    tint: of the light, RGB.
    """
    light = panorama.view(embedded_views.load("kiara_1_dawn"), panorama.rotation(40, 0, 0), 70, (300, 200), (shift, 0))
    light *= np.float32(camera.metered(light, camera.METERING) * time * 80) * np.array(tint, np.float32)
    colour, rng = camera.colours(camera.Sensor(), 5000), np.random.default_rng(seed)
    mosaic = camera.expose(light, camera.Sensor(), colour, rng)
    dng.write_dng(path, mosaic, colour, dng.Shot(stated or time, 100, 8.0, 24.5, "2019:03:01 12:00:00"))
    return path
