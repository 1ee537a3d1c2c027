"""A simulated camera: metering, a Bayer sensor with its noise, and the colours its raw files declare."""

from dataclasses import dataclass

import numpy as np

from hdrkit.images.dng import RGGB, Colour
from hdrkit.images.srgb import luminance

# CIE XYZ of the sRGB primaries (IEC 61966-2-1), and the daylight matrix of the Nikon D2X, the camera of
# Fairchild's survey, as raw converters know it.
SRGB_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
XYZ_TO_CAMERA = np.array([[1.0231, -0.2769, -0.1255], [-0.8301, 1.5900, 0.2552], [-0.0797, 0.0680, 0.7148]])

# The geometric mean at EV 0, as a share of saturation. ISO 12232 puts the arithmetic mean at 10/78 = 0.13; the
# geometric mean of scenes with lamps, windows and skies lies one stop below it.
METERING = 0.06


@dataclass(frozen=True)
class Sensor:
    """A 12-bit sensor in electrons (e-) and digital numbers (DN)."""

    black: int = 256  # DN
    white: int = 4095  # DN
    full_well: float = 40_000.0  # e- at which a pixel is full; the converter reads it as `white`
    read_noise: float = 6.0  # e-, standard deviation

    @property
    def gain(self) -> float:
        """Electrons of one digital number."""
        return self.full_well / (self.white - self.black)


def blackbody(kelvin: float) -> np.ndarray:
    """Return the XYZ colour, Y = 1, of a black body's light at 1667 to 25000 K.

    B. Kang et al., Design of advanced color temperature control system for HDTV applications,
    Journal of the Korean Physical Society 41(6), 2002.
    """
    t = 1000 / kelvin
    if kelvin <= 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    return np.array([x / y, 1, (1 - x - y) / y])


def colours(sensor: Sensor, kelvin: float) -> Colour:
    """Return what the raw file declares of a picture taken in light of `kelvin`, white balance included."""
    response = XYZ_TO_CAMERA @ blackbody(kelvin)
    return Colour(sensor.black, sensor.white, XYZ_TO_CAMERA, response / response.max())


def metered(radiance: np.ndarray, target: float) -> float:
    """Return the factor that brings the geometric mean of the luminance to `target` of saturation.

    Pixels a million times darker than the brightest hold no picture, so the logarithm starts there.
    """
    light = luminance(radiance)
    return target / float(np.exp(np.log(np.maximum(light, 1e-6 * light.max())).mean()))


def expose(exposure: np.ndarray, sensor: Sensor, colour: Colour, rng: np.random.Generator) -> np.ndarray:
    """Return the RGGB mosaic, uint16 (h, w), of an exposure.

    exposure: float (h, w, 3), linear sRGB colours as they look after white balance; 1 is the white that
    saturates the most sensitive channel. Light becomes electrons with photon (Poisson) noise until the well
    is full, reading adds Gaussian noise, the converter rounds (European Machine Vision Association, Standard
    1288, section 2).
    """
    camera = XYZ_TO_CAMERA @ SRGB_TO_XYZ
    camera *= (colour.neutral / camera.sum(axis=1))[:, None]
    light = np.empty(exposure.shape[:2])
    for (row, column), channel in zip(((0, 0), (0, 1), (1, 0), (1, 1)), RGGB, strict=True):
        light[row::2, column::2] = exposure[row::2, column::2] @ camera[channel]
    # Twice a full well is full whatever the noise; Poisson numbers beyond it would only cost time.
    electrons = rng.poisson(sensor.full_well * np.clip(light, 0, 2)).astype(np.float64)
    electrons = np.minimum(electrons, sensor.full_well) + rng.normal(0, sensor.read_noise, light.shape)
    numbers = np.rint(sensor.black + electrons / sensor.gain)
    return np.clip(numbers, 0, sensor.white).astype(np.uint16)
