"""The files that a call of `hdrkit enhance` reads and writes, of any name that a disk allows."""

import glob
import os
import sys
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from hdrkit.core.errors import HdrkitError, printable
from hdrkit.core.files import LONGEST_NAME
from hdrkit.core.long_lists import some
from hdrkit.images import image_files

REPLACE = "--force replaces what is there"


def find(names: Iterable[str | Path], out: str | Path) -> list[Path]:
    """Return the files that names mean: files as they are, pictures in folders, matches of globs, each once.

    Folders and globs may also find what an earlier call left in the folder `out`: where there are other pictures, those
    are left out, and a line on standard error says so. Raises HdrkitError where a name means nothing.
    """
    named: set[Path] = set()
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        if os.path.isdir(path):
            meant = _pictures_in(path, Path(out))
        elif os.path.exists(path) or not glob.has_magic(str(name)):
            meant = [path]
            named.add(path)
        else:
            meant = [Path(match) for match in sorted(glob.glob(str(name), recursive=True))]
        if not meant:
            raise HdrkitError(f"{name}: no picture there; name files, folders or globs")
        found |= dict.fromkeys(meant)
    others = [path for path in found if path in named or _real(path.parent) != _real(out)]
    if not others:
        return list(found)
    if results := len(found) - len(others):
        print(f"hdrkit: {results} pictures in {out} itself are taken for results, not enhanced again", file=sys.stderr)
    return others


def _pictures_in(folder: Path, out: Path) -> list[Path]:
    """Return the pictures of a folder, and say on standard error what else is there, but for `out` and hidden files.

    A folder that may not be read stands for itself: to read it as a picture fails, with a line, and the others go on.
    """
    try:
        inside = sorted(path for path in folder.iterdir() if path.name[0] != ".")
    except OSError:
        return [folder]
    pictures = [path for path in inside if _is_picture(path)]
    if skipped := [path.name for path in inside if path not in pictures and _real(path) != _real(out)]:
        print(f"hdrkit: {printable(f'{folder}: no pictures that are read here: {some(skipped)}')}", file=sys.stderr)
    return pictures


def _is_picture(path: Path) -> bool:
    if os.path.isdir(path) or (os.path.exists(path) and not os.path.isfile(path)):  # to open a pipe would wait for ever
        return False
    try:
        return image_files.is_picture(path)
    except OSError:  # may not be read, or is a link to nothing; that it is skipped is said
        return False


def _real(path: str | Path) -> str:
    return os.path.realpath(path)  # unlike `Path.resolve`, it bears links in circles


class Claims:
    """The files that a call reads and writes: none is written for two pictures, or over another's source."""

    def __init__(self, sources: Iterable[Path]):
        self.taken: dict[str, list[Path]] = defaultdict(list)
        self._take(sources)

    def claim(self, source: Path, targets: Collection[Path], force: bool) -> None:
        """Take files for a picture; raises HdrkitError where another has one, or, but by force, it is itself one."""
        for target in targets:
            if _real(target) == _real(source):
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
    return unicodedata.normalize("NFC", _real(path)).casefold()


def _same(one: Path, other: Path) -> bool:
    if os.path.exists(one) and os.path.exists(other):
        return one.samefile(other)  # also by another case, where the disk does not tell them apart
    return _real(one) == _real(other)


class Stems:
    """What results are called: by the stems of their sources, or by whole names where two would be called the same.

    So are those of a raw file and the JPEG beside it, of IMG_1.HEIC and IMG_1.JPG.
    """

    def __init__(self, sources: Iterable[Path], further: Collection[str]):
        self.names: dict[tuple[str, str], set[str]] = defaultdict(set)
        for source in sources:
            for ending in (image_files.suffix_for(source), *further):
                self.names[_fold(source.stem, ending)].add(source.name.casefold())

    def name(self, source: Path, ending: str) -> str:
        """Return the name of a file that is made from a source and ends in this way."""
        alone = len(self.names[_fold(source.stem, ending)]) < 2
        return name(source.stem if alone or ending == source.suffix else source.name, ending)


def _fold(stem: str, ending: str) -> tuple[str, str]:
    return stem.casefold(), ending.casefold()


def name(stem: str, ending: str) -> str:
    """Return a file's name, its stem cut where the whole would be longer than disks allow.

    What is cut off stands there as a digest, so that long names that end differently stay different.
    """
    if len(os.fsencode(stem + ending)) > LONGEST_NAME:
        ending = f"~{zlib.crc32(os.fsencode(stem)):08x}{ending}"
    while len(os.fsencode(stem + ending)) > LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending
