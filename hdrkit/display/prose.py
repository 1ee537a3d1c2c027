"""Sentences of a notebook that state a result: written from this run's numbers, or checked against them.

A number that a run could change is not typed into a text. Either the text is made when the notebook runs (`say`), or
it stands beside a check (`claim`), in a cell that readers do not see. A sentence that does not hold is marked where
it stands; the runner lists it, and fails if the run is the one that the text was written for.

A sentence that judges what the report says names the rows of the claims ledger that it speaks of, with the verdict that
it stands for. The ledger is made after the notebooks; then the runner holds the two against each other.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from hdrkit.core.files import write_json

FOLDER = "sentences"  # in the folder of a run's results


class Prose:
    """The checked sentences of one notebook, `name` without suffix; kept in <out>/sentences/<name>.json."""

    def __init__(self, out: str | Path, name: str):
        self.path = Path(out) / FOLDER / f"{name}.json"
        self.sentences: dict[str, dict] = {}
        self._keep()

    def say(self, text: str) -> None:
        """Show a text in Markdown, without HTML, made from this run's numbers."""
        from IPython.display import Markdown, display

        display(Markdown(without_html(text)))

    def claim(self, sentence: str, condition: bool, /, **verdicts: str) -> None:
        """Note whether a sentence of the text holds in this run; where it does not, say so to the reader.

        `verdicts`: what the claims ledger has to say where the sentence holds, by the ids of its rows, as in
        `ecc="reproduced"`.
        """
        self.sentences[sentence] = {"holds": bool(condition), "verdicts": verdicts}
        self._keep()
        if not condition:
            self.say(f"> **Not so in this run:** the text says “{sentence}”")  # a quotation, as it may deny something

    def _keep(self) -> None:
        write_json(self.path, self.sentences)


def without_html(markdown: str) -> str:
    """Return Markdown in which what looks like HTML is text: it may hold names of scenes or files.

    >>> without_html("less: 1 < 2, *a scene*: <b>")
    'less: 1 < 2, *a scene*: &lt;b>'
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", markdown)


def false_sentences(out: str | Path, ledger: Mapping[str, str]) -> list[str]:
    """Return the sentences that do not hold in a run, each behind the name of its notebook.

    `ledger`: the run's verdicts by the ids of the rows. A sentence that holds and stands for another verdict is listed,
    too, with both.
    """
    return [
        f"{path.stem}: {wrong}"
        for path in sorted((Path(out) / FOLDER).glob("*.json"))
        for sentence, about in json.loads(path.read_text(encoding="utf-8")).items()
        for wrong in _wrong(sentence, about, ledger)
    ]


def _wrong(sentence: str, about: Mapping, ledger: Mapping[str, str]) -> Iterator[str]:
    if not about["holds"]:
        yield sentence
        return
    for row, verdict in about["verdicts"].items():
        if ledger.get(row) != verdict:
            yield f"{sentence} (which stands for “{verdict}”; the ledger's row `{row}`: “{ledger.get(row, 'none')}”)"
