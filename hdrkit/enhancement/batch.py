"""Enhance files: what `hdrkit enhance` does with names, folders, and what is already there."""

import glob
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.progress_bar import bar
from hdrkit.enhancement import api, bilateral_slicing, unseen
from hdrkit.enhancement.auto_strength import AUTO, Strength
from hdrkit.fusion import bracket
from hdrkit.images import image_files, raw
from hdrkit.images.composition import beside
from hdrkit.images.image_files import ImageFile

REPLACE = "--force replaces what is there"


@dataclass(frozen=True)
class EnhanceOptions:
    """How to enhance: strength as in `api.enhance`; compare, confidence write more pictures; force replaces files."""

    strength: Strength = AUTO
    compare: bool = False
    confidence: bool = False
    force: bool = False


def enhance_files(names: Iterable[str | Path], out: str | Path, options: EnhanceOptions) -> list[Path]:
    """Enhance files, folders and globs into the folder `out`, under their own names; raw files become 16-bit TIFFs.

    What is there already is kept, so that the same call after an interruption makes the rest; a line on standard error
    says how many were kept. One bad file never stops the others: each gets its line there, too. Returns what was
    written. Raises HdrkitError at the end where any file failed, and at once where there is nothing to do.
    """
    sources, out = find(names, out), Path(out)
    written: list[Path] = []
    claims, kept, failed = _Claims(sources), 0, 0
    for source in (progress := bar(sources, "enhancing", unit="picture")):
        try:
            targets = _targets(source, out, options)
            claims.claim(source, targets.values(), options.force)
            missing = {kind: target for kind, target in targets.items() if options.force or not target.exists()}
            if not missing and source.exists():
                kept += 1
                continue
            lost = _enhance_file(source, targets["enhanced"], missing, options.strength)
            written += missing.values()
            if lost >= unseen.NOTHING:
                why = f"nothing to recover: {lost:.0%} of it is clipped in all channels, or black"
                progress.write(f"hdrkit: {source}: {why}", file=sys.stderr)
        except Exception as error:  # from OpenCV, or for lack of memory: the others are still made
            failed += 1
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
    _Claims(sources).claim(sources[0], [target], force)
    if target.exists() and not force:
        print(f"hdrkit: {target} was there already and kept; {REPLACE}", file=sys.stderr)
    else:
        fused = bracket.fuse_files(sources, method)
        for remark in fused.remarks:
            print(f"hdrkit: {remark}", file=sys.stderr)
        image_files.write(target, ImageFile(fused.picture))
    return target


def find(names: Iterable[str | Path], out: str | Path) -> list[Path]:
    """Return the files that names mean: files as they are, pictures in folders, matches of globs, each once.

    Folders and globs may also find what an earlier call left in the folder `out`: where there are other pictures, those
    are left out, and a line on standard error says so. Raises HdrkitError where a name means nothing.
    """
    named: set[Path] = set()
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        if path.is_dir():
            meant = [p for p in sorted(path.iterdir()) if p.suffix.lower() in image_files.SUFFIXES and p.name[0] != "."]
        elif path.exists() or not glob.has_magic(str(name)):
            meant = [path]
            named.add(path)
        else:
            meant = [Path(match) for match in sorted(glob.glob(str(name), recursive=True))]
        if not meant:
            raise HdrkitError(f"{name}: no picture there; name files, folders or globs")
        found |= dict.fromkeys(meant)
    others = [path for path in found if path in named or path.parent.resolve() != Path(out).resolve()]
    if not others:
        return list(found)
    if results := len(found) - len(others):
        print(f"hdrkit: {results} pictures in {out} itself are taken for results, not enhanced again", file=sys.stderr)
    return others


class _Claims:
    """The files that a call reads and writes: none is written for two pictures, or over another's source."""

    def __init__(self, sources: Iterable[Path]):
        self.taken: dict[str, list[Path]] = defaultdict(list)
        self._take(sources)

    def claim(self, source: Path, targets: Collection[Path], force: bool) -> None:
        """Take files for a picture; raises HdrkitError where another has one, or, but by force, it is itself one."""
        for target in targets:
            if target.resolve() == source.resolve():
                if not force:
                    raise HdrkitError(f"{source}: lies in --out itself; choose another folder, or {REPLACE}")
            elif any(_same(target, other) for other in self.taken[_key(target)]):
                raise HdrkitError(f"{source}: {target} is another picture of this call; give it a call of its own")
        self._take(targets)

    def _take(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.taken[_key(path)].append(path)


def _key(path: Path) -> str:
    """Return what is equal for paths that some disk takes for one file."""
    return str(path.resolve()).casefold()


def _same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)  # also by another case, where the disk does not tell them apart
    return one.resolve() == other.resolve()


def _targets(source: Path, out: Path, options: EnhanceOptions) -> dict[str, Path]:
    suffix = ".tif" if raw.is_raw(source) else source.suffix
    targets = {"enhanced": out / f"{source.stem}{suffix}"}
    if options.compare:
        targets["compare"] = out / f"{source.stem}_compare.jpg"
    if options.confidence:
        targets["confidence"] = out / f"{source.stem}_confidence.png"
    return targets


def _enhance_file(source: Path, target: Path, missing: Mapping[str, Path], strength: Strength) -> float:
    """Write what is missing of a picture, the enhanced one first: `target`, which the others belong to.

    Returns the share of the picture that holds nothing.
    """
    picture = image_files.read(source)
    if "enhanced" in missing:
        image_files.write(target, replace(picture, pixels=_enhanced(source, picture.pixels, strength)))
    if "compare" in missing:
        before, after = image_files.upright(picture), image_files.upright(image_files.read(target))
        if before.shape != after.shape:
            raise HdrkitError(f"{target}: not {source} enhanced, it has another shape; {REPLACE}")
        image_files.write(missing["compare"], ImageFile(side_by_side(before, after)))
    if "confidence" in missing:
        seen = np.rint(api.confidence(picture.pixels) * 255).astype(np.uint8)
        image_files.write(missing["confidence"], ImageFile(image_files.upright(replace(picture, pixels=seen))))
    return api.unseen_share(picture.pixels)


def _enhanced(source: Path, pixels: np.ndarray, strength: Strength) -> np.ndarray:
    try:
        return api.enhance(pixels, strength)
    except HdrkitError as error:
        raise HdrkitError(f"{source}: {error}") from error


def _line(source: Path, error: Exception) -> str:
    """Return in one line which picture failed, and why."""
    words = " ".join(str(error).split())
    if isinstance(error, HdrkitError):
        return words
    return f"{source}: {type(error).__name__}" + (f": {words}" if words else "")


def side_by_side(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return two pictures of one shape beside each other, 8 bits, with a thin white line between them."""
    return beside(_to_8_bits(before), _to_8_bits(after), gap=max(2, before.shape[1] // 200))


def _to_8_bits(image: np.ndarray) -> np.ndarray:
    return image if image.dtype == np.uint8 else np.rint(image * (255 / bilateral_slicing.top(image))).astype(np.uint8)
