"""What an exercise is, and where those of each notebook are found."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from hdrkit.core.errors import HdrkitError

PREFIX = "notebook_"  # of the modules that hold the exercises of one notebook each


class NotYetError(HdrkitError):
    """An answer that is not right: what is off, and where to look, but never the answer."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `number` is its notebook's number and its own, as in "04.2".

    `judge(answer, ...)` returns what there is to say about a right answer, and raises NotYetError for any other.
    """

    number: str
    title: str
    judge: Callable[..., str]
    points: int = 1


_exercises: dict[str, Exercise] = {}


def exercise(number: str, title: str, points: int = 1) -> Callable:
    """Make a function the judge of an exercise."""

    def register(judge: Callable[..., str]) -> Callable[..., str]:
        _exercises[number] = Exercise(number, title, judge, points)
        return judge

    return register


def all_exercises() -> dict[str, Exercise]:
    """Return all exercises by number, in their order."""
    package = import_module("hdrkit.exercises")
    for module in iter_modules(package.__path__):
        if module.name.startswith(PREFIX):
            import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_exercises.items()))


def find(number: str) -> Exercise:
    """Return an exercise; raise HdrkitError for a number that there is not."""
    known = all_exercises()
    if number not in known:
        raise HdrkitError(f"there is no exercise {number!r}; their numbers are {', '.join(known)}")
    return known[number]
