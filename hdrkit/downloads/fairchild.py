"""The HDR Photographic Survey (M. D. Fairchild, Color and Imaging Conference 2007), as `Survey` reads it.

What is in its folder::

    <folder>/checksums.csv                    every file with its size and SHA-256, and where it came from
    <folder>/HDRPS_Raws.zip                   the archive of all frames, as long as nobody deletes it
    <folder>/Ahwahnee Great Lounge/*.NEF      the frames of a scene
    <folder>/AhwahneeGreatLoungeRendered.jpg  its render
    <folder>/AhwahneeGreatLounge.exr          its radiance, on request

Where from: data/downloads.toml.
"""

import csv
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZipFile

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA
from hdrkit.core.folder_lock import only_run_in
from hdrkit.core.interruption import resumable
from hdrkit.core.long_lists import some
from hdrkit.core.progress_bar import bar
from hdrkit.core.scene_names import RENDER_ENDING, plain
from hdrkit.downloads import archives
from hdrkit.downloads.addresses import address_of, is_remote, read_addresses
from hdrkit.downloads.checksums import Checksums, in_words
from hdrkit.downloads.disk_room import check_room
from hdrkit.downloads.noted_files import fetch_and_note
from hdrkit.downloads.partial_files import PartialFile
from hdrkit.downloads.wanted import USUAL, MissingError, Patience, Wanted

FRAMES = (".nef", ".dng")
LEAST_FRAMES = 2  # of a bracket
LARGER = 2  # times as large as that of the survey's own site an archive of it may be


@resumable("finished files, and what there is of others, are kept")
def download(folder: str | Path, root: str | None = None, exr: bool = False, patience: Patience = USUAL) -> None:
    """Fetch the survey into `folder`, or what is missing of it, and print what there is in the end.

    root: an address or a folder that takes the place of the survey's own site. exr: fetch the radiance, too.
    A file that cannot be had is named, and no reason to stop.
    Raises HdrkitError where no scene is whole in the end, where a file is not what it was when it was first fetched,
    and where there is no room or no network.
    """
    folder, section = Path(folder), read_addresses("fairchild", root)
    with only_run_in(folder):
        table = Checksums(folder / "checksums.csv")
        if not table.rows:
            print(section["terms"].strip())
        table.verify("checking the survey")
        archive, pictures = _wanted(section, exr, stated=root is None)
        failures = _fetch(archive, pictures, table, patience)
        path = folder / archive.name if is_remote(archive.address) else Path(archive.address)
        if path.is_file() and archive.name not in table.changed:
            failures |= _unpack(path, archive, scenes(section), table)
        elif not is_remote(archive.address):
            failures[archive.name] = f"{path}: no such file"
        _report(scenes(section), table, failures)
        if table.changed:
            raise HdrkitError(in_words(table.changed, folder))


def scenes(section: Mapping[str, Any]) -> list[str]:
    """Return the names of all 105 scenes, as files of the survey are called."""
    with open(DATA / "fairchild" / "scenes.csv", newline="", encoding="utf-8") as stream:
        named = [row["render"].removesuffix(RENDER_ENDING) for row in csv.DictReader(stream)]
    return sorted({*named, *section["other_scenes"]})


def _wanted(section: Mapping[str, Any], exr: bool, stated: bool) -> tuple[Wanted, list[Wanted]]:
    """Return the archive of frames and all single pictures. The size of the archive is stated for one root only."""
    names = scenes(section)
    size = section["frames_bytes"] if stated else None
    most = LARGER * section["frames_bytes"]
    archive = Wanted(PurePosixPath(section["frames"]).name, address_of(section, "frames"), size, most=most)
    pictures = [Wanted(f"{name}{RENDER_ENDING}", address_of(section, "render", scene=name)) for name in names]
    if exr:
        pictures += [Wanted(f"{name}.exr", address_of(section, "exr", scene=name)) for name in names]
    return archive, pictures


def _fetch(archive: Wanted, pictures: list[Wanted], table: Checksums, patience: Patience) -> dict[str, str]:
    """Fetch what is missing; return, by name, why files could not be had. A copy of the archive is used in place."""
    wanted, failures = [], {}
    for file in [archive, *pictures] if is_remote(archive.address) else pictures:
        try:
            if not table.adopt(file) and file.name not in table.present:
                wanted.append(file)
        except MissingError as error:
            failures[file.name] = str(error)
    if archive in wanted:
        if _is_needed(archive, table):
            _check_room_of_all(archive, table)
        else:
            wanted.remove(archive)
    return failures | fetch_and_note(wanted, table, patience, "fetching the survey")


def _is_needed(archive: Wanted, table: Checksums) -> bool:
    """Tell whether frames are missing: none was unpacked yet, or one of them is gone."""
    frames = {name for name in table.rows if name.lower().endswith(FRAMES)}
    return archive.name not in table.rows or not frames or not frames <= table.present


def _check_room_of_all(archive: Wanted, table: Checksums) -> None:
    """Raise HdrkitError where the archive, and as much again for its frames, will not fit."""
    folder = table.path.parent
    there = sum(int(table.rows[name]["bytes"]) for name in table.intact if name.lower().endswith(FRAMES))
    missing = 2 * (archive.bytes or 0) - PartialFile(folder, archive.name).size - there
    check_room(folder, missing, "the archive of the survey and its frames")


def _unpack(path: Path, source: Wanted, names: list[str], table: Checksums) -> dict[str, str]:
    """Unpack the frames that are missing; return, by name, why some could not be.

    An archive that turns out to be damaged loses its row, so that another one may take its place.
    """
    try:
        with archives.opened(path) as archive:
            failures = _unpack_frames(archive, source, {plain(name) for name in names}, table)
    except ValueError as error:
        failures = {source.name: str(error)}
    if any(why.startswith("damaged") for why in failures.values()):
        failures[path.name] = f"damaged; delete {path} and run again to fetch it anew"
        if table.rows.pop(source.name, None):
            table.intact.discard(source.name)
            table.save()
    return failures


def _unpack_frames(archive: ZipFile, source: Wanted, known: set[str], table: Checksums) -> dict[str, str]:
    folder = table.path.parent
    members, refused = archives.members(archive, FRAMES)
    failures = {f"{source.name}, {name!r}": why for name, why in refused}
    missing = [m for m in members if plain(m.folder) in known and f"{m.folder}/{m.name}" not in table.present]
    check_room(folder, sum(member.bytes for member in missing), "the frames")
    for _, scene in groupby(bar(missing, "unpacking frames", unit="frame"), lambda member: member.folder):
        for member in scene:
            name, target = f"{member.folder}/{member.name}", folder / member.folder / member.name
            try:
                archives.unpack(archive, member, target)
                table.note(name, target, source.address)
            except (ValueError, MissingError) as error:
                failures[name] = str(error)
                target.unlink(missing_ok=True)
        table.save()
    return failures


def _report(names: list[str], table: Checksums, failures: Mapping[str, str]) -> None:
    """Print how many scenes are whole, and what is missing of each other. Raises HdrkitError where none is whole."""
    folder, present = table.path.parent, table.present
    frames = [plain(PurePosixPath(name).parent.name) for name in present if name.lower().endswith(FRAMES)]
    scenes_by_lack: dict[str, list[str]] = {}  # on a copy of part of the survey, most scenes lack the same
    for name in names:
        lacks = ["frames"] * (frames.count(plain(name)) < LEAST_FRAMES)
        lacks += ["render"] * (f"{name}{RENDER_ENDING}" not in present)
        if lacks:
            why = failures.get(f"{name}{RENDER_ENDING}")
            lack = f"no {' and no '.join(lacks)}" + (f" ({why})" if why else "")
            scenes_by_lack.setdefault(lack, []).append(name)
    lines = [f"  {some(lacking)}: {lack}" for lack, lacking in scenes_by_lack.items()]
    others = [f"  {name}: {why}" for name, why in failures.items() if not name.endswith(RENDER_ENDING)]
    whole = len(names) - sum(map(len, scenes_by_lack.values()))
    if not whole:
        raise HdrkitError(f"{folder}: no scene is whole; " + "; ".join(line.strip() for line in [*others, *lines][:1]))
    print(f"{folder}: {whole} of {len(names)} scenes are whole")
    print("\n".join([*lines, *others, f"look at them with: hdrkit survey {folder}"]))
