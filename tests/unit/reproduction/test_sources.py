"""Every number of the ledger and of the findings has a row that says where it is found."""

import re

import pandas as pd

from hdrkit.core.files import DATA
from hdrkit.reproduction import claims
from hdrkit.reproduction.sources import KINDS, read_sources


def table(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_every_number_has_a_source_and_every_source_is_used():
    sources, ledger, findings = read_sources(), table(claims.LEDGER), table(claims.FINDINGS)
    explanations = " ".join([*findings["explanation"], *table(DATA / "reported" / "numbers.csv")["explanation"]])
    named = [
        *ledger["source"],
        *ledger["correct"],
        *findings[["published", "repaired", "difference"]].to_numpy().ravel(),
        *re.findall(r"{(.*?)}", explanations),
    ]
    assert {name for name in named if name} == set(sources)
    assert {source["kind"] for source in sources.values()} == {*KINDS, "study"}
