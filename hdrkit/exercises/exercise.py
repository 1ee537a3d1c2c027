"""What an exercise is, and where those of each notebook are found."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from hdrkit.core.errors import HdrkitError

PREFIX = "notebook_"  # of the modules that hold the exercises of one notebook each


class NotYetError(HdrkitError):
    """An answer that is not right: what is off, and where to look, but never the answer."""


class NotHereError(HdrkitError):
    """An exercise that the data at hand cannot answer: what they lack."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `number` is its notebook's number and its own, as in "04.2".

    `judge(answer, ...)` returns what there is to say about a right answer, and raises NotYetError for any other, and
    NotHereError where the data that it is given have no answer.
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
    notebooks = [name.removeprefix(PREFIX) for name in _modules()]
    return {number: one for notebook in notebooks for number, one in of_notebook(notebook).items()}


def of_notebook(notebook: str) -> dict[str, Exercise]:
    """Return the exercises of one notebook, given by its number such as "04", in their order; none, if it has none.

    What judges them is imported here: no notebook waits for what another one needs.
    """
    if f"{PREFIX}{notebook}" in _modules():
        import_module(f"hdrkit.exercises.{PREFIX}{notebook}")
    chosen = [number for number in _exercises if number.startswith(f"{notebook}.")]
    return {number: _exercises[number] for number in sorted(chosen, key=lambda number: int(number.split(".")[1]))}


def find(number: str) -> Exercise:
    """Return an exercise; raise HdrkitError for a number that there is not."""
    known = of_notebook(str(number).partition(".")[0])
    if number not in known:
        raise HdrkitError(f"there is no exercise {number!r}; their numbers are {', '.join(known or all_exercises())}")
    return known[number]


def _modules() -> list[str]:
    package = import_module("hdrkit.exercises")
    return sorted(module.name for module in iter_modules(package.__path__) if module.name.startswith(PREFIX))
