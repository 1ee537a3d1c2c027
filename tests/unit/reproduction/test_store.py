"""Scores, numbers and tables have fixed columns and known keys, and come back as they were written."""

import json

import numpy as np
import pandas as pd
import pytest
from helpers.runs import scores

from hdrkit.core import learned_places, references
from hdrkit.core.errors import HdrkitError
from hdrkit.reproduction import store


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (scores(1.0).drop(columns="ssim"), "column `ssim` is missing"),
        (scores(1.0, method="publishd"), "unknown method `publishd`"),
        (scores(1.0).assign(frames="raw"), "unknown frames `raw`"),
        (scores(1.0, arithmetic="batch_pooled"), "unknown arithmetic `batch_pooled`"),
        (scores(1.0, arithmetic="batches_of_32"), "unknown arithmetic `batches_of_32`"),
    ],
)
def test_scores_with_other_columns_or_keys_are_refused(tmp_path, frame, message):
    with pytest.raises(HdrkitError, match=message):
        store.write_scores(tmp_path, "a", frame)
    assert not (tmp_path / "scores").exists()


def test_tables_have_fixed_columns(tmp_path):
    with pytest.raises(HdrkitError, match="table table1: columns must be survey, split"):
        store.write_table(tmp_path, "table1", pd.DataFrame({"split": ["train"]}))


def test_numbers_keep_their_names(tmp_path):
    store.write_numbers(tmp_path, "a", {"x": 1})
    store.write_numbers(tmp_path, "b", {"y": [2.5, 2.0, 3.0]})
    read = store.read_numbers(tmp_path)
    assert read["y"] == (2.5, 2.0, 3.0) and read["x"][0] == 1 and np.isnan(read["x"][1:]).all()
    assert json.loads((tmp_path / "scores" / "a.json").read_text(encoding="utf-8")) == {"x": 1}


def test_a_run_with_made_references_says_so_in_scores_and_tables(tmp_path):
    references.keep(tmp_path, "embedded", made=6, scenes=6)
    store.write_scores(tmp_path, "a", scores(1.0))
    store.write_table(
        tmp_path, "table1", pd.DataFrame([("embedded", "test", 1, 9, 126, 0)], columns=store.TABLES["table1"])
    )
    assert set(store.read_scores(tmp_path).reference) == {"local operator"}
    assert store.read_tables(tmp_path)["table1"].reference.tolist() == ["local operator"]
    assert "embedded (reference: local operator)" in (tmp_path / "tables" / "table1.md").read_text(encoding="utf-8")


def test_what_the_kits_network_has_learned_from_stands_in_its_rows(tmp_path):
    learned_places.keep(tmp_path, "mine", {"Hall"}, [("test", "Hall"), ("test", "Yard")])
    rows = pd.DataFrame(
        [{"survey": "mine", "method": name, "split": "test", "ev": 0.0} for name in ("input", "hdrkit")]
    )
    store.write_table(tmp_path, "by_ev", rows.reindex(columns=store.TABLES["by_ev"]))
    words = "has learned from 1 of these 2 places"
    assert store.read_tables(tmp_path)["by_ev"].learned.fillna("").tolist() == ["", words]
    assert f"hdrkit's network ({words})" in (tmp_path / "tables" / "by_ev.md").read_text(encoding="utf-8")
