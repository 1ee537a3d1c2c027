"""Where downloads come from: data/downloads.toml, or a mirror of the same layout, or a folder that holds a copy."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import DATA

ADDRESSES = DATA / "downloads.toml"
KINDS: dict[str, dict[str, type]] = {  # what there is of each section
    "fairchild": dict.fromkeys(("root", "frames", "render", "exr", "terms"), str)
    | {"frames_bytes": int, "other_scenes": list},
    "polyhaven": dict.fromkeys(("root", "panoramas", "files", "page", "licence", "terms"), str),
}
SAFE = "/?=&%()'"  # what a path of the file of addresses may hold beside letters, digits and -._~


def read_addresses(what: str, root: str | None = None) -> dict[str, Any]:
    """Return the section `what` of data/downloads.toml; `root` takes the place of the one that it names.

    Raises HdrkitError where the file cannot be read, or lacks something, or where the root is neither http(s):// nor a
    folder.
    """
    try:
        section = tomllib.loads(ADDRESSES.read_text(encoding="utf-8"))[what]
        _check(section, KINDS[what])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise HdrkitError(f"{ADDRESSES}: cannot be read ({error}); restore it with `git checkout -- data`") from error
    root = section["root"] if root is None else root
    if not is_remote(root) and not Path(root).is_dir():
        raise HdrkitError(f"{root}: no such folder; name one, or an address that begins with http:// or https://")
    return section | {"root": root.rstrip("/") if is_remote(root) else root}


def _check(section: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
    """Raise one of many errors where a section lacks what is read of it, or where its texts cannot be filled in."""
    for name, kind in kinds.items():
        if not isinstance(section[name], kind) or (kind is list and not all(isinstance(v, str) for v in section[name])):
            raise TypeError(f"`{name}` is not what it should be")
        if kind is str and name != "terms":
            section[name].format(scene="", id="")


def is_remote(address: str) -> bool:
    """Tell whether an address is one of the network; others are paths of files."""
    return address.lower().startswith(("http://", "https://"))


def address_of(section: Mapping[str, Any], path: str, **names: str) -> str:
    """Return the address of a path below the section's root, `names` filled in; a file's path where that is a folder.

    >>> address_of({"root": "http://a.org", "exr": "EXRs/{scene}.exr"}, "exr", scene="The Narrows (1)")
    'http://a.org/EXRs/The%20Narrows%20(1).exr'
    """
    relative = section[path].format(**names)
    if is_remote(section["root"]):
        return f"{section['root']}/{quote(relative, safe=SAFE)}"
    return str(Path(section["root"]) / relative)
