"""Find the two constants of `hdrkit enhance --strength auto`, check them, and write the tables of decision 0005.

    python tools/find_strength.py          some eight minutes of one core

Photographs are simulated: views of the embedded survey's places, by four cameras that differ in their tone curve, with
errors of exposure of up to four stops. The reference is what the same camera takes without an error: it has a global
curve, unlike the renders that the network learned from. The constants are found on train places alone: of those that
change a well-exposed photograph by less than `MOST_CHANGE`, the ones that bring photographs of all errors nearest to
their reference. Dev and test places only check them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from hdrkit.core.files import DATA, written_whole
from hdrkit.core.progress_bar import bar
from hdrkit.enhancement import api, auto_strength, bilateral_slicing
from hdrkit.images import srgb
from hdrkit.simulation import camera, embedded_views, panorama

PAGE = DATA.parent / "docs" / "decisions" / "0005-auto-strength.md"
BEGIN, END = "<!-- found by tools/find_strength.py -->", "<!-- end -->"
SIZE = (144, 96)  # width, height, pixels
ERRORS = (-4, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4)  # stops
STRENGTHS = np.linspace(0, 1, 11)
MIDDLES, STEEPNESSES = np.arange(8, 17) / 10, np.arange(4, 17) / 2
# Levels of 255, mean over the photographs without error in which nothing is clipped or lost. Less than the 1.5 that are
# promised, because other places differ.
MOST_CHANGE = 1.0
LOST = 0.01  # share of a photograph from which on something counts as clipped or lost
GREY = 118 / 255  # where a well-exposed 18 % grey lies in sRGB (ISO 12232, standard output sensitivity)

# Linear light, where 1 saturates the sensor, to encoded values in [0, 1].
CURVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sRGB": srgb.encode,
    "more contrast": lambda light: _contrast(srgb.encode(light)),
    "shoulder": lambda light: srgb.encode(4 * light * (1 + light / 4) / (1 + 4 * light)),  # Reinhard et al. 2002
    "flat": lambda light: np.clip(light, 0, 1) ** (1 / 2.6),
}


class Photograph(NamedTuple):
    """A photograph that was enhanced at all `STRENGTHS`.

    stops: the mean of the advised gains. errors: root mean square differences to the reference, and changes: mean
    absolute ones to the photograph, in levels of 255, one per strength. whole: nothing is clipped or lost.
    """

    error: float
    stops: float
    errors: np.ndarray
    changes: np.ndarray
    whole: bool

    def at(self, share: float) -> tuple[float, float]:
        """Return error and change where a share of the gains is applied."""
        squares = np.interp(share, STRENGTHS, self.errors**2)
        return float(squares) ** 0.5, float(np.interp(share, STRENGTHS, self.changes))


def well_exposed(light: np.ndarray, curve: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return linear light (h, w, 3) as a camera exposes it: the mean of its picture is `GREY`."""
    darkest, brightest = -12.0, 12.0  # stops
    light = light * np.float32(camera.metered(light, camera.METERING))
    while brightest - darkest > 0.001:
        middle = (darkest + brightest) / 2
        mean = srgb.luminance(curve(np.clip(light * 2**middle, 0, 1))).mean()
        darkest, brightest = (middle, brightest) if mean < GREY else (darkest, middle)
    return light * np.float32(2**darkest)


def take(light: np.ndarray, curve: Callable[[np.ndarray], np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Return the photograph of exposed light, uint8, with photon and read noise."""
    well, read_noise = camera.Sensor().full_well, camera.Sensor().read_noise
    light = np.minimum(light, 4)  # far beyond a full well, noise changes nothing
    light = light + rng.normal(size=light.shape) * np.sqrt(light * well + read_noise**2) / well
    return np.rint(255 * curve(np.clip(light, 0, 1))).astype(np.uint8)


def enhance_all(picture: np.ndarray, reference: np.ndarray, error: float) -> Photograph:
    """Enhance a photograph at all `STRENGTHS`, and compare."""
    small = api.thumbnail(picture)
    advice = api.predict(small)
    stops = float(bilateral_slicing.gains(small, advice.key, advice.grid).mean())
    found = [api.enhance(picture, strength).astype(float) for strength in STRENGTHS]
    errors = [np.square(enhanced - reference).mean() ** 0.5 for enhanced in found]
    changes = [np.abs(enhanced - picture).mean() for enhanced in found]
    brightest = srgb.brightest(picture)
    lost = ((brightest == 255) | (brightest <= 2)).mean()
    return Photograph(error, stops, np.array(errors), np.array(changes), bool(lost < LOST))


def photographs(split: str) -> Iterator[Photograph]:
    """Yield all photographs of the places of a split."""
    views = [view for view in embedded_views.read_views() if view.split == split]
    for number, view in enumerate(bar(views, split, unit="view")):
        pose = panorama.rotation(view.yaw, view.pitch, view.roll)
        light = panorama.view(embedded_views.load(view.panorama), pose, view.fov, SIZE)
        for curve in CURVES.values():
            exposed, rng = well_exposed(light, curve), np.random.default_rng(number)
            reference = take(exposed, curve, rng)
            for error in ERRORS:
                yield enhance_all(take(exposed * np.float32(2**error), curve, rng), reference, error)


def find(taken: Sequence[Photograph]) -> tuple[float, float]:
    """Return the middle and the steepness of the best curve; see the top of this file."""
    scores = {}
    for middle, steepness in product(MIDDLES.tolist(), STEEPNESSES.tolist()):
        found = [photo.at(auto_strength.share(photo.stops, middle, steepness)) for photo in taken]
        changes = [change for photo, (_, change) in zip(taken, found, strict=True) if is_right(photo)]
        if np.mean(changes) < MOST_CHANGE:
            scores[middle, steepness] = np.mean([error for error, _ in found])
    return min(scores, key=scores.__getitem__)


def is_right(photo: Photograph) -> bool:
    """Tell whether a photograph has no error of exposure, and nothing clipped or lost."""
    return photo.error == 0 and photo.whole


def table(taken: Sequence[Photograph]) -> Iterator[str]:
    """Yield the lines of a table, one row per error of exposure."""
    yield "| error, stops | advised, stops | share | as taken: PSNR, dB | strength 1 | auto |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for error in ERRORS:
        those = [photo for photo in taken if photo.error == error]
        shares = [auto_strength.share(photo.stops) for photo in those]
        auto = [photo.at(share)[0] for photo, share in zip(those, shares, strict=True)]
        cells = [f"{np.mean([photo.stops for photo in those]):+.1f}", f"{np.mean(shares):.2f}"]
        for errors in ([photo.errors[0] for photo in those], [photo.errors[-1] for photo in those], auto):
            cells.append(f"{np.mean(20 * np.log10(255 / np.array(errors))):.2f}")
        yield f"| {error:+g} | {' | '.join(cells)} |".replace("-", "−")


def report(taken: Mapping[str, Sequence[Photograph]]) -> str:
    """Return what was found and how it does, by split: Markdown."""
    middle, steepness = find(taken["train"])
    lines = [f"Found on train places: middle {middle:g} stops, steepness {steepness:g}."]
    for split, those in taken.items():
        right = [photo for photo in those if is_right(photo)]
        changes = [photo.at(auto_strength.share(photo.stops))[1] for photo in right]
        change = f"{len(right)} well-exposed photographs change by {np.mean(changes):.2f} levels"
        lines += ["", f"**{split}**: {change}.", ""]
        lines += table(those)
    return "\n".join(lines)


def main() -> None:
    """Find, check and write."""
    taken = {split: list(photographs(split)) for split in ("train", "dev", "test")}
    before, after = re.split(f"(?<={BEGIN}\n\n).*?(?={END})", PAGE.read_text(encoding="utf-8"), flags=re.S)
    with written_whole(PAGE) as path:
        path.write_text(f"{before}{report(taken)}\n\n{after}", encoding="utf-8")


def _contrast(encoded: np.ndarray) -> np.ndarray:
    """Give an encoded picture an S-shaped curve, halfway from a straight line to the smooth step 3x² - 2x³."""
    return encoded + np.float32(0.5) * (encoded**2 * (3 - 2 * encoded) - encoded)


if __name__ == "__main__":
    main()
