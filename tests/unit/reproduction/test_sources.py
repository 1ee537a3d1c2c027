"""Every number of the ledger and of the findings has a row that says where it is found."""

import json
import re

import pandas as pd
import pytest
from helpers.studies import table_of

from hdrkit.core.files import DATA
from hdrkit.reproduction import claims, store
from hdrkit.reproduction.sources import KINDS, Run, find, read_sources


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
    assert {source["kind"] for source in sources.values()} == {*KINDS, "study", "reading"}


@pytest.fixture
def kept(tmp_path):
    """Return a function that keeps a study with known effects, and a run that looks into it."""

    def keep(name, effects, change=lambda table: table):
        change(table_of(name, effects)).to_csv(tmp_path / f"{name}.csv", index=False)
        facts = {"seeds": 3, "settings": {one: one for one in effects}, "survey": "embedded", "profile": "quick"}
        (tmp_path / f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")
        return Run(store.read_tables(tmp_path), {}, {"survey": "embedded", "profile": "quick"}, tmp_path)

    return keep


def study(name, setting, versus):
    return {"kind": "study", "study": name, "setting": setting, "versus": versus, "measure": "psnr_db"}


def test_a_difference_of_one_seed_is_in_doubt(kept):
    def only_the_second(table):
        table.loc[(table.setting == "b") & (table.seed == 2), "psnr_db"] += 3
        return table

    run = kept("x", {"a": 0, "b": 0, "c": 2}, only_the_second)
    assert find(study("x", "b", "a"), run)[0].doubt
    assert not find(study("x", "c", "a"), run)[0].doubt


def test_a_trend_needs_all_settings(kept):
    run = kept("x", {"few": 0, "more": 1, "most": 2, "up": 0, "down": -2, "again": 0})
    assert find(study("x", "few more most", ""), run)[0].value == pytest.approx(1, abs=0.1)
    flat = find(study("x", "up down again", ""), run)[0]
    assert flat.low < 0 < flat.high


def test_a_reading_stands_under_its_own_name(kept):
    found, made = find(read_sources()["report_highest_test_db"], kept("x", {"a": 0}))
    assert (found.value, made["profile"]) == (16.86, "reading")
