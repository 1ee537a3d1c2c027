"""A bracket's files to files of what it is fused to: what `hdrkit enhance --bracket` writes."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hdrkit.core.errors import HdrkitError, printable
from hdrkit.core.progress_bar import waiting
from hdrkit.enhancement.file_names import REPLACE, Claims, find, name
from hdrkit.fusion import bracket
from hdrkit.images import colour_profiles, composite_metadata, image_files, pillow_files, radiance_files
from hdrkit.images.image_files import ImageFile
from hdrkit.images.metadata import Metadata
from hdrkit.images.raw import read_header

MEGAPIXEL_SECONDS = 0.2  # to read, align and fuse a million pixels of a frame, on one core
RADIANCE = {"exr": radiance_files.write_exr, "hdr": radiance_files.write_hdr}


@dataclass(frozen=True)
class BracketOptions:
    """How to fuse a bracket: method, one of `bracket.METHODS`; radiance writes the merged light, too.

    times: the frames' exposure times in seconds, in the order of the files, None where the files state them.
    force replaces files that exist.
    """

    method: str = "mertens"
    radiance: bool = False
    times: Sequence[float] | None = None
    force: bool = False


def fuse_bracket(names: Iterable[str | Path], out: str | Path, options: BracketOptions) -> list[Path]:
    """Fuse the frames of one scene into a JPEG in the folder `out`, named after the first frame and the method.

    It has all that belongs to the metered frame. With `options.radiance`, an OpenEXR and a Radiance file go beside it.
    Lines on standard error say which files were there already and are kept, what the unit of radiance is, and which
    frames could not be used as they are. Returns the files. Raises HdrkitError as `bracket.fuse_files` does, and where
    a frame has the name of a result.
    """
    sources = find(names, out)
    endings = {"picture": f"_{options.method}.jpg"}
    if options.radiance:
        endings |= {kind: f"_radiance.{kind}" for kind in RADIANCE}
    targets = {kind: Path(out) / name(sources[0].stem, ending) for kind, ending in endings.items()}
    Claims(sources).claim(sources[0], targets.values(), options.force)
    missing = {kind: path for kind, path in targets.items() if options.force or not os.path.exists(path)}
    for kind in targets.keys() - missing.keys():
        print(f"hdrkit: {targets[kind]} was there already and kept; {REPLACE}", file=sys.stderr)
    if missing:
        with waiting(f"fusing {len(sources)} frames, about {_seconds(sources):.0f} s"):
            lines = fuse_into(missing, sources, options)
        for line in lines:
            print(f"hdrkit: {printable(line)}", file=sys.stderr)
    return list(targets.values())


def _seconds(sources: Sequence[Path]) -> float:
    """Return about how long it takes to fuse files; those that cannot be read take no time."""
    pixels = 0
    for source in sources:
        with suppress(HdrkitError):
            header = read_header(source)
            pixels += header.width * header.height
    return max(1, pixels / 1e6 * MEGAPIXEL_SECONDS)


def fuse_into(targets: Mapping[str, Path], sources: Sequence[Path], options: BracketOptions) -> list[str]:
    """Fuse the frames of one scene into files: the "picture", "exr" and "hdr" of radiance, those that are given.

    Returns a line for each doubt about the frames, for what is lost, and for the unit of radiance. Raises
    HdrkitError as `bracket.fuse_files` does.
    """
    radiance = not RADIANCE.keys().isdisjoint(targets)
    fused = bracket.fuse_files(sources, options.method, radiance=radiance, times=options.times)
    picture = pillow_files.fitting(fused.picture)
    metadata = _metadata(fused.metered, picture.shape[1::-1], len(sources), fused.used)
    lines = list(fused.remarks)
    if "picture" in targets:
        lost = image_files.write(targets["picture"], ImageFile(picture, metadata=metadata))
        lines += [f"{targets['picture']}: {line}" for line in lost]
    if not radiance or fused.radiance is None:
        return lines
    light, unit = _srgb_light(fused.radiance, metadata.profile), _unit(fused.metered)
    for kind, write in RADIANCE.items():
        if kind in targets:
            write(targets[kind], light, "\n".join(unit))
    return [*lines, unit[0]]


def _metadata(metered: Path, size: tuple[int, int], given: int, used: int) -> Metadata:
    """Return the metered frame's metadata for a picture that is fused; of profiles, one of RGB."""
    try:
        own = image_files.read_metadata(metered)
    except HdrkitError:
        own = Metadata()
    profile = colour_profiles.profile(own)
    kept = replace(own, profile=profile if colour_profiles.is_rgb(profile) else b"")
    return composite_metadata.composite(kept, size, given, used)


def _srgb_light(radiance: np.ndarray, profile: bytes) -> np.ndarray:
    """Return light of the primaries that a profile says as light of sRGB's."""
    to_srgb = colour_profiles.colours(profile).to_srgb
    return radiance if to_srgb is None else radiance @ to_srgb.T


def _unit(metered: Path) -> list[str]:
    """Return lines that say what the numbers of a radiance map are."""
    frame = os.fsencode(metered.name).decode(errors="replace")  # a name need not be UTF-8
    return [
        f"relative radiance, linear: {bracket.MIDDLE_GREY:.4g} is what {frame} encodes as 128 of 255,"
        " so that 1 is about its white",
        "primaries and white point of sRGB (ITU-R BT.709); no absolute unit is known",
    ]
