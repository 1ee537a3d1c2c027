"""Enhance files: what `hdrkit enhance` does with names, folders, and what is already there."""

import glob
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hdrkit import bracket, enhancement, pictures, raw, slicing
from hdrkit.bars import bar
from hdrkit.errors import HdrkitError
from hdrkit.pictures import Picture


@dataclass(frozen=True)
class Wishes:
    """How to enhance: strength 0 ... 1; compare and confidence write further pictures; force replaces files."""

    strength: float = 1.0
    compare: bool = False
    confidence: bool = False
    force: bool = False


def enhance_files(names: Iterable[str | Path], out: str | Path, wishes: Wishes) -> list[Path]:
    """Enhance files, folders and globs into the folder `out`, under their own names; raw files become 16-bit TIFFs.

    One bad file never stops the rest: each gets its line on standard error. Returns what was written.
    Raises HdrkitError at the end where any file failed, and at once where there is nothing to do.
    """
    sources, out = find(names), Path(out)
    taken, written, failed = {source.resolve() for source in sources}, [], 0
    for source in (progress := bar(sources, "enhancing", unit="picture")):
        try:
            targets = _targets(source, out, wishes, taken)
            _enhance_file(source, targets, wishes)
            written += targets.values()
            taken |= {target.resolve() for target in targets.values()}
        except HdrkitError as error:
            failed += 1
            progress.write(f"hdrkit: {' '.join(str(error).split())}", file=sys.stderr)
    if failed:
        raise HdrkitError(f"{failed} of {len(sources)} pictures could not be enhanced; the lines above say why")
    return written


def fuse_bracket(names: Iterable[str | Path], out: str | Path, method: str, wishes: Wishes) -> Path:
    """Fuse the frames of one scene into a JPEG in the folder `out`, named after the first frame and the method.

    Raises HdrkitError as `bracket.fuse_files` does, and where the file exists already.
    """
    sources = find(names)
    target = Path(out) / f"{sources[0].stem}_{method}.jpg"
    _refuse(target, {source.resolve() for source in sources}, wishes)
    pictures.write(target, Picture(bracket.fuse_files(sources, method)))
    return target


def find(names: Iterable[str | Path]) -> list[Path]:
    """Return the files that names mean: files as they are, pictures in folders, matches of globs, each once.

    Raises HdrkitError where a name means nothing.
    """
    found = {}
    for name in names:
        path = Path(name)
        if path.is_dir():
            meant = [p for p in sorted(path.iterdir()) if p.suffix.lower() in pictures.SUFFIXES and p.name[0] != "."]
        elif path.exists() or not glob.has_magic(str(name)):
            meant = [path]
        else:
            meant = [Path(match) for match in sorted(glob.glob(str(name), recursive=True))]
        if not meant:
            raise HdrkitError(f"{name}: no picture there; name files, folders or globs")
        found |= dict.fromkeys(meant)
    return list(found)


def _targets(source: Path, out: Path, wishes: Wishes, taken: set[Path]) -> dict[str, Path]:
    suffix = ".tif" if raw.is_raw(source) else source.suffix
    targets = {"enhanced": out / f"{source.stem}{suffix}"}
    if wishes.compare:
        targets["compare"] = out / f"{source.stem}_compare.jpg"
    if wishes.confidence:
        targets["confidence"] = out / f"{source.stem}_confidence.png"
    for target in targets.values():
        _refuse(target, taken - {source.resolve()}, wishes)
    return targets


def _refuse(target: Path, taken: set[Path], wishes: Wishes) -> None:
    """Refuse to write over another picture of the same run and, but by force, over anything."""
    if target.resolve() in taken:
        raise HdrkitError(f"{target}: another picture of this run has this name; give it a run of its own")
    if target.exists() and not wishes.force:
        raise HdrkitError(f"{target}: exists already and was kept; --force replaces it")


def _enhance_file(source: Path, targets: dict[str, Path], wishes: Wishes) -> None:
    picture = pictures.read(source)
    try:
        enhanced = enhancement.enhance(picture.pixels, wishes.strength)
    except HdrkitError as error:
        raise HdrkitError(f"{source}: {error}") from error
    if "compare" in targets:
        after = replace(picture, pixels=enhanced)
        pictures.write(targets["compare"], Picture(side_by_side(pictures.upright(picture), pictures.upright(after))))
    if "confidence" in targets:
        seen = np.rint(enhancement.confidence(picture.pixels) * 255).astype(np.uint8)
        pictures.write(targets["confidence"], Picture(pictures.upright(replace(picture, pixels=seen))))
    pictures.write(targets["enhanced"], replace(picture, pixels=enhanced))


def side_by_side(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return two pictures of one shape beside each other, 8 bits, with a thin white line between them."""
    line = np.full((len(before), max(2, before.shape[1] // 200), *before.shape[2:]), 255, np.uint8)
    return np.hstack([_to_8_bits(before), line, _to_8_bits(after)])


def _to_8_bits(image: np.ndarray) -> np.ndarray:
    return image if image.dtype == np.uint8 else np.rint(image * (255 / slicing.top(image))).astype(np.uint8)
