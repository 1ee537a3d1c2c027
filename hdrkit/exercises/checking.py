"""Checking an answer: what students call."""

import textwrap

import numpy as np

from hdrkit.exercises import progress
from hdrkit.exercises.exercise import NotHereError, NotYetError, find


def check(number: str, answer: object, **given: object) -> None:
    """Say that an answer to an exercise is right, and keep it in the student's progress.

    `given`: what the judge needs from the notebook beside the answer, such as the data that it was computed from.
    Raises NotYetError, whose sentence says what is off and where to look; in a notebook it is shown without a
    traceback, and the cell counts as failed. Where the data have no answer, as in a survey of one scene, it says so and
    counts nothing. Raises HdrkitError for an exercise that there is not.
    """
    asked = find(number)
    if answer is None or answer is Ellipsis:  # no try yet
        raise NotYetError(
            f"{number}, not yet: no answer yet. Put yours in the place of the dots, run that cell, then this one."
        )
    try:
        with np.errstate(all="ignore"):
            praise = asked.judge(answer, **given)
    except NotHereError as reason:
        _print(f"{number} has no answer on these data: {reason}")
        return
    except NotYetError as error:
        progress.note(number, right=False)
        raise NotYetError(f"{number}, not yet: {error}") from None
    progress.note(number, right=True)
    _print(f"{number}, right. {praise}")


def _print(text: str) -> None:
    """Print a text in lines that JupyterLab need not break, which it does inside words."""
    for line in text.splitlines():
        print(textwrap.fill(line, 100))
