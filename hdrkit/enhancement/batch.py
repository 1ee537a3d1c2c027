"""Enhance files: what `hdrkit enhance` does with names, folders, and what is already there."""

import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hdrkit.core.errors import HdrkitError, in_one_line, printable
from hdrkit.core.progress_bar import bar, waiting
from hdrkit.enhancement import api, unseen
from hdrkit.enhancement.auto_strength import AUTO, Strength
from hdrkit.enhancement.file_names import REPLACE, Claims, Stems, find
from hdrkit.images import colour_profiles, image_files, pillow_files, srgb
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
            with waiting(source.name):
                remarks = _enhance_file(source, targets["enhanced"], missing, options.strength)
            written += missing.values()
            for remark in remarks:
                progress.write(f"hdrkit: {printable(f'{source}: {remark}')}", file=sys.stderr)
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


def _targets(source: Path, out: Path, options: EnhanceOptions, stems: Stems) -> dict[str, Path]:
    endings = {"enhanced": image_files.suffix_for(source)}
    endings |= {kind: ending for kind, ending in FURTHER.items() if getattr(options, kind)}
    return {kind: out / stems.name(source, ending) for kind, ending in endings.items()}


def _enhance_file(source: Path, target: Path, missing: Mapping[str, Path], strength: Strength) -> list[str]:
    """Write what is missing of a picture, the enhanced one first: `target`, which the others belong to.

    Returns what there is to say of it, a line each.
    """
    picture, remarks = image_files.read(source), []
    if "enhanced" in missing:
        remarks = image_files.write(target, replace(picture, pixels=_enhanced(source, picture, strength)))
    if "compare" in missing:
        before, after = image_files.upright(picture), image_files.upright(image_files.read(target))
        if before.shape != after.shape:
            raise HdrkitError(f"{target}: not {source} enhanced, it has another shape; {REPLACE}")
        _write_further(missing["compare"], pillow_files.fitting(side_by_side(before, after)), picture)
    if "confidence" in missing:
        seen = np.rint(api.confidence(picture.pixels) * 255).astype(np.uint8)  # a map: no profile, no EXIF
        image_files.write(missing["confidence"], ImageFile(image_files.upright(replace(picture, pixels=seen))))
    if (lost := api.unseen_share(picture.pixels)) >= unseen.NOTHING:
        remarks.append(f"nothing to recover: {lost:.0%} of it is clipped in all channels, or black")
    return remarks


def _write_further(path: Path, pixels: np.ndarray, picture: ImageFile) -> None:
    """Write pixels that are made from a picture's, and are of its colours."""
    image_files.write(path, ImageFile(pixels, metadata=Metadata(profile=colour_profiles.profile(picture.metadata))))


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
    if isinstance(error, HdrkitError):
        return in_one_line(error)
    if isinstance(error, MemoryError):
        return printable(f"{source}: too large for the memory that is free; close other programs, or make it smaller")
    return printable(f"{source}: {in_one_line(error)}")


def side_by_side(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return two pictures of one shape beside each other, 8 bits, with a thin white line between them."""
    return beside(_to_8_bits(before), _to_8_bits(after), gap=max(2, before.shape[1] // 200))


def _to_8_bits(image: np.ndarray) -> np.ndarray:
    return image if image.dtype == np.uint8 else np.rint(image * (255 / srgb.top(image))).astype(np.uint8)
