"""Quizzes: a few questions at the end of a notebook, which say at once why an answer is right or not.

The library jupyterquiz shows them. Where scripts are taken out, as on GitHub, the same questions stand in plain HTML.
"""

import json
from html import escape
from pathlib import Path

from IPython.display import HTML
from IPython.utils.capture import capture_output
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jupyterquiz import display_quiz

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import PACKAGE

# Not below `PACKAGE`, which would make every notebook depend on all quizzes: `run_keys` names the one of each.
QUIZZES = Path(__file__).parent / "quizzes"
TEMPLATES = PACKAGE / "exercises" / "templates"
WIDTH = 720  # the largest, in pixels
# Each text stands on a ground of its own, on light and dark pages, with a contrast of at least 4.5 (WCAG 2.2, AA).
COLOURS = {
    "--jq-multiple-choice-bg": "#1f3a5f",
    "--jq-mc-button-bg": "#ffffff",
    "--jq-mc-button-border": "#767676",
    "--jq-incorrect-color": "#b3261e",
    "--jq-correct-color": "#00703c",
    "--jq-text-color": "#ffffff",
}


def quiz(number: str) -> HTML:
    """Return the quiz of a notebook, given by its number such as "04", to be shown in a notebook.

    Raises HdrkitError for a number without a quiz.
    """
    questions = read(number)
    for answer in (answer for question in questions for answer in question["answers"]):
        answer["feedback"] = f"{'✓' if answer['correct'] else '✗'} {answer['feedback']}"  # not by colour alone
    with capture_output() as shown:  # the library shows an element that is never closed, then its script
        display_quiz(_as_html(questions), shuffle_answers=False, max_width=WIDTH, colors=COLOURS)
    frame, script = (output.data for output in shown.outputs)
    page = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    parts = {"frame": frame["text/html"], "script": script["application/javascript"]}
    return HTML(page.get_template("quiz.html.j2").render(parts, questions=questions))


def read(number: str) -> list[dict]:
    """Return the questions of a notebook's quiz: {question, type, answers: [{answer, correct, feedback}]}, plain text.

    Raises HdrkitError for a number without a quiz.
    """
    known = numbers()
    if number not in known:
        raise HdrkitError(f"there is no quiz {number!r}; there are {', '.join(known)}")
    return json.loads((QUIZZES / f"{number}.json").read_text(encoding="utf-8"))


def numbers() -> list[str]:
    """Return the numbers of the notebooks that have a quiz, in their order."""
    return sorted(path.stem for path in QUIZZES.glob("*.json"))


def _as_html(questions: list[dict]) -> list[dict]:
    """Return questions whose texts are HTML, as the library takes them: in JSON, only texts hold what is escaped."""
    return json.loads(escape(json.dumps(questions), quote=False))
