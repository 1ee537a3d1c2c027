"""Tables as CSV files: read, or refused in one line; and, in caches, sealed, so that a changed byte shows."""

import hashlib
import io
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hdrkit.core.errors import HdrkitError, in_one_line
from hdrkit.core.files import written_whole

SEAL = "# sha256 "  # starts the last line of a sealed table, which says what all lines before it have


def read(
    path: str | Path,
    mend: str,
    columns: Collection[str] = (),
    numbers: Collection[str] = (),
    spare: Collection[str] = (),
    **options: Any,
) -> pd.DataFrame:
    """Return a table; `options` are those of `pandas.read_csv`.

    Raises HdrkitError, which ends in `mend`, where the file is no table, lacks one of `columns` or `numbers`, or has
    something else than numbers in one of `numbers`, or of `spare`, which may be missing. Raises OSError where the file
    cannot be opened.
    """
    table = _parsed(path, Path(path).read_bytes(), mend, options)
    if missing := [name for name in (*columns, *numbers) if name not in table]:
        raise HdrkitError(f"{path}: the column `{missing[0]}` is missing; {mend}")
    if wrong := [name for name in (*numbers, *spare) if name in table and table[name].dtype.kind not in "iuf"]:
        raise HdrkitError(f"{path}: not only numbers in the column `{wrong[0]}`; {mend}")
    return table


def write_sealed(path: str | Path, table: pd.DataFrame) -> None:
    """Write a table whose last line seals it. Raises HdrkitError as `written_whole` does."""
    text = table.to_csv(index=False, lineterminator="\n").encode()
    with written_whole(path) as temporary:
        temporary.write_bytes(text + _seal(text))


def read_sealed(path: str | Path) -> pd.DataFrame:
    """Return a table of `write_sealed`, every number as it was. Raises HdrkitError where a byte of it has changed."""
    content, mend = Path(path).read_bytes(), "remove it, then run the same command again"
    text = content[: content.rfind(SEAL.encode())]
    if content != text + _seal(text):
        raise HdrkitError(f"{path}: altered since it was written; {mend}")
    return _parsed(path, text, mend, {"float_precision": "round_trip"})


def _seal(text: bytes) -> bytes:
    return f"{SEAL}{hashlib.sha256(text).hexdigest()}\n".encode()


def _parsed(path: str | Path, content: bytes, mend: str, options: Mapping[str, Any]) -> pd.DataFrame:
    try:
        return pd.read_csv(io.BytesIO(content), **options)
    except (ValueError, OverflowError, MemoryError, RecursionError) as error:  # the first also of pandas itself
        raise HdrkitError(f"{path}: cannot be read as a table ({in_one_line(error)}); {mend}") from error
