"""Judging answers: numbers, arrays, choices and functions, by tolerance, with a word on each known mistake.

A `Slip` is a mistake that students make: what it leads to, and what to say about it. It must not tell the answer.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hdrkit.exercises.calling import called
from hdrkit.exercises.exercise import NotYetError


@dataclass(frozen=True)
class Slip:
    """A known mistake: the value, or the function, that it leads to, and what to say."""

    wrong: object
    words: str


def number(answer: object, right: float, tolerance: float, slips: Sequence[Slip] = ()) -> float:
    """Return an answer as a float if it is the right number, give or take `tolerance`.

    Python's and NumPy's numbers are taken, and arrays of one element.
    """
    value = as_number(answer)
    if abs(value - right) <= tolerance:
        return value
    for slip in slips:
        if abs(value - float(slip.wrong)) <= tolerance:  # type: ignore[arg-type]
            raise NotYetError(slip.words)
    raise NotYetError(f"{value:g} is too {'large' if value > right else 'small'}.")


def as_number(answer: object) -> float:
    """Return an answer as a float, or say why it is no number."""
    if callable(answer):
        raise NotYetError("this is a function, not its result. Call it.")
    if isinstance(answer, str):
        raise NotYetError(f"a number is wanted, and {answer!r} is text.")
    values = _as_array(answer)
    if values.size != 1 or values.dtype == bool:
        raise NotYetError(f"one number is wanted, and this is {_described(answer)}.")
    value = float(values.reshape(()))
    if not np.isfinite(value):
        raise NotYetError(f"{value} is not a finite number. Is there a division by zero, or a logarithm of zero?")
    return value


def array(answer: object, right: ArrayLike, tolerance: float, slips: Sequence[Slip] = ()) -> None:
    """Accept an array that is right in shape and in all its elements, give or take `tolerance`.

    The tolerance is relative to the largest absolute value of the right array where that is above 1.
    """
    wanted = np.asarray(right, np.float64)
    values = _as_array(answer)
    if values.shape != wanted.shape:
        raise NotYetError(f"its shape is {values.shape}; {wanted.shape} is wanted.")
    values = values.astype(np.float64)
    if np.isnan(values).any():
        raise NotYetError("it holds NaN. Is there a division by zero, or a logarithm of less than zero?")
    if _near(values, wanted, tolerance):
        return
    for slip in slips:
        if _near(values, slip.wrong, tolerance):
            raise NotYetError(slip.words)
    off = np.abs(values - wanted) > tolerance
    place = tuple(int(i) for i in np.argwhere(off)[0])
    raise NotYetError(f"{off.mean():.0%} of its elements are off; the first is at {place}.")


def choice(answer: object, right: str, words: dict[str, str]) -> None:
    """Accept the letter of the right choice. `words` says something about each wrong one."""
    letters = sorted({right, *words})
    if not isinstance(answer, str) or not (letter := answer.strip(" .()\"'").lower()):
        raise NotYetError(f'answer with one of the letters {", ".join(letters)}, as text: "{letters[0]}".')
    if letter == right:
        return
    raise NotYetError(words.get(letter, f"{answer!r} is none of {', '.join(letters)}."))


def function(
    answer: object,
    cases: Sequence[tuple],
    right: Callable,
    tolerance: float = 1e-6,
    slips: Sequence[Slip] = (),
) -> None:
    """Accept a function that gives what `right` gives for each of `cases` (its arguments), give or take `tolerance`.

    The tolerance is relative to the largest absolute value of the right result where that is above 1.
    A slip's `wrong` is a function; a mistake is named where it explains all that the student's function returned.
    """
    if not callable(answer):
        raise NotYetError(f"a function is wanted, and this is {_described(answer)}. Give its name, without brackets.")
    results = [called(answer, *case) for case in cases]
    wanted = [right(*case) for case in cases]
    for result in results:
        _refuse_nothing(result, answer)
    if all(_same(*pair, tolerance) for pair in zip(results, wanted, strict=True)):
        return
    for slip in slips:
        explained = [slip.wrong(*case) for case in cases]  # type: ignore[operator]
        if all(_same(*pair, tolerance) for pair in zip(results, explained, strict=True)):
            raise NotYetError(slip.words)
    _say_what_is_off(answer, cases, results, wanted, tolerance)


def _say_what_is_off(answer: object, cases: Sequence[tuple], results: list, wanted: list, tolerance: float) -> None:
    for case, result, target in zip(cases, results, wanted, strict=True):
        if _same(result, target, tolerance):
            continue
        given = ", ".join(_described(argument) for argument in case)
        got, expected = _as_array(result), _as_array(target)
        if got.shape != expected.shape:
            raise NotYetError(f"for {given} it returns shape {got.shape}; {expected.shape} is wanted.")
        if got.size == 1:
            raise NotYetError(f"for {given} it returns {got.reshape(()):.6g}, which is off.")
        raise NotYetError(f"for {given} it returns an array of the right shape with wrong values.")


def _refuse_nothing(result: object, answer: object) -> None:
    name = getattr(answer, "__name__", "your function")
    if result is None or result is Ellipsis:
        raise NotYetError(f"{name} returns nothing yet. Does it end in `return`?")
    if inspect.isgenerator(result):
        raise NotYetError(f"{name} returns a generator; use `return`, not `yield`.")


def _same(result: object, wanted: object, tolerance: float) -> bool:
    return _near(_as_array(result), wanted, tolerance)


def _near(values: np.ndarray, wanted: object, tolerance: float) -> bool:
    """Tell whether two arrays have one shape and nearly equal numbers; equal infinities are near."""
    target = np.asarray(wanted, np.float64)
    if values.shape != target.shape:
        return values.size == target.size == 1 and _near(values.reshape(()), target.reshape(()), tolerance)
    finite = target[np.isfinite(target)]
    scale = max(1.0, np.abs(finite).max()) if finite.size else 1.0
    return bool(np.allclose(values.astype(np.float64), target, rtol=0, atol=tolerance * scale))


def _as_array(answer: object) -> np.ndarray:
    """Return an answer as an array of numbers, or say why that cannot be. Tensors are taken, too."""
    try:
        values = np.asarray(answer)
    except Exception:  # whatever an object of the student's raises
        raise NotYetError(f"numbers are wanted, and this is {_described(answer)}.") from None
    if values.dtype.kind not in "fiub":
        raise NotYetError(f"numbers are wanted, and this is {_described(answer)}.")
    return values


def _described(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}, {value.dtype}"
    if isinstance(value, int | float | np.number):
        return f"{value:g}"
    if isinstance(value, str):
        return f"the text {value!r}"
    return f"a {type(value).__name__}"
