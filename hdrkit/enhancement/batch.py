"""Enhance files: what `hdrkit enhance` does with names, folders, and what is already there."""

import os
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.progress_bar import bar
from hdrkit.enhancement import api, unseen
from hdrkit.enhancement.auto_strength import AUTO, Strength
from hdrkit.enhancement.file_names import REPLACE, Claims, Stems, find
from hdrkit.fusion import bracket
from hdrkit.images import colour_profiles, image_files, kinds, pillow_files, srgb
from hdrkit.images.composition import beside
from hdrkit.images.image_files import ImageFile
from hdrkit.images.metadata import Metadata

FURTHER = {"compare": "_compare.jpg", "confidence": "_confidence.png"}  # what options add, and how its name ends


@dataclass(frozen=True)
class EnhanceOptions:
    """How to enhance: strength as in `api.enhance`; compare, confidence write more pictures; force replaces files.

    debug: where a picture fails, the traceback is shown, too.
    """

    strength: Strength = AUTO
    compare: bool = False
    confidence: bool = False
    force: bool = False
    debug: bool = False


def enhance_files(names: Iterable[str | Path], out: str | Path, options: EnhanceOptions) -> list[Path]:
    """Enhance files, folders and globs into the folder `out`, under their own names; raw files become 16-bit TIFFs.

    What is there already is kept, so that the same call after an interruption makes the rest; a line on standard error
    says how many were kept. One bad file never stops the others: each gets its line there, too. Returns what was
    written. Raises HdrkitError at the end where any file failed, and at once where there is nothing to do.
    """
    sources, out = find(names, out), Path(out)
    written: list[Path] = []
    claims, stems, kept, failed = Claims(sources), Stems(sources, FURTHER.values()), 0, 0
    for source in (progress := bar(sources, "enhancing", unit="picture")):
        try:
            targets = _targets(source, out, options, stems)
            claims.claim(source, targets.values(), options.force)
            missing = {kind: target for kind, target in targets.items() if options.force or not os.path.exists(target)}
            if not missing and os.path.exists(source):
                kept += 1
                continue
            lost = _enhance_file(source, targets["enhanced"], missing, options.strength)
            written += missing.values()
            if lost >= unseen.NOTHING:
                why = f"nothing to recover: {lost:.0%} of it is clipped in all channels, or black"
                progress.write(f"hdrkit: {source}: {why}", file=sys.stderr)
        except Exception as error:  # from OpenCV, or for lack of memory: the others are still made
            failed += 1
            if options.debug:
                progress.write(traceback.format_exc(), file=sys.stderr)
            progress.write(f"hdrkit: {_line(source, error)}", file=sys.stderr)
    if kept:
        print(f"hdrkit: {kept} of {len(sources)} pictures were there already and kept; {REPLACE}", file=sys.stderr)
    if failed:
        raise HdrkitError(f"{failed} of {len(sources)} pictures could not be enhanced; the lines above say why")
    return written


def fuse_bracket(names: Iterable[str | Path], out: str | Path, method: str, force: bool = False) -> Path:
    """Fuse the frames of one scene into a JPEG in the folder `out`, named after the first frame and the method.

    A file that is there already is kept, which a line on standard error says, unless `force` replaces it. So do lines
    about frames that could not be used as they are. Raises HdrkitError as `bracket.fuse_files` does, and where a frame
    has this name.
    """
    sources = find(names, out)
    target = Path(out) / f"{sources[0].stem}_{method}.jpg"
    Claims(sources).claim(sources[0], [target], force)
    if target.exists() and not force:
        print(f"hdrkit: {target} was there already and kept; {REPLACE}", file=sys.stderr)
    else:
        for remark in fuse_into(target, sources, method):
            print(f"hdrkit: {remark}", file=sys.stderr)
    return target


def fuse_into(target: Path, sources: Sequence[Path], method: str) -> list[str]:
    """Fuse the frames of one scene into the file `target`, and return a line for each doubt.

    Raises HdrkitError as `bracket.fuse_files` does.
    """
    fused = bracket.fuse_files(sources, method)
    image_files.write(target, ImageFile(fused.picture, metadata=Metadata(profile=_rgb_profile(sources[0]))))
    return fused.remarks


def _rgb_profile(source: Path) -> bytes:
    """Return the profile that a frame's colours are of; empty for sRGB, as of a raw file, and where none is legible."""
    try:
        if kinds.kind(source) == "raw":  # decoded to sRGB
            return b""
        profile = colour_profiles.profile(image_files.read(source).metadata)
    except (HdrkitError, OSError):
        return b""
    return profile if colour_profiles.is_rgb(profile) else b""


def _targets(source: Path, out: Path, options: EnhanceOptions, stems: Stems) -> dict[str, Path]:
    endings = {"enhanced": image_files.suffix_for(source)}
    endings |= {kind: ending for kind, ending in FURTHER.items() if getattr(options, kind)}
    return {kind: out / stems.name(source, ending) for kind, ending in endings.items()}


def _enhance_file(source: Path, target: Path, missing: Mapping[str, Path], strength: Strength) -> float:
    """Write what is missing of a picture, the enhanced one first: `target`, which the others belong to.

    Returns the share of the picture that holds nothing.
    """
    picture = image_files.read(source)
    if "enhanced" in missing:
        image_files.write(target, replace(picture, pixels=_enhanced(source, picture, strength)))
    if "compare" in missing:
        before, after = image_files.upright(picture), image_files.upright(image_files.read(target))
        if before.shape != after.shape:
            raise HdrkitError(f"{target}: not {source} enhanced, it has another shape; {REPLACE}")
        _write_further(missing["compare"], _fitting(side_by_side(before, after)), picture)
    if "confidence" in missing:
        seen = np.rint(api.confidence(picture.pixels) * 255).astype(np.uint8)  # a map: no profile, no EXIF
        image_files.write(missing["confidence"], ImageFile(image_files.upright(replace(picture, pixels=seen))))
    return api.unseen_share(picture.pixels)


def _write_further(path: Path, pixels: np.ndarray, picture: ImageFile) -> None:
    """Write pixels that are made from a picture's, and are of its colours."""
    image_files.write(path, ImageFile(pixels, metadata=Metadata(profile=colour_profiles.profile(picture.metadata))))


def _fitting(pixels: np.ndarray) -> np.ndarray:
    """Return a picture, made smaller where a JPEG cannot be as long."""
    factor = min(1, pillow_files.LONGEST_EDGE / max(pixels.shape[:2]))
    if factor == 1:
        return pixels
    height, width = (max(1, int(edge * factor)) for edge in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)


def _enhanced(source: Path, picture: ImageFile, strength: Strength) -> np.ndarray:
    """Return a picture's pixels enhanced in the light that its own profile says, and encoded as they were."""
    own, pixels = colour_profiles.colours(colour_profiles.profile(picture.metadata)), picture.pixels
    try:
        if strength == 0 or own is colour_profiles.SRGB:
            return api.enhance(pixels, strength)
        to_srgb = own.to_srgb if pixels.ndim == 3 else None
        return own.from_srgb_curve(api.enhance(own.to_srgb_curve(pixels), strength, to_srgb), pixels.dtype)
    except HdrkitError as error:
        raise HdrkitError(f"{source}: {error}") from error


def _line(source: Path, error: Exception) -> str:
    """Return in one line which picture failed, and why."""
    words = " ".join(str(error).split())
    if isinstance(error, HdrkitError):
        return words
    if isinstance(error, MemoryError):
        return f"{source}: too large for the memory that is free; close other programs, or make it smaller"
    return f"{source}: {type(error).__name__}" + (f": {words}" if words else "")


def side_by_side(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return two pictures of one shape beside each other, 8 bits, with a thin white line between them."""
    return beside(_to_8_bits(before), _to_8_bits(after), gap=max(2, before.shape[1] // 200))


def _to_8_bits(image: np.ndarray) -> np.ndarray:
    return image if image.dtype == np.uint8 else np.rint(image * (255 / srgb.top(image))).astype(np.uint8)
