"""Damaged tables and records, of studies, runs and claims: read, or named in one line."""

import json

import pytest
from helpers.fuzzing import damaged, drawn, only_documented_errors
from helpers.runs import FACTS, write_results
from helpers.studies import table_of
from hypothesis import given

from hdrkit.ablations import analysis
from hdrkit.core import tables
from hdrkit.core.errors import HdrkitError
from hdrkit.reproduction import claims, sources, store
from hdrkit.reproduction.run_state import State
from hdrkit.reproduction.sources import Run


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_a_damaged_study(tmp_path, suffix):
    table = table_of("loss", {"a": 0, "b": 1}, seeds=2, scenes=3)[[*analysis.KEYS, *analysis.MEASURES]]
    facts = {"study": "loss", "settings": {"a": "A", "b": "B"}, "seeds": 2, "profile": "quick", "survey": "embedded"}
    table.to_csv(tmp_path / "loss.csv", index=False)
    (tmp_path / "loss.json").write_text(json.dumps(facts), encoding="utf-8")
    path = tmp_path / f"loss{suffix}"

    @drawn(40)
    @given(damaged(path.read_bytes()))
    def read(data):
        path.write_bytes(data)
        with only_documented_errors():
            found, _ = analysis.read("loss", tmp_path)
            for measure in ("psnr_db", "checkerboard", "train_psnr_db"):
                assert analysis.summary(found, measure, resamples=20)["mean"].dtype.kind == "f"

    read()


@pytest.mark.parametrize("name", ["04_input.csv", "05_model.json"])
def test_damaged_scores_of_a_run(tmp_path, name):
    write_results(tmp_path)
    path = tmp_path / "scores" / name

    @drawn(40)
    @given(damaged(path.read_bytes()))
    def read(data):
        path.write_bytes(data)
        with only_documented_errors():
            store.read_scores(tmp_path)
        with only_documented_errors():
            store.read_numbers(tmp_path)

    read()


@pytest.mark.parametrize("name", ["LEDGER", "FINDINGS", "SOURCES", "READINGS"])
def test_a_damaged_ledger(tmp_path, monkeypatch, name):
    module = claims if name in ("LEDGER", "FINDINGS") else sources
    original = getattr(module, name)
    path = tmp_path / original.name
    monkeypatch.setattr(module, name, path)
    run = Run(store.tables_in(tmp_path), {}, FACTS, tmp_path)

    @drawn(10)
    @given(damaged(original.read_bytes()))
    def judge(data):
        path.write_bytes(data)
        with only_documented_errors():
            claims.ledger(run)
        with only_documented_errors():
            claims.findings(run)

    judge()


@drawn(60)
@given(damaged(json.dumps({"notebooks": {"a": {"key": "k", "page_key": "p", "files": {}}}, "seconds": {}}).encode()))
def test_a_damaged_state_of_a_run(tmp_path, data):
    path = tmp_path / ".state.json"
    path.write_bytes(data)
    State.read(path)


def test_any_changed_byte_of_a_sealed_table_is_named(tmp_path):
    path = tmp_path / "cell.csv"
    table = table_of("loss", {"a": 0}, seeds=1, scenes=2)
    tables.write_sealed(path, table)
    assert tables.read_sealed(path).equals(table)
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(HdrkitError, match="cell.csv: altered since it was written"):
            tables.read_sealed(path)


@pytest.mark.parametrize("files", [{"../mine.txt": "a"}, {"figures/../../mine.txt": "a"}, {"/mine.txt": "a"}, ["a"], 5])
def test_a_state_of_files_elsewhere_is_none(tmp_path, files):
    """They would be removed before their notebook runs again."""
    path = tmp_path / ".state.json"
    path.write_text(json.dumps({"notebooks": {"a": {"key": "k", "page_key": "p", "files": files}}}), encoding="utf-8")
    assert State.read(path) == State()


@pytest.mark.parametrize(
    "text", ['{"notebooks": {}, "seconds": [1]}', '{"notebooks": {}, "peak_memory_mb": "x"}', "[" * 99999]
)
def test_a_state_of_other_types_is_none(tmp_path, text):
    (tmp_path / ".state.json").write_text(text, encoding="utf-8")
    assert State.read(tmp_path / ".state.json") == State()
