"""Sentences of the notebooks that judge what the report says stand for the verdicts of the claims ledger.

`prose.claim("The sentence.", condition, row="verdict")` names the rows that a sentence speaks of. Here they are held
against the kept run, for which the text is written; every run holds its own ledger against them, too.
"""

import ast
from collections.abc import Iterator

import pandas as pd
import pytest

from hdrkit.core.files import RESULTS
from hdrkit.jupyter.course import cells_of, course_notebooks
from hdrkit.reproduction import claims

VERDICTS = pd.read_csv(RESULTS / "quick" / "claims.csv").set_index("id").verdict
LEDGER = pd.read_csv(claims.LEDGER, keep_default_na=False).set_index("id")


def stood_for(path) -> Iterator[tuple[str, str, str]]:
    """Yield sentence, row and verdict of each claim of a notebook that names rows of the ledger."""
    for kind, source in cells_of(path):
        for node in ast.walk(ast.parse(source)) if kind == "code" else ():
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "claim":
                for keyword in node.keywords:
                    yield ast.unparse(node.args[0]), keyword.arg, ast.literal_eval(keyword.value)


STOOD_FOR = [(path.stem, *found) for path in course_notebooks() for found in stood_for(path)]


@pytest.mark.parametrize(("notebook", "sentence", "row", "verdict"), STOOD_FOR)
def test_a_sentence_stands_for_the_verdict_of_the_ledger(notebook, sentence, row, verdict):
    assert verdict in claims.VERDICTS
    assert VERDICTS[row] == verdict, f"{notebook}: {sentence}"


def test_each_row_that_a_rule_decides_has_a_sentence_in_the_notebook_of_its_evidence():
    """Notebook 9 writes the verdicts of its rows from the ledger itself."""
    decided = LEDGER[(LEDGER.rule != "untestable") & (LEDGER.notebook != "09_ablations")]
    named = {(row, notebook) for notebook, _, row, _ in STOOD_FOR}
    assert sorted(set(decided.notebook.items()) - named) == []
