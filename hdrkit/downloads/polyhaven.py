"""CC0 panoramas of Poly Haven, one of each place, through its public API (https://api.polyhaven.com).

    <folder>/manifest.csv     each panorama with its id, place, author, licence, address and SHA-256
    <folder>/<id>.hdr         1024 x 512 pixels, as the panoramas of the kit itself

`hdrkit train --panoramas` and `hdrkit capture --panoramas` take the folder as it is. The columns `place`, `kind` and
`light_kelvin` are what data/places.csv says of the kit's own places.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from hdrkit.core.errors import HdrkitError
from hdrkit.core.folder_lock import only_run_in
from hdrkit.core.interruption import resumable
from hdrkit.downloads.addresses import address_of, is_remote, read_addresses
from hdrkit.downloads.checksums import Checksums, in_words, one_line
from hdrkit.downloads.noted_files import fetch_and_note
from hdrkit.downloads.partial_files import PartialFile
from hdrkit.downloads.places import by_place, stem
from hdrkit.downloads.several_files import fetch_all
from hdrkit.downloads.wanted import USUAL, MissingError, Patience, Wanted

COLUMNS = ("id", "place", "name", "kind", "light_kelvin", "author", "licence", "page")
ANSWER = 2**24  # bytes at most of what the API answers; the list of all its panoramas has a tenth
MOST = 10_000  # panoramas of such a list; there are some hundred
RESOLUTION, KIND = "1k", "hdr"  # Radiance files: their channels are always red, green and blue

ID = re.compile(r"\w[\w-]{0,99}", re.ASCII)  # of a panorama: part of addresses and names of files
Assets = Mapping[str, Mapping[str, Any]]


@resumable("finished panoramas, and what there is of others, are kept")
def download(folder: str | Path, count: int, root: str | None = None, patience: Patience = USUAL) -> None:
    """Fetch panoramas of `count` places into `folder`, or those that are missing of them, and print what there is.

    The places that were published first come first, so that a larger `count` adds to a smaller one.
    root: an address that takes the place of Poly Haven's API.
    Raises HdrkitError where there is no panorama in the end, where one is not what it was when it was first fetched,
    and where there is no room, no network, or an answer that is none of this API.
    """
    folder, section = Path(folder), read_addresses("polyhaven", root)
    with only_run_in(folder):
        table = Checksums(folder / "manifest.csv", COLUMNS)
        if not table.rows:
            print(section["terms"].strip())
        table.verify("checking the panoramas")
        failures: dict[str, str] = {}
        if len(table.present) < count:
            failures = _fetch_places(table, count, section, patience)
        _report(table, count, failures)
        if table.changed:
            raise HdrkitError(in_words(table.changed, folder))


def _fetch_places(table: Checksums, count: int, section: Mapping[str, Any], patience: Patience) -> dict[str, str]:
    """Fetch one panorama of each place until there are enough; return, by name, why some could not be had."""
    assets = _assets(table, section, patience)
    known = {stem(Path(name).stem) for name in table.present}
    lacking = (group[0] for group in by_place(assets) if not known & {stem(asset) for asset in group})
    failures: dict[str, str] = {}

    def about(name: str) -> dict[str, str]:
        return _about(Path(name).stem, assets[Path(name).stem], section)

    while batch := list(islice(lacking, max(count - len(table.present), 0))):
        panoramas, without = _panoramas(batch, table, section, patience)
        failures |= without | fetch_and_note(panoramas, table, patience, "fetching panoramas", about)
    return failures


def _assets(table: Checksums, section: Mapping[str, Any], patience: Patience) -> Assets:
    """Return what Poly Haven says of its panoramas, by id; without skies, which show no place."""
    wanted = Wanted("assets.json", address_of(section, "panoramas"), most=ANSWER)
    for _, answer in _answers([wanted], table.path.parent, patience, "asking for the list of panoramas"):
        if isinstance(answer, MissingError):
            raise HdrkitError(f"{wanted.address}: no list of panoramas ({answer}); try later")
        if len(answer) > MOST:
            raise HdrkitError(f"{wanted.address}: a list of {len(answer)} panoramas, more than {MOST}; try later")
        named = {asset: about for asset, about in answer.items() if ID.fullmatch(asset)}
        return {asset: about for asset, about in named.items() if isinstance(about, dict) and not _is_sky(asset, about)}
    return {}


def _is_sky(asset: str, about: Mapping[str, Any]) -> bool:
    return asset.endswith("_puresky") or about.get("category") == "Pure Skies"


def _panoramas(
    batch: list[str], table: Checksums, section: Mapping[str, Any], patience: Patience
) -> tuple[list[Wanted], dict[str, str]]:
    """Return the files of panoramas, with size and MD5 as the API states them; and, by name, why there is none."""
    lists = [Wanted(f"{asset}.json", address_of(section, "files", id=asset), most=ANSWER) for asset in batch]
    found, failures = [], {}
    for file, answer in _answers(lists, table.path.parent, patience, "asking for files"):
        name = f"{Path(file.name).stem}.{KIND}"
        try:
            if isinstance(answer, MissingError):
                raise answer
            stated = answer["hdri"][RESOLUTION][KIND]
            if not is_remote(stated["url"]):
                raise ValueError
            found.append(Wanted(name, stated["url"], int(stated["size"]), str(stated["md5"])))
        except MissingError as error:
            failures[name] = str(error)
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
            failures[name] = f"the API names no {RESOLUTION} file of the kind {KIND}"
    return found, failures


def _answers(
    wanted: list[Wanted], folder: Path, patience: Patience, what: str
) -> Iterator[tuple[Wanted, dict[str, Any] | MissingError]]:
    """Yield what the API answers, or why it does not. Answers are not kept: the next run asks again."""
    for file, outcome in fetch_all(wanted, folder, patience, what):
        if isinstance(outcome, PartialFile):
            try:
                answer = json.loads(outcome.path.read_text(encoding="utf-8"))
                yield file, answer if isinstance(answer, dict) else MissingError("the answer is no list")
            except (ValueError, RecursionError):
                yield file, MissingError("the answer is no JSON")
            finally:
                outcome.discard()
        else:
            yield file, outcome


def _about(asset: str, stated: Mapping[str, Any], section: Mapping[str, Any]) -> dict[str, str]:
    """Return the row of a panorama: what the API states, as texts of one line."""
    authors, kelvin = stated.get("authors"), stated.get("whitebalance")
    return one_line(
        {
            "id": asset,
            "place": stem(asset),
            "name": stated.get("name") or asset,
            "kind": _kind(stated),
            "light_kelvin": kelvin if isinstance(kelvin, int) else "",
            "author": ", ".join(authors) if isinstance(authors, dict) else "",
            "licence": section["licence"],
            "page": section["page"].format(id=asset),
        }
    )


def _kind(stated: Mapping[str, Any]) -> str:
    """Return `indoor`, `urban` or `nature`, the kinds of data/places.csv."""
    categories, attributes = stated.get("categories"), stated.get("attributes")
    words = list(categories) if isinstance(categories, list) else []
    if isinstance(attributes, dict):
        words.append(attributes.get("environment"))
    return next((kind for kind in ("indoor", "urban") if kind in words), "nature")


def _report(table: Checksums, count: int, failures: Mapping[str, str]) -> None:
    folder, there = table.path.parent, len(table.present)
    lines = [f"  {name}: {why}" for name, why in failures.items()]
    if not there:
        raise HdrkitError(f"{folder}: no panorama could be had; " + "; ".join(line.strip() for line in lines[:1]))
    few = f", {count} were asked for" if there < count else ""
    print(f"{folder}: panoramas of {there} places{few}; {table.path.name} names their authors")
    lines.append(f"photograph them with: hdrkit capture --panoramas {folder}")
    print("\n".join([*lines, f"learn from them with: hdrkit train --panoramas {folder}"]))
