"""What a check found."""

from dataclasses import dataclass

OK = "ok"
NOTE = "note"  # nothing is wrong; something that not everybody needs is not here
WARNING = "warn"  # the kit works, but worse than it could
BAD = "BAD"  # something that the kit needs is missing or damaged


@dataclass(frozen=True)
class Check:
    """One thing looked at: its state, what was found and, unless the state is OK, what to do about it."""

    name: str
    state: str
    found: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.state:4}  {self.name:10} {'; '.join(filter(None, [self.found, self.advice]))}"
