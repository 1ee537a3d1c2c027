"""What a recovered response is called: which usual curve it is like, or how much contrast it has beside sRGB."""

import numpy as np

from hdrkit.images import srgb

LIKE = 0.12  # stops; root mean square by which a response of a usual name may miss its curve
DARKEST, BRIGHTEST = 32, 224  # values between which curves are compared; few pixels say anything of those beyond
VALUES = np.arange(DARKEST, BRIGHTEST + 1)


def _bt709(encoded: np.ndarray) -> np.ndarray:
    """Return the light behind values of ITU-R BT.709-6, item 1.2."""
    return np.where(encoded < 0.081, encoded / 4.5, ((encoded + 0.099) / 1.099) ** (1 / 0.45))


LIGHT = {
    "sRGB": srgb.decode,
    "gamma 2.2": lambda encoded: encoded**2.2,
    "BT.709": _bt709,
    "gamma 1.8": lambda encoded: encoded**1.8,
    "linear": lambda encoded: encoded,
}


def name(response: np.ndarray) -> str:
    """Return the name of the usual curve that a response, (3, 256) as `camera_response.recover` has it, is like.

    One that is like none is called by its contrast: by how many sRGB stops pixels brighten for each stop of light.

    >>> stops = np.log2(np.maximum(np.arange(256), 0.4) / 255)
    >>> name(np.tile(2.2 * stops, (3, 1))), name(np.tile(0.7 * stops, (3, 1)))
    ('gamma 2.2', 'own, 2.9 x sRGB')
    """
    found = np.median(response, axis=0)[VALUES]
    misses = {called: float(np.std(found - _log_light(called))) for called in LIGHT}
    nearest = min(misses, key=lambda called: misses[called])
    return nearest if misses[nearest] <= LIKE else f"own, {contrast(response):.1f} x sRGB"


def contrast(response: np.ndarray) -> float:
    """Return by how many stops of sRGB light pixels brighten for each stop of true light, over the middle values."""
    found = np.median(response, axis=0)[VALUES]
    return float(np.ptp(_log_light("sRGB")) / max(np.ptp(found), 0.01))


def _log_light(called: str) -> np.ndarray:
    return np.log2(LIGHT[called](VALUES / np.float32(255)))
