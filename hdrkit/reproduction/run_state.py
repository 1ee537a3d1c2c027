"""What a run remembers in its folder: which notebooks are done, what from, and how long each part took."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from hdrkit.core.files import stays_below, write_json


@dataclass
class Done:
    """A notebook that has run: the key of what it leaves, that of its page, and the digests of the files it wrote."""

    key: str
    page_key: str
    files: dict[str, str]

    def __post_init__(self) -> None:
        """Raise ValueError for files elsewhere: before it runs again, those of a notebook are removed."""
        if not all(map(stays_below, dict(self.files))):
            raise ValueError("not below the folder of the run")


@dataclass
class State:
    """survey_status: digest of names, sizes and times of the survey's files, for which `survey_sha256` is that of
    their contents. glossary: key of its page. notebooks: by file name. seconds: by part of the run.
    """

    survey_status: str = ""
    survey_sha256: str = ""
    glossary: str = ""
    notebooks: dict[str, Done] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_memory_mb: int = 0

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the state in a file; an empty one where it is missing, damaged or of another version.

        That only costs a rerun.
        """
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            done = {name: Done(**record) for name, record in stored.pop("notebooks").items()}
            seconds = {name: float(value) for name, value in stored.pop("seconds", {}).items()}
            peak_memory_mb = int(stored.pop("peak_memory_mb", 0))
            return cls(**stored, notebooks=done, seconds=seconds, peak_memory_mb=peak_memory_mb)
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls()

    def write(self, path: Path) -> None:
        """Write the state. Raises HdrkitError as `write_json` does."""
        write_json(path, asdict(self))
