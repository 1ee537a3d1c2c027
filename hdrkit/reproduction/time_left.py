"""About how long the rest of a run takes: by how long it took before, at the pace of this run."""

from collections.abc import Iterable, Mapping

from hdrkit.jupyter.status_line import Place


class TimeLeft:
    """The notebooks of a run that are still to come, and the seconds that each is expected to take.

    names: all notebooks of the run, in their order. expected: seconds by name, of those that will run; None where
    nobody knows.
    """

    def __init__(self, names: Iterable[str], expected: Mapping[str, float | None]) -> None:
        self.names, self.expected = list(names), dict(expected)
        self._spent = self._foreseen = 0.0

    def place(self, name: str) -> Place:
        """Return where a notebook that begins now stands in the run."""
        others = [seconds for other, seconds in self.expected.items() if other > name]
        known = [seconds for seconds in others if seconds is not None]
        after = self._pace() * sum(known) if len(known) == len(others) else None
        own = self.expected.get(name)
        return Place(self.names.index(name) + 1, len(self.names), own and self._pace() * own, after)

    def done(self, name: str, seconds: float) -> None:
        """Note how long a notebook took."""
        if expected := self.expected.pop(name, None):
            self._spent += seconds
            self._foreseen += expected

    def _pace(self) -> float:
        """Return how much longer than expected the notebooks of this run have taken."""
        return self._spent / self._foreseen if self._foreseen else 1.0
